"""Which lines of a scraped page are its article: paragraphs, what lines are, and the model. All texts are invented."""

from __future__ import annotations

import numpy as np
import pytest

from pagefacts.contracts import Article, Job
from pagefacts.extraction import extract
from pagefacts.extraction.scraped import alike
from pagefacts.extraction.scraped.features import ENGLISH, NAMES, UNTRANSLATED, View, features
from pagefacts.extraction.scraped.lines import Line
from pagefacts.extraction.scraped.model import decode
from pagefacts.extraction.scraped.paragraphs import paragraphs
from pagefacts.extraction.scraped.rules import comments
from pagefacts.extraction.scraped.text import address_stems, read_by_rules
from pagefacts.locales import locale_of

BODY = (
    "At least 19 people were killed when a cable car fell into a ravine above the resort of Varnholt, police said.",
    "The car was carrying 24 passengers, most of them skiers on their way down after the last run of the day.",
    "Five people were flown to hospital in the regional capital, two of them in a critical condition.",
    "The operator said that the cable had been inspected in March and that no faults had been found.",
    "An inquiry has been opened, and all cable cars in the region have been stopped until Friday.",
)
MENU = ("Home", "News", "Sport", "Weather", "Video", "Sign in")
FOOTER = ("Most read", "Storm closes two passes", "Why goats climb", "© 2015 The Varnholt Echo", "Privacy policy")
HEADLINE = "Cable car falls into ravine, killing 19"


def page(*lines: str) -> str:
    return "\n".join((*MENU, HEADLINE, "By Mira Olsen", "12 February 2015", *lines, *FOOTER))


def article(text: str, **fields: str) -> Article:
    return extract(Job(id="1", text=text, language="en", **fields)).article


def body_of(text: str) -> tuple[str, ...]:
    return tuple(article(text).text.split("\n"))


def test_the_article_is_found_between_menu_and_footer() -> None:
    assert body_of(page(*BODY)) == BODY


def test_a_page_scraped_twice_gives_the_article_once() -> None:
    assert body_of(f"{page(*BODY)}\n{page(*BODY)}") == BODY


def test_an_article_in_capitals_is_found() -> None:
    assert body_of(page(*BODY).upper()) == tuple(line.upper() for line in BODY)


def test_a_list_inside_an_article_stays() -> None:
    items = ("Two guides from Varnholt", "A family of four from Graz", "Thirteen members of a ski club")
    found = body_of(page(BODY[0], "The dead are:", *items, *BODY[1:]))
    assert set(items) <= set(found)


@pytest.mark.parametrize(
    "heading",
    "More great Varnholt stories|What others are reading|In case you missed it|Latest from the mountains|"
    "Suggested for you|From our partners|You may also like...|Want more stories like this?".split("|"),
)
def test_headlines_below_what_heads_others_are_none_of_the_article(heading: str) -> None:
    others = ("Two guides rescued from the north face", "Ski season begins early this year", "Why goats climb trees")
    assert body_of(page(*BODY, heading, *others)) == BODY


def test_what_says_who_the_author_is_is_none_of_the_article() -> None:
    assert body_of(page(*BODY, *ABOUT)) == BODY
    assert body_of(page(*BODY, ABOUT[1])) == BODY


def test_what_an_agency_says_of_itself_ends_an_article() -> None:
    said = ("Reuters journalist Bo Roe was among the dead.", "Reuters could not verify the figures independently.")
    text = page(*BODY, *said).replace("By Mira Olsen", "By Reuters")
    assert body_of(text) == (*BODY, *said)


COMMENTS = (
    ("rex1970", "The operator should be in jail. In 1998 twelve people died there and nobody was tried for it."),
    ("Maria K.", "So sad. My prayers are with the families of all those who died up there on the mountain."),
    ("JohnDoe42", "I worked on that lift for ten years and everybody knew that it would come down one day."),
)


def test_comments_with_a_button_to_reply_are_none_of_the_article() -> None:
    below = (line for name, text in COMMENTS for line in (name, text, "Reply", "3 likes"))
    assert body_of(page(*BODY, *below)) == BODY


@pytest.mark.parametrize(
    "prompt", ["Log in to leave a comment", "Please sign in to comment", "Leave a reply", "Leave a Reply Cancel reply"]
)
def test_comments_below_what_asks_for_them_are_none_of_the_article(prompt: str) -> None:
    assert body_of(page(*BODY, prompt, *(line for comment in COMMENTS for line in comment))) == BODY


@pytest.mark.parametrize("prompt", ["Log in to leave a comment", "Comments", "Reply"])
@pytest.mark.parametrize("at", [0, 2])
def test_an_article_goes_on_below_what_asks_for_comments(prompt: str, at: int) -> None:
    assert body_of(page(*BODY[:at], prompt, *BODY[at:])) == BODY


