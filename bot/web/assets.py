"""The files of the page, read once. Their address holds a hash of all of them, so a browser may keep them."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PAGES = Path(__file__).resolve().parent.parent / "pages"
_MEDIA_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """`version` changes with any file of the page."""

    version: str
    files: dict[str, Asset]
    chat: str
    worker: str
    _templates: Environment

    @classmethod
    def read(cls) -> Assets:
        paths = sorted((PAGES / "static").iterdir())
        files = {path.name: Asset(path.read_bytes(), _media_type(path)) for path in paths}
        templates = Environment(
            loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        version = _hash([*paths, PAGES / "chat.html", PAGES / "worker.js"])
        static = f"/static/{version}"
        modules = [name for name in files if name.endswith(".js") and name != "app.js"]
        return cls(
            version=version,
            files=files,
            chat=templates.get_template("chat.html").render(static=static, modules=modules),
            worker=templates.get_template("worker.js").render(
                static=static, files=list(files), version=version
            ),
            _templates=templates,
        )

    def note(self, *, title: str, text: str, action: str = "", link: str = "", label: str = "") -> str:
        """A page with a sentence, and a button that posts to `action` or a link."""
        return self.render("note.html", title=title, text=text, action=action, link=link, label=label)

    def render(self, template: str, **fields: Any) -> str:
        """A page of its own; every field that the template names has to be given."""
        return self._templates.get_template(template).render(static=f"/static/{self.version}", **fields)


def _media_type(path: Path) -> str:
    guessed = _MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return guessed or "application/octet-stream"


def _hash(paths: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:12]
