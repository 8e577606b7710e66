"""The scorers and readers of ``benchmarks/quality.py``, on predictions whose scores are worked out by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import gold
import pytest
import regex_baseline
from scores import (
    Counts,
    Figure,
    FiguresWanted,
    Name,
    NamesWanted,
    Page,
    Score,
    Timex,
    Toponym,
    score_casualties,
    score_dates,
    score_entities,
    score_pages,
    score_places,
)

KILLED_AND_INJURED = frozenset({"killed", "injured"})
LONDON = (51.5085, -0.1257)
OXFORD = (51.7522, -1.2560)
"""Some 80 km from London."""
PARIS = (48.8534, 2.3488)
"""Some 340 km from London."""


def score_figures(wanted: list[Figure], predicted: list[Figure]) -> Score:
    return score_casualties([(FiguresWanted(tuple(wanted), KILLED_AND_INJURED), predicted)])


def test_counts_give_precision_recall_and_f1() -> None:
    counts = Counts(right=6, wrong=2, missed=4)
    assert counts.precision == 0.75
    assert counts.recall == 0.6
    assert counts.f1 == pytest.approx(2 / 3)


def test_nothing_predicted_and_nothing_wanted_scores_zero_without_an_error() -> None:
    assert score_figures([], []).value == 0.0


def test_a_figure_matches_on_effect_and_lower_bound() -> None:
    wanted = [Figure("killed", 12, 12), Figure("injured", 30, None)]
    predicted = [Figure("killed", 12, None), Figure("killed", 30, 30)]
    score = score_figures(wanted, predicted)
    assert (score.precision, score.recall, score.value) == (0.5, 0.5, 0.5)


def test_a_figure_without_a_lower_bound_matches_on_the_upper() -> None:
    assert score_figures([Figure("killed", 0, 50)], [Figure("killed", None, 50)]).value == 1.0
    assert score_figures([Figure("killed", 0, 50)], [Figure("killed", 0, 40)]).value == 0.0


def test_nobody_hurt_is_a_figure() -> None:
    assert score_figures([Figure("injured", 0, 0)], [Figure("injured", 0, 0)]).value == 1.0
    assert score_figures([Figure("injured", 0, 0)], [Figure("injured", None, None)]).value == 0.0


def test_bounds_are_right_where_both_agree_in_one_of_the_predictions() -> None:
    wanted = [Figure("killed", 12, 12), Figure("injured", 30, None)]
    predicted = [Figure("killed", 12, None), Figure("killed", 12, 12), Figure("injured", 30, 30)]
    score = score_figures(wanted, predicted)
    assert score.value == 1.0
    assert score.details == {"bounds_right": 0.5}


def test_a_figure_stated_twice_counts_once() -> None:
    score = score_figures([Figure("killed", 9, 9)], [Figure("killed", 9, 9), Figure("killed", 9, 9)])
    assert (score.precision, score.recall) == (1.0, 1.0)


def test_hypothetical_predictions_are_left_out() -> None:
    score = score_figures([Figure("killed", 9, 9)], [Figure("killed", 9, 9), Figure("killed", 1000, None, True)])
    assert (score.precision, score.recall) == (1.0, 1.0)


def test_effects_that_the_set_does_not_annotate_are_left_out() -> None:
    assert score_figures([Figure("killed", 9, 9)], [Figure("killed", 9, 9), Figure("displaced", 400, 400)]).value == 1.0


def test_an_optional_figure_is_neither_missed_nor_wrong() -> None:
    wanted = [Figure("killed", 9, 9), Figure("killed", 3, 3, optional=True)]
    assert score_figures(wanted, [Figure("killed", 9, 9)]).value == 1.0
    found = score_figures(wanted, [Figure("killed", 9, 9), Figure("killed", 3, 3)])
    assert (found.precision, found.recall, found.details["bounds_right"]) == (1.0, 1.0, 1.0)


def test_counts_are_summed_over_the_documents() -> None:
    one = (FiguresWanted((Figure("killed", 1, 1),), KILLED_AND_INJURED), [Figure("killed", 1, 1)])
    other = (FiguresWanted((Figure("killed", 5, 5), Figure("killed", 6, 6)), KILLED_AND_INJURED), [])
    assert score_casualties([one, other]).recall == pytest.approx(1 / 3)


def test_entities_match_on_exact_span_and_label() -> None:
    wanted = NamesWanted("Ann Lee saw Oslo", frozenset({Name(0, 7, "PER"), Name(12, 16, "LOC")}))
    score = score_entities([(wanted, [Name(0, 7, "PER"), Name(12, 16, "ORG"), Name(0, 3, "PER")])])
    assert (score.precision, score.recall) == (pytest.approx(1 / 3), 0.5)
    assert score.details == {"PER": pytest.approx(2 / 3), "LOC": 0.0, "ORG": 0.0}


@pytest.mark.parametrize(
    ("text", "wanted", "predicted"),
    [
        ("The Guardian said", (0, 12), (4, 12)),
        ("an Oslo court", (3, 7), (0, 7)),
        ("Ann Lee's house", (0, 7), (0, 9)),
        ("the Lees’ house", (0, 9), (4, 8)),
    ],
)
def test_articles_and_possessives_do_not_count(text: str, wanted: tuple[int, int], predicted: tuple[int, int]) -> None:
    gold_names = NamesWanted(text, frozenset({Name(*wanted, "ORG")}))
    assert score_entities([(gold_names, [Name(*predicted, "ORG")])]).value == 1.0


def test_dates_need_an_overlap_and_the_same_value() -> None:
    wanted = [Timex(0, 9, "2015-09-28"), Timex(20, 30, "P2M"), Timex(40, 44, "2015")]
    predicted = [Timex(3, 9, "2015-09-28"), Timex(20, 30, "P3M"), Timex(60, 65, "2014")]
    score = score_dates([(wanted, predicted)])
    assert (score.precision, score.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert score.details == {"span_f1": pytest.approx(2 / 3)}


def test_one_prediction_answers_one_gold_span() -> None:
    wanted = [Timex(0, 9, "2015-09"), Timex(10, 14, "2015-09")]
    score = score_dates([(wanted, [Timex(0, 14, "2015-09")])])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_spans_that_only_touch_do_not_match() -> None:
    assert score_dates([([Timex(0, 4, "2015")], [Timex(4, 8, "2015")])]).details == {"span_f1": 0.0}


def test_places_within_a_hundred_miles_are_found() -> None:
    wanted = [Toponym(0, 6, *LONDON), Toponym(10, 16, *LONDON), Toponym(20, 26, *LONDON)]
    predicted = [Toponym(0, 6, *OXFORD), Toponym(10, 16, *PARIS)]
    score = score_places([(wanted, predicted)])
    assert score.value == pytest.approx(1 / 3)
    assert score.details["span_precision"] == 1.0
    assert score.details["span_recall"] == pytest.approx(2 / 3)


def test_gold_places_without_coordinates_count_for_their_spans_only() -> None:
    wanted = [Toponym(0, 6, *LONDON), Toponym(10, 16, None, None)]
    score = score_places([(wanted, [Toponym(0, 6, *LONDON), Toponym(10, 16, *PARIS)])])
    assert score.value == 1.0
    assert score.details["span_f1"] == 1.0


def test_a_place_without_coordinates_is_not_near() -> None:
    assert score_places([([Toponym(0, 6, *LONDON)], [Toponym(0, 6, None, None)])]).value == 0.0


def test_pages_are_compared_by_runs_of_four_words() -> None:
    score = score_pages([(Page("One two three four five six."), Page("menu one, two three four five"))])
    # Gold: 1234 2345 3456; page: m123 1234 2345.
    assert (score.precision, score.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_pages_are_averaged_whatever_their_length() -> None:
    whole = (Page("a b c d e f g h"), Page("a b c d e f g h"))
    empty = (Page("a b c d"), Page(""))
    score = score_pages([whole, empty])
    assert (score.precision, score.recall) == (0.5, 0.5)


def test_metadata_is_scored_only_where_the_gold_gives_it() -> None:
    wanted = Page("a b c d", title="Ten Dead in Flood", date="2015-09-29T08:00:00Z", author="Ann Lee")
    found = Page("a b c d", title="Ten dead in flood - The Daily", date="2015-09-29", author="Bo Ek")
    assert score_pages([(wanted, found)]).details == {"title": 1.0, "date": 1.0, "author": 0.0}
    assert score_pages([(Page("a b c d"), found)]).details == {}


def test_a_shortened_title_agrees_and_a_missing_one_does_not() -> None:
    wanted = Page("a b c d", title="Ten dead in flood - The Daily")
    assert score_pages([(wanted, Page("a b c d", title="Ten dead in flood"))]).details == {"title": 1.0}
    assert score_pages([(wanted, Page("a b c d"))]).details == {"title": 0.0}


def test_read_casualties(tmp_path: Path) -> None:
    line = {"id": "a", "text": "Nine died.", "published": "2015", "gold": [{"type": "killed", "min": 9, "max": None}]}
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(line) + "\n")
    (document,) = gold.read_casualties(path)
    assert document.job.body == "Nine died."
    assert document.job.published is None
    assert document.gold == FiguresWanted((Figure("killed", 9, None),), KILLED_AND_INJURED)


@pytest.mark.parametrize(
    "tags",
    [
        ["B-PER", "I-PER", "O", "B-LOC"],
        ["I-PER", "I-PER", "O", "I-LOC"],
        ["B-PER", "E-PER", "O", "S-LOC"],
    ],
)
def test_read_entities_in_iob_and_iobes(tmp_path: Path, tags: list[str]) -> None:
    words = ["Ann", "Lee", "saw", "Oslo"]
    lines = [f"{word} {tag}" for word, tag in zip(words, tags, strict=True)]
    (tmp_path / "a.conll").write_text("\n".join(["-DOCSTART- O", "", *lines, "", *lines, ""]))
    (document,) = gold.read_entities(tmp_path)
    text = document.gold.text
    assert document.job.body == text == "Ann Lee saw Oslo \nAnn Lee saw Oslo \n"
    found = sorted((text[name.start : name.end], name.label) for name in document.gold.names)
    assert found == [("Ann Lee", "PER")] * 2 + [("Oslo", "LOC")] * 2


def test_names_that_touch_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("Ann\tB-PER\nBo\tB-PER\nNato\tB-ORG\n")
    (document,) = gold.read_entities(tmp_path)
    assert document.gold.names == {Name(0, 3, "PER"), Name(4, 6, "PER"), Name(7, 11, "ORG")}


def test_documents_end_where_the_file_says_or_after_sixty_sentences(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("-DOCSTART-\tO\n\na\tO\n\nb\tO\n\n-DOCSTART-\tO\n\nc\tO\n")
    (tmp_path / "b.txt").write_text("a\tO\n\n" * 61)
    sizes = [document.gold.text.count("\n") for document in gold.read_entities(tmp_path)]
    assert sizes == [2, 1, 60, 1]


def test_tags_that_are_not_iob_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("Ann\tperson\n")
    with pytest.raises(gold.UnreadableSet, match="'person'"):
        list(gold.read_entities(tmp_path))


def test_read_dates(tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(
        '<TimeML><DCT><TIMEX3 value="1998-08-07T10:00">7 Aug</TIMEX3></DCT><TEXT>It <EVENT>fell</EVENT> on '
        '<TIMEX3 type="DATE" value="1998-08-06">Thursday</TIMEX3>, not <TIMEX3 value="1998">in 1998</TIMEX3>.</TEXT>'
        "</TimeML>"
    )
    (document,) = gold.read_dates(tmp_path)
    assert document.job.published == "1998-08-07"
    text = document.job.body or ""
    assert text == "It fell on Thursday, not in 1998."
    assert [(text[each.start : each.end], each.value) for each in document.gold] == [
        ("Thursday", "1998-08-06"),
        ("in 1998", "1998"),
    ]


def test_read_places_leaves_out_what_means_no_place(tmp_path: Path) -> None:
    toponym = "<toponym><start>0</start><end>6</end>{}</toponym>"
    (tmp_path / "a.xml").write_text(
        "<articles><article><text>London</text>"
        + toponym.format("<gaztag><lat>51.5</lat><lon>-0.1</lon></gaztag>")
        + toponym.format("<type>Demonym</type>")
        + toponym.format("<type>Literal</type><latitude>51.5</latitude><longitude>-0.1</longitude>")
        + "</article><article><text> </text></article></articles>"
    )
    (document,) = gold.read_places(tmp_path / "a.xml")
    assert document.gold == (Toponym(0, 6, 51.5, -0.1),) * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least twelve people were killed.", Figure("killed", 12, None)),
        ("One soldier killed, 13 wounded in clashes", Figure("killed", 1, 1)),
        ("Floods displaced up to 1.5 million people.", Figure("displaced", 0, 1_500_000)),
        ("Dozens were injured.", Figure("injured", 12, None)),
        ("A 2,300-strong crowd. Nobody was arrested.", None),
        ("He was jailed for 20 years for the murder.", None),
    ],
)
def test_the_regular_expression_is_a_fair_reference(text: str, expected: Figure | None) -> None:
    found = regex_baseline.figures(text)
    assert expected in found if expected else found == []


def test_the_sets_in_the_repository_can_be_read() -> None:
    data = Path(gold.__file__).with_name("data")
    readers = {
        "casualties/*.jsonl": gold.read_casualties,
        "entities/*/": gold.read_entities,
        "pages/*/": gold.read_pages,
    }
    sizes = {
        each.name: len(each.documents())
        for pattern, read in readers.items()
        for each in gold.find_sets(data, pattern, read)
    }
    assert sizes == {"hard": 29, "muc4": 109, "wikigold": 29, "aeb": 15, "wcxb": 15}


def test_distance_is_measured_around_the_globe() -> None:
    east, west = Toponym(0, 1, 0.0, 179.9), Toponym(0, 1, 0.0, -179.9)
    assert score_places([([east], [west])]).value == 1.0
    assert not math.isnan(score_places([([Toponym(0, 1, 0.0, 0.0)], [Toponym(0, 1, 0.0, 180.0)])]).value)
