"""The highlighted text is the article's text, whatever overlaps in it; a digest does not depend on the order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pagefacts.render.highlights import Highlight, highlighted

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n<>&\"' ab"), min_size=1, max_size=60
)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Highlight]]:
    text = draw(TEXTS)
    edges = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda pair: pair[0] != pair[1])
    spans = draw(st.lists(edges, max_size=8))
    return text, [
        Highlight(min(pair), max(pair), f"t{n}", f"e{n}", f"k{n}", f"tip {n} <b>", badge=f"B{n}")
        for n, pair in enumerate(spans)
    ]


@given(texts_with_spans())
def test_the_text_is_whole_and_every_span_is_covered(case: tuple[str, list[Highlight]]) -> None:
    text, highlights = case
    root = html.fragment_fromstring(f"<div>{highlighted(text, highlights)}</div>")
    assert root.text_content() == text
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    for highlight in highlights:
        covered = "".join(mark.text_content() for mark in root.xpath(f"//mark[@class='{highlight.kind}']"))
        assert covered == text[highlight.start : highlight.end].replace("\n", "")
