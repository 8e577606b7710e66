"""MkDocs hooks: a file of the repository that a page links to is a page of the site as well.

So each link that holds on the forge holds in the site, which needs no other host and is read offline, too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = "repository/"
"""Where the pages of files outside ``docs/`` are in the site."""
_LANGUAGES: Final = {".json": "json", ".lua": "lua", ".mjs": "js", ".py": "python", ".toml": "toml", ".yml": "yaml"}
_LINK: Final = re.compile(r"(?<=\]\()(?![a-z]+:)([^)\s#]+)(?=(?:#[^)\s]*)?\))")
"""The path of a relative link or image of Markdown, without its anchor."""


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add a page for each file outside ``docs/`` that is linked to, and for those that these link to in turn."""
    waiting = list(files.documentation_pages())
    while waiting:
        source = waiting.pop()
        for target in _targets(source.content_string, source.src_uri):
            page = _site_path(target)
            if not target.startswith("docs/") and (ROOT / target).exists() and files.get_file_from_path(page) is None:
                files.append(file := File.generated(config, page, content=_content(target)))
                waiting.append(file)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point links where their files are in the site."""
    source = page.file.src_uri

    def moved(link: re.Match[str]) -> str:
        target = _site_path(_resolved(link[0], source))
        return posixpath.relpath(target, posixpath.dirname(source) or ".")

    return _LINK.sub(moved, markdown) if _is_prose(source) else markdown


def _targets(markdown: str, source: str) -> Iterator[str]:
    """Yield the paths, in the repository, of what a page links to."""
    if _is_prose(source):
        yield from (_resolved(link[0], source) for link in _LINK.finditer(markdown))


def _is_prose(source: str) -> bool:
    return not source.startswith(FOLDER) or source == FOLDER + _in_repository(source)


def _in_repository(source: str) -> str:
    """Return where the text of a page lies in the repository; a listing or a source has ``.md`` after its name."""
    if not source.startswith(FOLDER):
        return f"docs/{source}"
    path = source.removeprefix(FOLDER)
    return path if (ROOT / path).is_file() else path.removesuffix(".md")


def _resolved(link: str, source: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(_in_repository(source)), link))


def _site_path(path: str) -> str:
    """Return where the file or folder ``path`` of the repository is in the site's sources."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if (ROOT / path / "README.md").is_file():
        path = f"{path}/README.md"
    return f"{FOLDER}{path}" if path.endswith(".md") else f"{FOLDER}{path}.md"


def _content(path: str) -> str:
    """Return the page of a file or folder outside ``docs/``: Markdown as it is, else its text in a fence."""
    place = ROOT / path
    if place.is_dir():
        readme = place / "README.md"
        if readme.is_file():
            return readme.read_text(encoding="utf-8")
        names = sorted(entry.name + "/" * entry.is_dir() for entry in place.iterdir() if entry.name != "__pycache__")
        return _fenced(path, "text", "\n".join(names))
    text = place.read_text(encoding="utf-8")
    return text if path.endswith(".md") else _fenced(path, _LANGUAGES.get(place.suffix, "text"), text)


def _fenced(title: str, language: str, text: str) -> str:
    return f"# {title}\n\n``````{language}\n{text}\n``````\n"
