"""Readers of the annotated sets: each turns a file or folder into documents, a job with what its answer should say.

A text is sent as ``body``, which pagefacts takes verbatim, so that the offsets of the gold are offsets into the
article; a page is sent as its bytes.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from lxml import etree
from scores import Figure, FiguresWanted, Name, NamesWanted, Page, Timex, Toponym

from pagefacts.contracts import Job

Gold = TypeVar("Gold")

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DEFAULT_EFFECTS: Final = ("killed", "injured")
_LABELS: Final = {
    "PER": "PER",
    "Person": "PER",
    "person": "PER",
    "LOC": "LOC",
    "Location": "LOC",
    "Facility": "LOC",
    "place": "LOC",
    "ORG": "ORG",
    "Organization": "ORG",
    "Organisation": "ORG",
    "organization": "ORG",
}
"""The sets' names of the labels scored; their other labels are left out."""
_TOPONYM_TYPES: Final = frozenset({"Literal", "Mixed", "Coercion"})
"""Toponyms that mean the place itself, after Gritta, Pilehvar & Collier (2020)."""
_SENTENCES: Final = 60
"""Sentences of a document at most, where a file does not say where its documents end."""


class UnreadableSet(ValueError):
    """A set is in another format than its place in the folder says."""


@dataclass(frozen=True, slots=True)
class Document(Generic[Gold]):
    """One text or page, and what its annotators found in it."""

    job: Job
    gold: Gold


# Casualties


def read_casualties(path: Path) -> Iterator[Document[FiguresWanted]]:
    """Read a file of one JSON object a line: ``text``, ``gold``, ``scored_types?``, ``published?``."""
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        day = item.get("published") or item.get("event_date") or ""
        job = Job(id=item["id"], body=item["text"], published=day if _DAY.fullmatch(day) else None)
        effects = frozenset(item.get("scored_types") or _DEFAULT_EFFECTS)
        yield Document(job, FiguresWanted(tuple(map(_figure, item["gold"])), effects))


def _figure(item: Mapping[str, Any]) -> Figure:
    return Figure(item["type"], item["min"], item["max"], optional=bool(item.get("optional")))


# Entities


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    prefix: str
    """``B``, ``I``, ``E``, ``S``, or ``O`` outside all names."""
    label: str


_Sentence = list[_Token]
_OUTSIDE: Final = _Token("", "O", "")


def read_entities(folder: Path) -> Iterator[Document[NamesWanted]]:
    """Read a folder of files of one token a line with its tag last (IOB, IOB2 or IOBES), sentences parted by blanks."""
    for path in sorted(each for each in folder.rglob("*") if each.suffix in {".txt", ".tsv", ".conll"}):
        if path.name.startswith(("LICENSE", "README")):
            continue
        for number, sentences in enumerate(_documents(path)):
            name = f"{path.parent.name}-{path.name}-{number}"
            gold = _names(sentences)
            yield Document(Job(id=name, body=gold.text), gold)


def _documents(path: Path) -> Iterator[list[_Sentence]]:
    """Yield the documents of a file, each as its sentences; a long one is cut after `_SENTENCES`."""
    document: list[_Sentence] = []
    for starts_document, sentence in _sentences(path):
        if document and (starts_document or len(document) >= _SENTENCES):
            yield document
            document = []
        if sentence:
            document.append(sentence)
    if document:
        yield document


def _sentences(path: Path) -> Iterator[tuple[bool, _Sentence]]:
    """Yield the sentences of a file, each with whether a document starts at it."""
    starts = False
    sentence: _Sentence = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        marker = line.startswith("-DOCSTART-")
        if marker or not line.strip():
            if sentence:
                yield starts, sentence
            starts, sentence = marker or (starts and not sentence), []
        elif (token := _token(line)) is not None:
            sentence.append(token)
    if sentence:
        yield starts, sentence


def _token(line: str) -> _Token | None:
    columns = line.split("\t") if "\t" in line else line.split()
    if len(columns) < 2:
        return None
    prefix, dash, label = columns[-1].partition("-")
    if not dash and prefix != "O":
        raise UnreadableSet(f"its tag {prefix!r} is none of IOB")
    return _Token(columns[0], prefix, label)


def _names(sentences: Iterable[_Sentence]) -> NamesWanted:
    """Set the tokens with one blank between them, the sentences on lines of their own; collect the names."""
    lines: list[str] = []
    names: set[Name] = set()
    start = 0
    for sentence in sentences:
        names.update(_names_of_sentence(sentence, start))
        lines.append("".join(f"{token.text} " for token in sentence) + "\n")
        start += len(lines[-1])
    return NamesWanted("".join(lines), frozenset(names))


def _names_of_sentence(sentence: _Sentence, start: int) -> Iterator[Name]:
    """Yield the names of a sentence that begins at ``start``, those with a label that is scored."""
    at = end = start
    begin, label = -1, ""
    for token in [*sentence, _OUTSIDE]:
        if begin >= 0 and (token.prefix in "OBS" or token.label != label):
            if label in _LABELS:
                yield Name(begin, end, _LABELS[label])
            begin = -1
        if begin < 0 and token.prefix != "O":
            begin, label = at, token.label
        end = at + len(token.text)
        at = end + 1


