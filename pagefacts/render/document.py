"""HTML pages with all that they need inside, which ask the network for nothing.

Text of pages is data from strangers: it is escaped (`pagefacts.render.markup`), and the Content-Security-Policy of the
page runs no script and applies no style but its own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from string import Template
from typing import Final

from pagefacts.render.markup import Markup, join

_RESOURCES: Final = files("pagefacts") / "resources"


def document(name: str, title: str, main: Iterable[Markup], **parts: Markup) -> Iterator[str]:
    """Yield the page whose body, style and script (if any) stand in ``resources/NAME``, with ``parts`` filled in.

    ``main`` may be long: it is handed on part by part.
    """
    style = _resource("page", "base.css") + _resource(name, "style.css")
    script = _resource(name, "script.js") if (_RESOURCES / name / "script.js").is_file() else ""
    template = _resource("page", "shell.html").replace("$body", _resource(name, "body.html"))
    before, after = (
        Template(half).substitute(
            parts,
            title=join(title),
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
        )
        for half in template.split("$main")
    )
    yield before
    yield from main
    yield after


def _hash(text: str) -> str:
    """Return the source expression of an inline script or style (Content Security Policy Level 3)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _resource(folder: str, name: str) -> str:
    return (_RESOURCES / folder / name).read_text("utf-8")
