"""The parts of our tagger: words and pieces, windows, tags, and what the mentions of a name agree on."""

from __future__ import annotations

import numpy as np
import pytest

from pagefacts.tagging import tags
from pagefacts.tagging.agreement import Mention, agreed
from pagefacts.tagging.windows import Window, Word, cut, encode, read
from pagefacts.tagging.wordpiece import Shape, Wordpiece, shape, words

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "new",
    "york",
    "##er",
    "##s",
    "jose",
    "'",
    "-",
    ".",
    "a",
    "##a",
    "met",
]
PAD, UNK, CLS, SEP, NEW, YORK, ER, S, JOSE, QUOTE, DASH, STOP, A, MORE_A, MET = range(len(VOCABULARY))


@pytest.fixture
def vocabulary() -> Wordpiece:
    return Wordpiece(VOCABULARY)


# Words and pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n\u00a0", []),
        ("New York", ["New", "York"]),
        ("U.S.-led", ["U", ".", "S", ".", "-", "led"]),
        ("Germany’s", ["Germany", "’", "s"]),
        ("snake_case", ["snake", "_", "case"]),
        ("Jose\u0301 x", ["Jose\u0301", "x"]),
        ("💥Berlin", ["💥", "Berlin"]),
        ("\u0301", ["\u0301"]),
        ("250,000", ["250", ",", "000"]),
        ("see https://example.org/paris/china, or", ["see", "https://example.org/paris/china,", "or"]),
        ("www.example.org.", ["www.example.org."]),
    ],
)
def test_words_and_marks(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in words(text)] == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("town", Shape.LOWER),
        ("Berlin", Shape.TITLE),
        ("Élysée", Shape.TITLE),
        ("J", Shape.INITIAL),
        ("BBC", Shape.CAPITALS),
        ("McCain", Shape.MIXED),
        ("iPhone", Shape.MIXED),
        ("2015", Shape.DIGITS),
        ("F16", Shape.DIGITS_AND_LETTERS),
        ("中文", Shape.CASELESS),
        ("-", Shape.MARK),
        ("💥", Shape.MARK),
        ("https://example.org/Paris", Shape.MARK),
    ],
)
def test_shapes(word: str, expected: Shape) -> None:
    assert shape(word) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("York", (YORK,)),
        ("Yorkers", (YORK, ER, S)),
        ("JOSÉ", (JOSE,)),
        ("Jose\u0301", (JOSE,)),
        ("’", (QUOTE,)),
        ("—", (DASH,)),
        ("Yorkx", (UNK,)),
        ("x", (UNK,)),
        ("\u0301", (UNK,)),
        ("www.new", (UNK,)),
        ("a" * 61, (UNK,)),
        ("a" * 60, (A, *[MORE_A] * 9)),
    ],
)
def test_the_longest_pieces_from_the_left(vocabulary: Wordpiece, word: str, expected: tuple[int, ...]) -> None:
    assert vocabulary.pieces(word) == expected


# Windows


def test_the_words_of_a_text_know_where_they_stand(vocabulary: Wordpiece) -> None:
    text = "\nNew York.\n\n YORKERS"
    found = read(text, vocabulary)
    assert [text[word.start : word.end] for word in found] == ["New", "York", ".", "YORKERS"]
    assert [word.opens_line for word in found] == [True, False, False, True]
    assert [word.ends_sentence for word in found] == [False, False, True, False]
    assert [word.shape for word in found] == [Shape.TITLE, Shape.TITLE, Shape.MARK, Shape.CAPITALS]


def test_case_says_nothing_in_a_line_of_capitals(vocabulary: Wordpiece) -> None:
    capitals, mixed = read("NEW YORKERS MET JOSE\nNew Yorkers met JOSE", vocabulary), 4
    assert {word.shape for word in capitals[:mixed]} == {Shape.UNKNOWN}
    assert [word.shape for word in capitals[mixed:]] == [Shape.TITLE, Shape.TITLE, Shape.LOWER, Shape.CAPITALS]


def test_the_encoder_sees_a_mark_between_lines(vocabulary: Wordpiece) -> None:
    pieces, shapes, firsts = encode(read("New Yorkers\nJose", vocabulary), vocabulary)
    assert pieces == [CLS, NEW, YORK, ER, S, SEP, JOSE, SEP]
    title, mark = Shape.TITLE, Shape.MARK
    assert shapes == [mark, title, title, title, title, mark, title, mark]
    assert firsts == [1, 2, 6]


def test_a_window_that_begins_with_a_line_has_one_mark_before_it(vocabulary: Wordpiece) -> None:
    pieces, _, firsts = encode(read("New\nJose", vocabulary)[1:], vocabulary)
    assert (pieces, firsts) == ([CLS, JOSE, SEP], [1])


def row(count: int, *, lines: tuple[int, ...] = (0,), stops: tuple[int, ...] = ()) -> list[Word]:
    """Words of one piece; ``lines`` are those that open a line, ``stops`` those that end a sentence."""
    return [Word(2 * at, 2 * at + 1, (A,), Shape.LOWER, at in lines, at in stops) for at in range(count)]


def test_no_words_need_no_window() -> None:
    assert cut([]) == []


def test_what_fits_is_one_window() -> None:
    assert cut(row(125)) == [Window(0, 125, 0, 125)]