def test_an_article_goes_on_below_posts_with_a_button_to_reply() -> None:
    posts = [line for name, text in COMMENTS for line in (name, text, "Reply")]
    lines = [Line(line) for line in (*BODY[:2], *posts, *BODY[2:])]
    assert comments(lines, [False] * len(lines)) == len(lines)


def test_a_caption_said_twice_goes() -> None:
    caption = "The cable car came to rest two hundred metres below the station"
    assert body_of(page(BODY[0], caption, f"{caption} (AFP)", *BODY[1:])) == BODY


def test_figures_and_headings_of_one_part_are_not_lost_as_they_stand_in_another() -> None:
    parts = (
        "Upper valley",
        "Killed: 2",
        "A hut was carried away while two men slept in it, and the road to Tamsweg is blocked.",
        "Lower valley",
        "Killed: 2",
        "The river left its bed at noon and took a mother and her son in their car, the mayor said.",
        "Eastern slope",
        "Killed: 2",
        "Two walkers were found below the glacier by a rescue dog on the second day of the search.",
    )
    assert body_of(page(BODY[0], *parts, *BODY[1:])) == (BODY[0], *parts, *BODY[1:])


def test_an_interview_that_ends_in_short_questions_stays_whole() -> None:
    talk = (
        "Q: You were in the car above. When did you know that something was wrong?",
        "A: We stopped so hard that all of us fell, and then we saw the other car swing and go.",
        "Q: Who brought you down?",
        "A: The mountain guard, on ropes.",
        "Q: How long did it take?",
        "A: Four hours.",
        "Q: Would you go up again?",
        "A: Not this winter, and my children never.",
    )
    assert body_of(page(*BODY, *talk)) == (*BODY, *talk)


def test_a_sentence_that_is_shown_again_large_stands_once() -> None:
    assert body_of(page(*BODY[:4], BODY[1], BODY[4])) == BODY


def test_an_article_in_another_language_is_found() -> None:
    body = (
        "Mindestens 19 Menschen sind beim Absturz einer Gondel oberhalb von Varnholt ums Leben gekommen.",
        "In der Kabine befanden sich 24 Fahrgäste, die meisten von ihnen Skifahrer auf dem Weg ins Tal.",
        "Fünf Menschen wurden in die Landeshauptstadt geflogen, zwei von ihnen schweben in Lebensgefahr.",
        "Der Betreiber erklärte, das Seil sei im März geprüft worden, und es habe keine Mängel gegeben.",
    )
    above = ("Startseite", "Politik", "Wirtschaft", "Sport", "Wetter", "Anmelden", "Abo", "12.02.2015, 18:04 Uhr")
    below = (
        "Mehr zum Thema",
        "Sturm schließt zwei Pässe",
        "Impressum",
        "Datenschutz",
        "Kontakt",
        "Hilfe",
        "Zum Anfang",
    )
    found = set(body_of("\n".join((*above, *body, *below))))
    assert found >= set(body)
    assert not found & {*above, "Datenschutz", "Kontakt", "Hilfe", "Zum Anfang"}


OTHERS = (
    (
        "Dockers stay away for a third week",
        "Dana Mills",
        "Wednesday November 20, 2019",
        "The dockers of the southern port have voted to stay away for another week, after talks broke down on Tuesday.",
    ),
    (
        "Five killed as a bus leaves the coastal road",
        "Omar Haddad",
        "Wednesday November 20, 2019",
        "A bus with 40 pilgrims left the coastal road in fog early on Wednesday. Five were killed and 12 injured.",
    ),
    (
        "Why the harvest will be poor this year",
        "Lena Novak",
        "Tuesday November 19, 2019",
        "Farmers in the central plains expect half of what they harvested last year. The rain came too late once more.",
    ),
    (
        "Gunmen kill 14 soldiers at a border post",
        "Wei Chen",
        "Monday November 18, 2019",
        "Fourteen soldiers were killed when gunmen attacked a post on the border before dawn on Monday, the army said.",
    ),
    (
        "The singer who came back from the mountains",
        "Anna Rossi",
        "Monday November 18, 2019",
        "For eleven years nobody had heard of her. Now she fills the largest hall of the capital night after night.",
    ),
)
"""Headline, author, date and beginning of other articles of the site: two have casualties of their own."""


@pytest.mark.parametrize(
    ("order", "head"),
    [
        ((0, 1, 2, 3), "More stories"),
        ((0, 2, 3), "More stories"),
        ((2, 0, 3), "More stories"),
        ((2, 0, 3), ""),
        ((0, 3, 2), "More stories"),
        ((0, 3, 1), "More stories"),
    ],
)
def test_the_beginnings_of_other_articles_are_not_of_this_one(order: tuple[int, ...], head: str) -> None:
    teasers = [story[part] for story in OTHERS for part in order]
    text = "\n".join(
        (*MENU, HEADLINE, "By Mira Olsen", "12 February 2015", *BODY, *filter(None, [head]), *teasers, *FOOTER)
    )
    found = article(text, url="https://echo.example/news/cable-car-falls-into-ravine-killing-19")
    assert tuple(found.text.split("\n")) == BODY


