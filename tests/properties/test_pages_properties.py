"""What a page says is what the article says, whatever it is made of."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from pagefacts.render.highlights import Highlight, highlighted
from pagefacts.render.markup import Markup, join, tag

HOSTILE = ["</p>", "<script>alert(1)</script>", "<!--", "]]>", "&lt;", "&#x3c;", '"', "'", "\n", "\r\n", "\r", "\0"]
SCRIPTS = ["\u202e", "\u2067", "\u05d0\u05d1", "\u0627\u0644", "e\u0301", "\U0001f468\u200d\U0001f469", "\U00020000"]
texts = st.lists(st.sampled_from(HOSTILE + SCRIPTS) | st.text(max_size=8), max_size=12).map("".join)


class Reader(HTMLParser):
    """The text, elements and ids of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.elements, self.ids = "", list[str](), set[str](), list[str]()
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.elements.add(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Highlight]]:
    text = draw(texts)
    if not text:
        return text, []
    edges = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    spans = draw(st.lists(edges.filter(lambda span: span[0] < span[1]), max_size=6))
    tip = st.sampled_from([*HOSTILE, "said"])
    return text, [
        Highlight(start, end, f"h{n}", f"e{n}", "figure killed", draw(tip), draw(st.none() | st.just("K1")))
        for n, (start, end) in enumerate(spans)
    ]


@given(articles())
def test_highlights_leave_the_text_as_it_is(article: tuple[str, list[Highlight]]) -> None:
    text, highlights = article
    read = Reader(highlighted(text, highlights))
    assert read.text == text.replace("\0", "\ufffd")
    assert read.elements <= {"p", "mark", "a"}


@given(articles())
def test_every_highlight_of_words_can_be_led_to_once(article: tuple[str, list[Highlight]]) -> None:
    text, highlights = article
    read = Reader(highlighted(text, highlights))
    of_words = {highlight.id for highlight in highlights if text[highlight.start : highlight.end].strip("\n")}
    assert sorted(read.ids) == sorted(of_words)


@given(texts, texts)
def test_text_and_attributes_stay_text(text: str, title: str) -> None:
    read = Reader(join(Markup("<p>"), tag("b", text, title=title), Markup("</p>")))
    assert (read.text, read.elements) == (text.replace("\0", "\ufffd"), {"p", "b"})
