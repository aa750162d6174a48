"""The parts of the index; callers use knowledge.index."""