@pytest.mark.parametrize("count", [1, 2, 5])
def test_an_article_without_its_page_is_kept_whole(count: int) -> None:
    assert body_of("\n".join(BODY[:count])) == BODY[:count]


def test_a_page_of_one_line_is_kept() -> None:
    assert article(" ".join(BODY)).text == " ".join(BODY)


def test_the_headline_is_the_line_that_says_what_the_address_says() -> None:
    text = "\n".join((*MENU, "Storm closes two passes", HEADLINE, *BODY, *FOOTER))
    found = article(text, url="https://echo.example/news/cable-car-falls-into-ravine-killing-19")
    assert found.title == HEADLINE


@pytest.mark.parametrize(
    "byline",
    [
        "By Mira Olsen",
        "Written by Mira Olsen",
        "By\nMira Olsen",
        "Mira Olsen in Varnholt",
        "Mira Olsen • February 12, 2015",
        "February 12, 2015 by Mira Olsen",
        "February 12, 2015 · Mira Olsen",
    ],
)
def test_bylines_of_many_styles(byline: str) -> None:
    text = "\n".join((*MENU, HEADLINE, byline, "12 February 2015", *BODY, *FOOTER))
    found = article(text, url="https://echo.example/cable-car-falls-into-ravine-killing-19")
    assert found.authors == ("Mira Olsen",)


@pytest.mark.parametrize("count", [1, 2])
def test_dates_of_other_articles_below_a_short_one_are_not_of_its_header(count: int) -> None:
    story = (
        "A cable car with 24 people on board fell into a ravine above the resort of Hallen, killing at least nine.",
        "Rescuers reached the wreck after three hours and found five survivors, the police said on Tuesday.",
    )[:count]
    teasers = "".join(f"{title}\nBy Echo Staff\n11/20/2019 0{n}:14 PM\n" for n, (title, *_) in enumerate(OTHERS))
    text = "\n".join(["Home", "World", "Cable car falls into ravine", "By Ann Lee", "November 20, 2019 10:43", *story])
    found = extract(
        Job(id="1", text=f"{text}\n{teasers}About us", url="https://echo.example/cable-car-falls-into-ravine")
    ).article
    assert found.text.splitlines()[:count] == list(story)
    assert found.authors == ("Ann Lee",)
    assert found.lead is None
    assert found.published is not None
    assert found.published.value.startswith("2019-11-20T10:43")


def test_an_author_named_below_the_article_is_found() -> None:
    text = "\n".join((*MENU, HEADLINE, *BODY, "Written by Mira Olsen", *FOOTER))
    assert article(text).authors == ("Mira Olsen",)


@pytest.mark.parametrize("text", ["- -", "|\n|", "(- -/x)", "©", "…\n…"])
def test_a_page_of_marks_alone_is_kept(text: str) -> None:
    assert article(text).text


# ---- Paragraphs


def test_wrapped_lines_are_joined_though_a_few_lines_are_longer() -> None:
    wrapped = (
        "A cable car with 24 people on board fell into a ravine above the\n"
        "resort on Tuesday. Rescuers reached the wreck after three hours and\n"
        "found five survivors.\n"
        "\n"
        "The cause is not known.\n"
    )
    many = wrapped * 20 + "https://echo.example/a/long/address/that/no/converter/would/break/at/any/width/at/all\n"
    first, second, *_ = (line.text for line in paragraphs(many))
    assert first.startswith("A cable car with 24 people on board fell into a ravine above the resort on Tuesday.")
    assert second == "The cause is not known."


def test_paragraphs_broken_at_links_are_joined() -> None:
    broken = (
        "The minister told the\nEcho\n, a newspaper, that\nNorway\nwould help.\n"
        "Nobody from\nthe operator\n, which is based in Oslo, came.\n"
        "He spoke to\nthe council\n.\n"
        "Share"
    )
    assert [line.text for line in paragraphs(broken)] == [
        "The minister told the Echo , a newspaper, that Norway would help.",
        "Nobody from the operator , which is based in Oslo, came.",
        "He spoke to the council .",
        "Share",
    ]


def test_lines_of_a_list_are_not_joined() -> None:
    assert [line.text for line in paragraphs("bread\nmilk\neggs")] == ["bread", "milk", "eggs"]


# ---- Features and the model


def view_of(text: str) -> View:
    return read_by_rules(paragraphs(text), None, locale_of(None, "en"))


def test_every_line_has_every_number() -> None:
    view = view_of(page(*BODY))
    rows = features(view)
    assert rows.shape == (len(view.lines), len(NAMES))
    assert np.isfinite(rows).all()