def test_windows_are_cut_before_a_line_where_one_is_near() -> None:
    assert [(each.first, each.last) for each in cut(row(200, lines=(0, 90, 110), stops=(120,)))] == [
        (0, 110),
        (110, 200),
    ]


def test_else_behind_a_sentence() -> None:
    assert [(each.first, each.last) for each in cut(row(200, lines=(0, 10), stops=(90, 100)))] == [(0, 101), (101, 200)]


def test_windows_overlap_where_a_sentence_does_not_fit() -> None:
    first, second = cut(row(200))
    assert first.until == second.keep
    # Each word next to where the tagging passes on is well inside of both windows.
    assert first.last - first.until >= 15
    assert second.keep - second.first >= 15


# Tags


def row_of(*names: str) -> list[int]:
    return [tags.NUMBER[name] for name in names]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((), []),
        (("O", "O"), []),
        (("S-GPE",), [(0, 1, "GPE")]),
        (("O", "B-ORG", "E-ORG", "S-GPE"), [(1, 3, "ORG"), (3, 4, "GPE")]),
        (("B-PERSON", "I-PERSON", "E-PERSON", "O"), [(0, 3, "PERSON")]),
    ],
)
def test_names_of_a_row_of_tags(row: tuple[str, ...], expected: list[tuple[int, int, str]]) -> None:
    assert list(tags.names(row_of(*row))) == expected


@pytest.mark.parametrize(
    ("tag", "following", "valid"),
    [
        ("O", "B-ORG", True),
        ("O", "I-ORG", False),
        ("B-ORG", "E-ORG", True),
        ("B-ORG", "E-GPE", False),
        ("B-ORG", "O", False),
        ("I-ORG", "I-ORG", True),
        ("E-ORG", "S-GPE", True),
        ("S-GPE", "E-GPE", False),
    ],
)
def test_which_tag_may_follow(tag: str, following: str, valid: bool) -> None:
    assert tags.FOLLOWS[tags.NUMBER[tag], tags.NUMBER[following]] == valid


def test_a_better_end_changes_the_beginning() -> None:
    scores = np.full((2, len(tags.TAGS)), -10.0, np.float32)
    scores[0, row_of("S-GPE", "B-ORG")] = -0.4, -1.0
    scores[1, row_of("E-ORG", "O")] = -0.1, -3.0
    assert list(tags.best(scores)) == row_of("B-ORG", "E-ORG")


def test_log_probabilities_are_of_one_whole() -> None:
    scores = np.array([[0, 1000, -1000], [5, 5, 5]], np.float32)
    assert np.exp(tags.log_probabilities(scores)).sum(axis=1) == pytest.approx([1, 1])
    assert tags.log_probabilities(scores[:0]).shape == (0, 3)


# Agreement


def mention(text: str, probabilities: dict[str, float]) -> Mention:
    """A mention with the probabilities of its labels, the first of which it has."""
    length = len(text.split())
    scores = np.full((length, len(tags.TAGS)), np.log(1e-3), np.float32)
    for row, prefix in zip(scores, "S" if length == 1 else "B" + "I" * (length - 2) + "E", strict=True):
        for label, probability in probabilities.items():
            row[tags.NUMBER[f"{prefix}-{label}"]] = np.log(probability)
    return Mention(text, 0, len(text), next(iter(probabilities)), scores)


def labels(*names: tuple[str, dict[str, float]]) -> list[str]:
    return [each.label for each in agreed([mention(*name) for name in names])]


def test_the_mentions_of_a_name_agree() -> None:
    sure, torn = ("Jordan", {"GPE": 0.95, "PERSON": 0.01}), ("Jordan", {"PERSON": 0.5, "GPE": 0.4})
    assert labels(sure, torn, sure) == ["GPE", "GPE", "GPE"]


def test_where_the_vote_is_close_each_mention_keeps_its_own() -> None:
    town, club = ("Barcelona", {"GPE": 0.9, "ORG": 0.05}), ("Barcelona", {"ORG": 0.9, "GPE": 0.05})
    assert labels(town, club) == ["GPE", "ORG"]


def test_a_full_name_votes_for_its_last_word() -> None:
    full, last = ("Michael Jordan", {"PERSON": 0.95, "GPE": 0.001}), ("Jordan", {"GPE": 0.6, "PERSON": 0.3})
    assert labels(full, last) == ["PERSON", "PERSON"]
    assert labels(last) == ["GPE"]


def test_a_place_gets_the_label_that_other_mentions_of_it_have() -> None:
    river, torn = ("Jordan", {"LOC": 0.95, "ORG": 0.001}), ("Jordan", {"ORG": 0.4, "GPE": 0.2, "LOC": 0.2})
    assert labels(river, torn, river) == ["LOC", "LOC", "LOC"]


def test_of_labels_of_one_kind_the_most_frequent_is_taken() -> None:
    country, region = ("Kashmir", {"GPE": 0.9, "LOC": 0.01}), ("Kashmir", {"LOC": 0.5, "GPE": 0.4})
    assert labels(country, region, country) == ["GPE", "GPE", "GPE"]
    assert labels(region, country, region) == ["LOC", "LOC", "LOC"]


def test_other_names_are_left_alone() -> None:
    assert labels(("Paris", {"GPE": 0.9}), ("Hilton", {"PERSON": 0.9})) == ["GPE", "PERSON"]
    assert agreed([]) == []
