"""Markdown: the marks of links, pictures and emphasis, which converters write into the lines of a page.

What counts is what converters write (html2text, markdownify, turndown, pandoc and the readers built on them), and often
that is not CommonMark: a link reaches over paragraphs where a card of headline and text is one, and addresses are
broken where the line is full. So brackets are paired over the whole page, and each is looked at once. Text browsers
(lynx, elinks) number links instead, and list the addresses below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final, NamedTuple

MARK: Final = "\0"
"""What stands for each character of the marks, so that lines stay as long as they were wrapped."""
_OPEN: Final = "\1"
_CLOSE: Final = "\2"
"""The same where a link begins, and where it ends."""
_SPACE: Final = "\3"
"""The same for a blank in a mark."""
MARKS: Final = MARK + _OPEN + _CLOSE + _SPACE
BLANKS: Final = " \t" + _SPACE
"""Where a line may have been wrapped."""
QUOTED: Final = f"(?:{MARK}{_SPACE})*"
"""The marks of quotations before a line, as a pattern."""
_LONGEST_PICTURE: Final = 2_000
"""Characters that say what a picture shows; where a bracket closes farther away, it was another's."""
# With a scheme or a path, it may hold blanks and be broken where the line was full. Then perhaps a title.
_ADDRESS: Final = (
    r"\(\s*+(?:(?=<?(?:[a-z]+:|/|\?))(?:[^\s()\\]|\\.|\([^()]*+\)|[^\S\n](?![\"'])|\n(?!\s*[\n\"']))*+"
    r"|(?![\"'])(?:[^\s()\\]|\\.|\([^()]*+\)|(?<=-)\n)*+|)"
    r"(?:\s*+(?:\"[^\0]{0,300}?\"|'[^\0]{0,300}?')(?=\s*\)))?+\s*+\)"
)
_MARKDOWN = re.compile(
    rf"\](?=\(\s*+<?(?:[^\s()]*/|#|[a-z]+:)){_ADDRESS}|^#{{1,6}}[ \t]\S", re.IGNORECASE | re.MULTILINE
)
"""A link, which is no aside in parentheses, or a heading."""
_TAG: Final = (
    r"<!--[^\0]{0,2000}?-->|</?(?:a|abbr|article|aside|b|blockquote|br|button|center|cite|code|dd|del|details|div|dl|dt|em"
    r"|figcaption|figure|font|footer|form|h[1-6]|header|hr|i|iframe|img|input|ins|kbd|label|li|main|mark|nav|noscript|ol"
    r"|p|picture|pre|q|s|section|small|source|span|strike|strong|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|time"
    r"|tr|u|ul|video)(?=[\s/>])[^<>]{0,5000}+>"
)
_MARKS = re.compile(
    rf"(?P<tag>{_TAG})|(?P<escape>\\[!-/:-@\[-`{{-~]|\\(?=\n))|(?P<open>!?\[)|(?P<link>\]{_ADDRESS})|(?P<close>\])"
    r"|(?P<emphasis>\*\*?|__?|~~)|(?P<end>\n[ \t]*\n)|(?P<quote>^[ \t]*(?:>[ \t]?)++)",
    re.IGNORECASE | re.MULTILINE,
)
_REFERENCES = re.compile(
    r"^[ \t]*+References[ \t]*+\n\s*+(?:(?:Visible|Hidden) links:?\s*+)?1\.[ \t]++[a-z]+:\S", re.MULTILINE
)
_ENTRY = re.compile(r"^[ \t]*\d+\.[ \t]", re.MULTILINE)
_NUMBER = re.compile(r"\[\d{1,4}\]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_VISIBLE = re.compile(r"\S")
_BLANK = re.compile(r"[^\S\n]")
_GAP = re.compile(r"([ \t]*+)([\0-\3][ \t\0-\3]*+)([,.;:!?]?)")
_ADDRESS_AT_END = re.compile(r"[\2][\0\3]*+$")
_PIECE = re.compile(r"[\0-\3]|[^\0-\3]+")
_HEADING = re.compile(r"#{1,6}[ \t]+")


def without_marks(page: str) -> str:
    """Return a page without the characters that stand for marks."""
    for mark in MARKS:
        page = page.replace(mark, "")
    return page


def has_links(page: str) -> bool:
    """Return whether a marked page says which of its text is in links."""
    return _OPEN in page


def marked(page: str) -> str:
    """Return a page with `MARK` for each character of its Markdown; one without a link or heading is returned as it is.

    The texts of links stay. Pictures go with what is said of them, which a reader of the page does not see. The marks
    of headings and lists stay, as they say something of their lines.
    """
    if references := _references(page):
        return _blanked(page, [*(_Span(*number.span()) for number in _NUMBER.finditer(page)), references])
    may_be_markdown = "](" in page or "# " in page or "#\t" in page
    return _blanked(page, sorted(_spans(page))) if may_be_markdown and _MARKDOWN.search(page) else page


def _blanked(page: str, spans: Iterable[_Span]) -> str:
    parts, done = [], 0
    for start, end, first in spans:
        if start >= done:
            parts += [page[done:start], first, _BLANK.sub(_SPACE, _VISIBLE.sub(MARK, page[start + 1 : end]))]
            done = end
    return "".join([*parts, page[done:]])


def unmarked(lines: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Yield the lines of a marked page without their marks, and of each the share of its letters that are in links."""
    open_links = 0
    for line in lines:
        letters = [0, 0]  # outside links, inside
        for piece in _PIECE.findall(line):
            open_links = max(0, open_links + (piece == _OPEN) - (piece == _CLOSE))
            letters[open_links > 0] += sum(map(str.isalnum, piece))
        text = _GAP.sub(_closed, line).strip()
        yield _ENTITY.sub(lambda entity: unescape(entity[0]), text), letters[1] / max(1, sum(letters))


def _closed(gap: re.Match[str]) -> str:
    """Return what is left of marks and the blanks around them: a sign follows the word where a blank parts marks."""
    above, marks, sign = gap.groups()
    if sign:
        return above + sign
    return " " if above or marks.strip(MARKS) else ""


def is_broken(line: str, following: str) -> bool:
    """Return whether a marked line ends within an address, which goes on in the next."""
    return following.startswith(MARK) and _ADDRESS_AT_END.search(line) is not None


def unheaded(line: str) -> str:
    """Return a line without the marks of a heading before it."""
    mark = _HEADING.match(line)
    return line[mark.end() :] if mark else line


class _Span(NamedTuple):
    """The characters of a mark, and what stands for the first of them."""

    start: int
    end: int
    first: str = MARK


def _spans(page: str) -> Iterator[_Span]:
    """Yield where the marks of a page stand; those within a picture may be yielded as well, and some twice."""
    brackets: list[re.Match[str]] = []
    opened: dict[str, re.Match[str]] = {}
    for mark in _MARKS.finditer(page):
        match mark.lastgroup:
            case "escape":
                yield _Span(mark.start(), mark.start() + 1)
            case "quote":
                yield _Span(*mark.span())
            case "tag":
                yield _Span(*mark.span(), _first(" ".join(mark[0].lower().split())))
            case "open":
                brackets.append(mark)
            case "link":
                yield from _linked(brackets.pop() if brackets else None, mark)
            case "close" if brackets:
                brackets.pop()
            case "emphasis":
                yield from _emphasized(page, mark, opened)
            case "end":
                opened.clear()


def _first(tag: str) -> str:
    """Return what stands for the first character of a tag of HTML."""
    return _CLOSE if tag == "</a>" else _OPEN if tag.startswith("<a") and " href" in tag else MARK


def _references(page: str) -> _Span | None:
    """Return the list of addresses at the end of a page, which is numbered for the most part."""
    heading = _REFERENCES.search(page) if "References" in page else None
    if heading is None:
        return None
    lines = sum(map(bool, map(str.strip, page[heading.start() :].splitlines())))
    numbered = 2 * len(_ENTRY.findall(page, heading.start())) >= lines
    return _Span(heading.start(), len(page)) if numbered else None


def _linked(opening: re.Match[str] | None, closing: re.Match[str]) -> Iterator[_Span]:
    """Yield the marks of a link, or the whole of a picture; a page may begin within a link."""
    if opening is None:
        yield _Span(*closing.span())
    elif opening[0] == "[":
        yield _Span(*opening.span(), _OPEN)
        yield _Span(*closing.span(), _CLOSE)
    elif closing.start() - opening.end() <= _LONGEST_PICTURE:
        yield _Span(opening.start(), closing.end())


def _emphasized(page: str, mark: re.Match[str], opened: dict[str, re.Match[str]]) -> Iterator[_Span]:
    """Yield the marks around emphasized words where ``mark`` is the second of them, on the word's edge.

    A double one before a word is a mark without its second, too: converters write it where an icon stood. Others are
    not: "5 * 3", "sh**", "file_name".
    """
    before, after = page[mark.start() - 1 : mark.start()], page[mark.end() : mark.end() + 1]
    if mark[0] in opened and (before.strip() or mark[0] == "_") and not after.isalnum():
        yield _Span(*opened.pop(mark[0]).span())
        yield _Span(*mark.span())
    elif not before.isalnum():
        if after.strip():
            opened[mark[0]] = mark
        if len(mark[0]) > 1:
            yield _Span(*mark.span())