ABOUT = (
    "About Mira Olsen",
    "Mira Olsen is a staff writer at The Varnholt Echo and has covered the mountains since 2009.",
)


def test_lines_that_say_who_the_author_is_are_told_by_the_name() -> None:
    view = view_of(page(BODY[0], "The prosecutor, Mira Olsen, who is of the same name, said that.", *BODY[1:], *ABOUT))
    signed = features(view)[:, NAMES.index("signed")]
    assert [line.text for line, sign in zip(view.lines, signed, strict=True) if sign == 1] == ["By Mira Olsen", *ABOUT]
    assert set(features(view_of("\n".join(BODY)))[:, NAMES.index("signed")]) == {-1}


def test_what_other_lines_of_a_kind_are_tells_what_a_line_is() -> None:
    lines = [Line(text) for text in ("Q: When?", "At noon.", "Q: Where?", "Home", "Sport", "Q: How many?")]
    rows = alike.alike(lines, [True, True, True, False, False, False])
    first, others = (rows[:, alike.NAMES.index(name)] for name in ("first_word_odds", "first_word_others"))
    assert first[5] > 1  # two other questions are of the body
    assert first[4] == 0  # no other line begins with "Sport"
    assert others.tolist() == [2, 0, 2, 0, 0, 2]


def test_a_heading_is_told_from_its_entry_in_a_table_of_contents() -> None:
    texts = ("The crash", "The rescue", "The crash", BODY[0], "The rescue", BODY[1])
    rows = alike.alike([Line(text) for text in texts], [False] * 6)
    up, down, heads = (rows[:, alike.NAMES.index(f"copy_{name}")].tolist() for name in ("up", "down", "heads"))
    assert up == [100, 100, 2, 100, 3, 100]
    assert down == [2, 3, 100, 100, 100, 100]
    assert heads == [1, 1, 0, 0, 0, 0]


def test_the_columns_of_english_are_those_of_its_words() -> None:
    names = {NAMES[n] for n in ENGLISH}
    assert {"ask_words", "pointer", "closing-1", "noticebelow12"} <= names
    assert not names & {"words", "capitals-1", "runningabove4", "from_start", "topic"}


def test_the_columns_of_english_alone_are_those_that_no_phrases_of_other_languages_fill() -> None:
    names = {NAMES[n] for n in UNTRANSLATED}
    assert names < {NAMES[n] for n in ENGLISH}
    assert {"ask_words", "appeal+1", "personal"} <= names
    assert not names & {"pointer", "closing-1", "noticebelow12", "stop_words", "caption", "furniture"}


def test_an_unlikely_line_between_likely_ones_is_of_the_body() -> None:
    assert decode(np.array([0.02, 0.9, 0.9, 0.4, 0.9, 0.9, 0.02])).tolist() == [
        False,
        True,
        True,
        True,
        True,
        True,
        False,
    ]


def test_a_likely_line_far_from_the_body_is_not_of_it() -> None:
    likely = [0.55, *[0.02] * 8, *[0.95] * 9, *[0.02] * 5]
    assert decode(np.array(likely)).tolist() == [*[False] * 9, *[True] * 9, *[False] * 5]


def test_some_line_is_of_the_body_however_unlikely() -> None:
    assert decode(np.array([0.01, 0.03, 0.01])).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("url", "stems"),
    [
        (None, frozenset()),
        ("https://echo.example/", frozenset()),
        ("https://echo.example/news/2015/dam-bursts-above-town?x=1", {"bursts"[:5], "above", "town"}),
        ("https://echo.example/Dam_bursts_above_town", {"burst", "above", "town"}),
    ],
)
def test_what_an_address_says(url: str | None, stems: set[str]) -> None:
    assert address_stems(url) == stems


# ---- Lines


@pytest.mark.parametrize(
    "text",
    [
        "© 2015 The Varnholt Echo",
        "All content is protected; all rights reserved.",
        "By clicking you agree to our terms.",
        "We and our partners use cookies on this site.",
        "Photo by Mira Olsen",
        "Read more: Storm closes two passes",
        "Related stories",
        "Share",
    ],
)
def test_a_line_that_is_boilerplate_by_itself(text: str) -> None:
    assert Line(text).is_boilerplate


@pytest.mark.parametrize(
    "text",
    [
        "The law protects their rights, she said.",
        "The bakery sells cookies to tourists.",
        "He may not be released before Friday.",
        "The phone of the driver was found in the snow.",
    ],
)
def test_a_line_with_its_words_that_is_none(text: str) -> None:
    assert not Line(text).is_boilerplate


def test_words_are_estimated_where_a_script_parts_none() -> None:
    assert Line("先日、不正に改造した電話を販売したとして、二十代の男性が逮捕されました。").size >= 3
