"""Text that was encoded twice is read as it was meant; other text is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefacts.contracts import Job
from pagefacts.extraction import extract
from pagefacts.extraction.mojibake import without_mojibake

STORY = (
    "José Peña, the mayor of São Vicente, said that 34 people didn’t reach the shelter before the river rose.",
    "“We heard it come,” said Zoë Müller, who lost two neighbours — both over seventy — in the village of Köszeg.",
    "Rescuers from Łódź and Malmö are still looking for eleven others, and say that little hope is left for them.",
)


def twice(text: str, read_as: str) -> str:
    """Return what stands on a page where the UTF-8 of ``text`` was read as another encoding."""
    return "".join(each.encode().decode(read_as) if not each.isascii() else each for each in text)


@pytest.mark.parametrize("read_as", ["latin-1", "sloppy-windows-1252"])
def test_a_page_that_was_encoded_twice_reads_as_it_was_meant(read_as: str) -> None:
    import ftfy.bad_codecs  # noqa: F401, PLC0415 - makes the second encoding known

    html = "<html><head><title>Flood</title></head><body><article><h1>Flood</h1>{}</article></body></html>"
    meant = html.format("".join(f"<p>{line}</p>" for line in STORY))
    found = extract(Job(html=twice(meant, read_as))).article
    assert found.text == extract(Job(html=meant)).article.text
    assert "José Peña" in found.text
    lines = "\n\n".join(("Flood", *STORY))
    assert extract(Job(text=twice(lines, read_as))).article.text == extract(Job(text=lines)).article.text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10Â°C and Â£5m", "10°C and £5m"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚ Ð¼Ð¸Ñ€", "привет мир"),
        ("ä¸­å›½ 34 äºº", "中国 34 人"),
        ("Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©", "العربية"),
        ("one café\nanother cafÃ©", "one café\nanother café"),
    ],
)
def test_what_was_read_as_another_encoding_is_set_right(text: str, meant: str) -> None:
    assert without_mojibake(text) == meant


@pytest.mark.parametrize(
    "text",
    ["“L’égalité” dit-il", "«société»", "São Paulo, Ã la carte", "VIÊ©", "Straße’s Ende", "Ünïted Ñandú…", "日本"],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert without_mojibake(text) == text


def test_the_body_of_a_job_stays_as_it_is() -> None:
    assert extract(Job(body="donâ€™t")).article.text == "donâ€™t"


def test_a_text_of_great_length_is_not_gone_through() -> None:
    text = "Ã© é " * 250_001
    assert without_mojibake(text) == text


@given(st.text(alphabet=st.sampled_from("ÂÃâäåæÐÑØà€™œ©\x80\x99\xa0 aé中\n") | st.characters(), max_size=60))
def test_no_text_raises_and_what_is_right_stays_so(text: str) -> None:
    once = without_mojibake(text)
    assert without_mojibake(once) == once
    assert once.count("\n") >= text.count("\n")