# Dates


def read_dates(folder: Path) -> Iterator[Document[tuple[Timex, ...]]]:
    """Read a folder of TimeML files; the document creation time becomes the date of publication."""
    for path in sorted(folder.rglob("*.tml")):
        root = _xml(path)
        created = root.find(".//DCT/TIMEX3")
        body = root.find("TEXT")
        if created is None or body is None:
            raise UnreadableSet(f"{path.name} has no DCT or no TEXT")
        text = _text(body)
        job = Job(id=path.name, body=text, published=created.attrib["value"][:10])
        yield Document(job, tuple(sorted(_timexes(body, 0))))


def _timexes(element: etree._Element, start: int) -> Iterator[Timex]:
    """Yield the temporal expressions inside ``element``, whose text begins at ``start``."""
    at = start + len(element.text or "")
    for child in element:
        length = len(_text(child))
        if child.tag == "TIMEX3":
            yield Timex(at, at + length, child.get("value") or "")
        yield from _timexes(child, at)
        at += length + len(child.tail or "")


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _xml(path: Path) -> etree._Element:
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)
    return etree.parse(path, parser).getroot()


# Places


def read_places(path: Path) -> Iterator[Document[tuple[Toponym, ...]]]:
    """Read an XML file of articles with toponyms, in the format of LGL and TR-News."""
    for number, article in enumerate(_xml(path).iter("article")):
        text = article.findtext("text") or ""
        if text.strip():
            name = f"{path.name}-{number}"
            gold = tuple(_toponym(each) for each in article.iter("toponym", "location") if _is_scored(each))
            yield Document(Job(id=name, body=text), gold)


def _is_scored(element: etree._Element) -> bool:
    """Whether a toponym stands in the text and, where its type is given, means the place itself."""
    kind = element.findtext("type")
    if element.find("start") is None:
        return False
    return not kind or (kind in _TOPONYM_TYPES and element.findtext("nonLocational") != "Yes")


def _toponym(element: etree._Element) -> Toponym:
    latitude = element.findtext(".//lat") or element.findtext("latitude")
    longitude = element.findtext(".//lon") or element.findtext("longitude")
    return Toponym(
        int(element.findtext("start") or 0),
        int(element.findtext("end") or 0),
        float(latitude) if latitude else None,
        float(longitude) if longitude else None,
    )


# Pages


def read_pages(folder: Path) -> Iterator[Document[Page]]:
    """Read a folder in the layout of article-extraction-benchmark or of the Web Content Extraction Benchmark."""
    single = folder / "ground-truth.json"
    return _article_extraction(folder, single) if single.exists() else _web_content(folder)


def _article_extraction(folder: Path, truth: Path) -> Iterator[Document[Page]]:
    for name, item in json.loads(truth.read_text(encoding="utf-8")).items():
        yield Document(_page_job(folder, name, item.get("url")), Page(item["articleBody"]))


def _web_content(folder: Path) -> Iterator[Document[Page]]:
    for path in sorted((folder / "ground-truth").glob("*.json")):
        item = json.loads(path.read_text(encoding="utf-8"))
        truth = {key: value or "" for key, value in item["ground_truth"].items()}
        if truth.get("main_content"):
            name = item["file_id"]
            details = (truth.get(key, "") for key in ("title", "publish_date", "author"))
            yield Document(_page_job(folder, name, item["url"]), Page(truth["main_content"], *details))


def _page_job(folder: Path, name: str, url: str | None) -> Job:
    markup = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
    return Job(id=name, html_base64=base64.b64encode(markup).decode(), url=url)


# Sets


@dataclass(frozen=True, slots=True)
class GoldSet(Generic[Gold]):
    """A set of one kind."""

    name: str
    path: Path
    read: Callable[[Path], Iterator[Document[Gold]]]

    def documents(self, limit: int | None = None) -> list[Document[Gold]]:
        """Read the first ``limit`` documents, or all. Raises `UnreadableSet`."""
        found = list(islice(self.read(self.path), limit))
        if not found:
            raise UnreadableSet("it has no documents")
        return found


def find_sets(folder: Path, pattern: str, read: Callable[[Path], Iterator[Document[Gold]]]) -> list[GoldSet[Gold]]:
    """Return the sets under ``folder`` whose path matches ``pattern``, by name."""
    return [GoldSet(path.stem, path, read) for path in sorted(folder.glob(pattern)) if not path.name.startswith(".")]


def page_jobs(folders: Sequence[Path], limit: int | None = None) -> list[Job]:
    """Return the pages of all ``folders`` as jobs, up to ``limit`` of each. Raises `UnreadableSet`."""
    sets = [GoldSet(folder.name, folder, read_pages) for folder in folders]
    return [document.job for pages in sets for document in pages.documents(limit)]
