"""What copies of an article have in common, and other articles have not."""

from __future__ import annotations

import hashlib

import pytest

from pagefacts.extraction.fingerprint import fingerprint

STORY = """PORT KELLIN (Reuters) - At least 34 people were killed after a dam burst above the town of Port Kellin, \
officials said on Monday, as the army began to search the valley for survivors.
The wall gave way shortly after midnight following days of heavy rain in the hills to the north of the town.
More than 2,000 people were moved to schools and churches, where volunteers handed out blankets and soup.
"We heard a noise like a train, and then the water was in the kitchen," said Maren Oduya, 52, who fled with her mother.
Engineers had warned in June that the spillway was blocked with debris and that repairs could not wait, according to \
a report seen by this agency. The ministry of public works said that it would look into the colour-coded warnings.
The prime minister is expected to visit the valley on Tuesday and has offered his condolences to the families.
"""
OTHER = """PORT KELLIN (AFP) - A dam above Port Kellin collapsed overnight, killing dozens and leaving many missing.
Rescuers in boats worked their way through flooded streets at dawn, pulling whole families from the roofs of houses.
The cause of the collapse is unknown, but local people blame the owner, a mining company that went bankrupt in May.
"Nobody came to look at it in two years," said Tom Briggs, who has a farm below the wall and lost all of his cattle.
Schools will stay closed this week, and the road to the capital is cut in three places, the governor told reporters.
"""
EQUAL = fingerprint(STORY)

PARAGRAPHS = STORY.splitlines()


def with_line(line: str, after: int) -> str:
    return "\n".join([*PARAGRAPHS[:after], line, *PARAGRAPHS[after:]])


@pytest.mark.parametrize(
    "copy",
    [
        STORY.replace("PORT KELLIN (Reuters) - ", ""),
        STORY.replace("PORT KELLIN (Reuters) - ", "Port Kellin, Oct 5 (IANS): "),
        STORY.replace('"', "“").replace("(Reuters) - ", "(Reuters) — "),
        STORY.replace("\n", "\n\n"),
        STORY.replace("\n", "\r\n"),
        " ".join(PARAGRAPHS),
        STORY.replace(" after", "\nafter").replace(" that", "\nthat").replace(" where", "\nwhere"),
        STORY.replace("34 people", "41 people").replace("2,000", "3,500"),
        STORY.replace("colour", "color"),
        STORY.replace("Maren", "Mären").upper(),
        "Rescuers at the weir on Monday\n" + STORY,
        with_line("READ MORE: What to know about the dam", 1),
        with_line("La presa cedió poco después de la medianoche", 3),
        with_line("‘A noise like a train’", 4),
        STORY + "(Reporting by Ann Lee; Editing by Tom Briggs)",
        "\n".join(PARAGRAPHS[:-1]),
    ],
    ids=[
        "no dateline", "another dateline", "quotes and dashes", "blank lines", "line ends", "one line", "wrapped",
        "toll", "spelling", "accents and case", "caption", "pointer", "translated headline", "subheading", "credits",
        "cut tail",
    ],
)  # fmt: skip
def test_copies_are_equal(copy: str) -> None:
    assert EQUAL is not None
    assert fingerprint(copy) == EQUAL


def test_what_stands_after_three_hundred_words_does_not_count() -> None:
    story = "".join(f"{STORY.replace('the', name)}" for name in ("alpha", "beta", "gamma"))
    assert fingerprint(story + OTHER) == fingerprint(story + STORY) == fingerprint(story)


def test_another_article_on_the_same_event_differs() -> None:
    assert fingerprint(OTHER) not in {None, EQUAL}


@pytest.mark.parametrize(
    "text", ["", " \n", "Ten people died.", "Ten people died in Aleppo. " * 7, "1 2 3. " * 100, "。" * 99]
)
def test_a_text_of_fewer_than_forty_words_has_none(text: str) -> None:
    assert fingerprint(text) is None


def test_headings_alone_have_none() -> None:
    assert fingerprint("What to know about the dam\n" * 50) is None


def test_it_can_be_computed_from_its_definition() -> None:
    words = (
        "dam burs abov the town of port kell and kill many peop on mond as days of rain went on in the hill to its nort"
    )
    text = " ".join(f"{word}." for word in words.split()) + " A B C D E F G H I J K L M N O"
    runs = [" ".join((words + " a b c d e f g h i j k l m n o").split()[n : n + 6]) for n in range(35)]
    assert fingerprint(text) == min(hashlib.sha256(run.encode()).hexdigest()[:16] for run in runs)
