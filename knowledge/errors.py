"""What can go wrong in the library; every message says where, what, and what to do."""


class KnowledgeError(Exception):
    """Root of all errors of this package."""


class ReadingError(KnowledgeError):
    """A file cannot be read: unknown format, encrypted, empty, without text, too large, broken."""


class CatalogueError(KnowledgeError):
    """catalogue.toml is malformed or names a file that does not exist."""


class CorrectionError(KnowledgeError):
    """A correction's printed text does not stand in the source."""


class LexiconError(KnowledgeError):
    """lexicon.toml is malformed."""


class EmptyQueryError(KnowledgeError):
    """Nothing searchable is left of a query after normalisation."""


class IndexStateError(KnowledgeError):
    """The index on disk is missing, damaged, or of another version."""
