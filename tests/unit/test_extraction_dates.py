"""The date of a page: its sources in order, their conflicts, time zones, and days and months in digits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pagefacts.contracts import DateConflict, Dating, Job, Precision, Published
from pagefacts.extraction import Extraction, extract

TEXT = (
    "At least 34 people have been killed after a dam burst above the town of Port Kellin, officials say.",
    "More than 2,000 people have been moved to schools and churches, where volunteers handed out soup.",
)
BYLINE = "Tuesday 29 September 2015 09:41 BST"
ZONED = "2015-09-29T09:41:00+01:00"


def html(line: str = "", head: str = "", attributes: str = "", above: str = "", **fields: Any) -> Extraction:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    line = line if line.startswith("<p") else f"<p>{line}</p>"
    page = f"<html{attributes}><head>{head}</head><body>{above}<h1>Dam bursts above town</h1>{line}{body}</body></html>"
    return extract(Job(id="1", html=page, **fields))


def scraped(line: str, **fields: Any) -> Extraction:
    return extract(Job(id="1", text="\n".join(["Dam bursts above town", "By Ann Lee", line, *TEXT]), **fields))


def json_ld(**fields: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def value(found: Extraction) -> str | None:
    return found.article.published.value if found.article.published else None


def conflicts(found: Extraction) -> list[tuple[str, str]]:
    return [(conflict.source, conflict.value) for conflict in found.dating.conflicts]


# Where the date comes from


SOURCES = (
    ("json-ld", {"head": json_ld(datePublished=ZONED)}),
    ("meta:article:published_time", {"head": meta("article:published_time", ZONED)}),
    ("microdata", {"line": f'<span itemprop="datePublished" content="{ZONED}"></span>'}),
    ("time", {"line": f'<time class="entry-date" datetime="{ZONED}">Tuesday</time>'}),
    ("byline", {"line": BYLINE}),
    ("url", {"url": "https://example.com/2015/09/29/dam"}),
    ("byline:updated", {"line": f"Updated {BYLINE}"}),
    ("byline:above", {"above": f"<p>{BYLINE}</p>"}),
    ("json-ld:dateModified", {"head": json_ld(dateModified=ZONED)}),
)


@pytest.mark.parametrize(("source", "fields"), SOURCES)
def test_the_source_is_named(source: str, fields: dict[str, str]) -> None:
    found = html(**fields)
    assert (value(found) or "")[:10] == "2015-09-29"
    assert found.dating == Dating(source=source)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 2), (2, 4), (3, 5), (4, 5)])
def test_the_surer_source_wins_and_the_other_is_a_conflict(first: int, second: int) -> None:
    other = {key: text.replace("29", "27") for key, text in SOURCES[second][1].items()}
    both = {key: SOURCES[first][1].get(key, "") + other.get(key, "") for key in SOURCES[first][1] | other}
    found = html(**both)
    assert found.dating.source == SOURCES[first][0]
    assert [(source, day[:10]) for source, day in conflicts(found)] == [(SOURCES[second][0], "2015-09-27")]


def test_the_date_of_the_job_wins_and_the_page_contradicts_it() -> None:
    found = html(BYLINE, published="2015-10-01")
    assert found.article.published == Published(value="2015-10-01", precision=Precision.DAY)
    assert found.dating == Dating(source="job", conflicts=(DateConflict(source="byline", value=ZONED),))


def test_the_date_of_the_job_is_not_made_finer() -> None:
    assert value(html(BYLINE, published="2015-09-29")) == "2015-09-29"


def test_a_page_without_a_date_has_no_source() -> None:
    found = extract(Job(id="1", body="A dam burst.", url="https://example.com/dam"))
    assert (found.article.published, found.dating) == (None, Dating())


def test_a_body_is_dated_by_its_address() -> None:
    found = extract(Job(id="1", body="A dam burst.", url="https://example.com/2015/09/29/dam"))
    assert (value(found), found.dating.source) == ("2015-09-29", "url")


def test_scraped_text_is_dated_by_its_header_and_checked_by_its_address() -> None:
    found = scraped(BYLINE, url="https://example.com/2015/09/21/dam")
    assert (value(found), found.dating.source) == (ZONED, "byline")
    assert conflicts(found) == [("url", "2015-09-21")]


@pytest.mark.parametrize(
    ("coarse", "finer"),
    [("2015-09-29", ZONED), ("2015-09-29T09:41:00", ZONED), ("2015-09", ZONED), ("2015", ZONED)],
)
def test_a_source_that_says_the_same_and_more_makes_the_date_finer(coarse: str, finer: str) -> None:
    found = html(BYLINE, head=json_ld(datePublished=coarse))
    assert (value(found), found.dating) == (finer, Dating(source="byline"))


# What is no date of publication


def test_an_update_is_no_conflict() -> None:
    line = "<p>Published 29 September 2015</p><p>Updated <time datetime='2015-10-03'>3 October 2015</time></p>"
    found = html(line, head=json_ld(datePublished="2015-09-29", dateModified="2015-10-03"))
    assert (value(found), conflicts(found)) == ("2015-09-29", [])


@pytest.mark.parametrize(
    "line",
    [
        '<p><span class="date-updated">3 October 2015</span> | By Ann Lee</p>',
        "<p><b>Last updated:</b> <time>3 October 2015</time></p>",
        "<p>Updated <span>3 October 2015</span></p>",
    ],
)
def test_an_update_is_told_by_class_or_by_the_words_before(line: str) -> None:
    assert html(line).dating.source == "byline:updated"


def test_of_two_lines_in_a_header_the_update_is_left() -> None:
    assert value(scraped("Updated 3 October 2015\nPublished 29 September 2015")) == "2015-09-29"


def test_the_day_in_a_masthead_is_no_conflict() -> None:
    found = html(BYLINE, above="<p>Saturday, October 3, 2015</p>")
    assert (value(found), conflicts(found)) == (ZONED, [])


@pytest.mark.parametrize(
    "summary", ["The law on dams was signed into force on August 14, 1935", "It was opened in 1935"]
)
def test_the_day_of_an_event_in_a_summary_is_no_date_of_the_page(summary: str) -> None:
    found = html(f"<p>{summary}</p><p>{BYLINE}</p>")
    assert (value(found), conflicts(found)) == (ZONED, [])


@pytest.mark.parametrize(
    "line",
    [
        "This story was originally published in The Echo on 29 September 2015",
        "Publicado el 29 de septiembre de 2015 a las 9:41",
        "By Ann Lee and Bo Roe of The Echo, 29 September 2015",
        "<p><time>It came out in the early morning of 29 September 2015</time></p>",
    ],
)
def test_a_line_of_words_may_date_the_page(line: str) -> None:
    assert (value(html(line)) or "")[:10] == "2015-09-29"


@pytest.mark.parametrize("updated", ["Updated: 3 October 2015 at 7:00", "Last modified on 3 October 2015"])
def test_the_publication_below_an_update_that_is_dated_is_none_itself(updated: str) -> None:
    found = html(f"<p>{updated}</p><p>Published: 29 September 2015</p>")
    assert (value(found), found.article.modified and found.article.modified.value[:10]) == ("2015-09-29", "2015-10-03")


@pytest.mark.parametrize("count", ["1443516060", "1443516060000"])
def test_the_count_of_a_clock_is_a_date_where_only_machines_read_it(count: str) -> None:
    assert value(html(head=f'<meta property="article:published_time" content="{count}">')) == "2015-09-29T08:41:00Z"
    assert value(html(head=json_ld(datePublished=count))) == "2015-09-29T08:41:00Z"
    assert value(html(f"<p>Reader no. {count}</p><p>{count}</p>")) is None


def test_the_headline_is_told_from_the_name_above_it() -> None:
    page = "<h1>The Echo</h1><p>Saturday, October 3, 2015</p>" + "<p>Menu</p>" * 20
    found = html("29 September 2015", head="<title>Dam bursts above town</title>", above=page)
    assert (value(found), conflicts(found)) == ("2015-09-29", [])


@pytest.mark.parametrize("unset", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00", "0000-00-00 00:00:00"])
def test_a_date_that_was_never_set_is_none(unset: str) -> None:
    found = html(BYLINE, head=json_ld(datePublished=unset))
    assert (value(found), conflicts(found)) == (ZONED, [])


def test_a_day_after_the_page_was_fetched_is_none() -> None:
    found = html("Festival opens 6 May 2016", fetched_at=datetime(2015, 10, 1, tzinfo=UTC))
    assert value(found) is None


# Conflicts and time zones


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        ("2015-09-29T23:30:00Z", "2015/09/30"),  # half past midnight in London
        ("2015-09-30T02:00:00Z", "2015/09/29"),  # the evening before in New York
        ("2015-09-30T02:00:00+05:30", "2015/09/29"),  # by the clock of a server in UTC
        ("2015-09-29T09:41:00", "2015/sep/29"),
        ("2015-09-29T09:41:00+01:00", "2015/09"),
        ("2015-09-30T23:30:00Z", "2015/10"),
    ],
)
def test_a_difference_that_a_time_zone_explains_is_no_conflict(stated: str, path: str) -> None:
    found = html(head=json_ld(datePublished=stated), url=f"https://example.com/{path}/dam")
    assert (found.dating.source, conflicts(found)) == ("json-ld", [])


@pytest.mark.parametrize(
    ("stated", "path", "other"),
    [
        ("2015-09-29T09:41:00Z", "2015/10/01", "2015-10-01"),
        ("2015-09-29T09:41:00+01:00", "2015/09/28", "2015-09-28"),
        ("2015-09-29", "2015/09/28", "2015-09-28"),
        ("2015-09-29T23:30:00", "2015/09/30", "2015-09-30"),
        ("2015-09-29T09:41:00+01:00", "2015/10", "2015-10"),
    ],
)
def test_another_day_is_a_conflict(stated: str, path: str, other: str) -> None:
    found = html(head=json_ld(datePublished=stated), url=f"https://example.com/{path}/dam")
    assert conflicts(found) == [("url", other)]


def test_the_same_moment_in_two_offsets_is_no_conflict() -> None:
    found = html("30 September 2015 00:30 BST", head=json_ld(datePublished="2015-09-29T23:30:00Z"))
    assert (value(found), conflicts(found)) == ("2015-09-29T23:30:00Z", [])


def test_the_ends_of_the_calendar_can_be_compared() -> None:
    found = html(BYLINE, published="0001-01-01T00:00:00+14:00", url="https://example.com/2015/09/29/dam")
    assert [source for source, _ in conflicts(found)] == ["byline", "url"]


# Addresses


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2015/09/29/dam", "2015-09-29"),
        ("world/2015/sep/29/dam", "2015-09-29"),
        ("2015/September/29/dam", "2015-09-29"),
        ("2015/9/29", "2015-09-29"),
        ("dam-bursts-2015-09-29.html", "2015-09-29"),
        ("news/20150929/dam", "2015-09-29"),
        ("2015/WORLD/09/29/dam", "2015-09-29"),
        ("2015/middle_east/9/29/dam/index.html", "2015-09-29"),
        ("2015/dam/9/30-dead", None),
        ("2015/dam/13/1/wall", None),
        ("2015/09/dam", "2015-09"),
        ("2015/02/30/dam", "2015-02"),
        ("2015/13/dam", None),
        ("story/4236383002", None),
        ("a20150929", None),
        ("dam?day=2015-09-29", None),
    ],
)
def test_the_date_in_an_address(path: str, day: str | None) -> None:
    assert value(extract(Job(id="1", body="A dam burst.", url=f"https://example.com/{path}"))) == day


# Time zones


@pytest.mark.parametrize(
    ("zone", "domain", "offset"),
    [
        ("BST", "com", "+01:00"),
        ("BST", "co.uk", "+01:00"),
        ("BST", "com.bd", "+06:00"),
        ("IST", "com", "+05:30"),
        ("IST", "in", "+05:30"),
        ("IST", "ie", "+01:00"),
        ("IST", "co.il", "+02:00"),
        ("CST", "com", "-06:00"),
        ("CST", "com.cn", "+08:00"),
        ("PST", "com.ph", "+08:00"),
        ("EST", "com.au", "+10:00"),
        ("EST", "ca", "-05:00"),
        ("AST", "com", None),
        ("AST", "com.sa", "+03:00"),
        ("AST", "ca", "-04:00"),
        ("AEST", "com", "+10:00"),
        ("CET", "com", "+01:00"),
        ("EDT", "com", "-04:00"),
        ("GMT+3", "com", "+03:00"),
        ("(GMT +3)", "com", "+03:00"),
        ("UTC+05:30", "com", "+05:30"),
        ("UTC-3:30", "com", "-03:30"),
        ("GMT+0545", "com", "+05:45"),
        ("+0200", "com", "+02:00"),
        ("local time", "com", None),
        ("XYZ", "com", None),
    ],
)
def test_the_zone_of_a_byline_is_read_as_its_country_means_it(zone: str, domain: str, offset: str | None) -> None:
    published = scraped(
        f"29 September 2015 09:41 {zone}", url=f"https://www.hillside-echo.{domain}/dam"
    ).article.published
    assert published is not None
    assert published == Published(value=f"2015-09-29T09:41:00{offset or ''}", precision=Precision.MINUTE, offset=offset)


def test_the_country_of_a_page_is_also_told_by_its_language_tag() -> None:
    assert value(html("29 September 2015 09:41 IST", attributes=' lang="en-IE"')) == "2015-09-29T09:41:00+01:00"
    assert value(html("29 September 2015 09:41 IST", head=meta("og:locale", "en_IL"))) == "2015-09-29T09:41:00+02:00"
    assert value(scraped("29 September 2015 09:41 IST", language="en-IE")) == "2015-09-29T09:41:00+01:00"


def test_a_domain_that_the_world_uses_for_its_letters_tells_no_country() -> None:
    assert value(scraped("09/10/2015", url="https://hillside.io/dam")) == "2015"


# Days and months in digits


@pytest.mark.parametrize(
    ("line", "domain", "expected"),
    [
        ("Published 29/09/2015 09:41", "com", "2015-09-29T09:41:00"),
        ("Published 09/29/2015", "com", "2015-09-29"),
        ("Published 09/09/2015", "com", "2015-09-09"),
        ("Published 09/10/2015", "co.uk", "2015-10-09"),
        ("Published 09/10/2015", "us", "2015-09-10"),
        ("Published 09/10/2015", "com.ph", "2015-09-10"),
        ("Published 09/10/2015", "ca", "2015"),
        ("Published 09/10/2015", "com", "2015"),
        ("Published 09.10.2015", "com", "2015-10-09"),
        ("Published 09-10-2015 09:41 BST", "com", "2015-10-09T09:41:00+01:00"),
        ("Published 09/10/2015 9:41 a.m. EDT", "com", "2015-09-10T09:41:00-04:00"),
        ("Published 09/10/2015 9:41 ET", "com", "2015-09-10T09:41:00-04:00"),
        ("Published 31/31/2015", "com", None),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_country(line: str, domain: str, expected: str | None) -> None:
    assert value(scraped(line, url=f"https://www.hillside-echo.{domain}/dam")) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (' lang="en-GB"', "2015-10-09"),
        (' lang="en-US"', "2015-09-10"),
        (' lang="fr"', "2015-10-09"),
        (' lang="en"', "2015"),
    ],
)
def test_or_that_of_the_language(attributes: str, expected: str) -> None:
    assert value(html("Published 09/10/2015", attributes=attributes)) == expected


def test_the_address_decides_where_the_country_does_not() -> None:
    found = scraped("Published 09/10/2015", url="https://example.com/2015/10/09/dam")
    assert (value(found), found.dating) == ("2015-10-09", Dating(source="url"))


def test_a_year_alone_is_said_to_be_one() -> None:
    published = scraped("Published 09/10/2015").article.published
    assert published == Published(value="2015", precision=Precision.YEAR)


# Other languages


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Publié le 29 septembre 2015", "2015-09-29"),
        ("mardi 1er décembre 2015", "2015-12-01"),
        ("29 de septiembre de 2015", "2015-09-29"),
        ("29. September 2015, 09:41 Uhr", "2015-09-29T09:41:00"),
        ("1 de março de 2015", "2015-03-01"),
        ("29 сентября 2015 09:41", "2015-09-29T09:41:00"),
        ("29 Eylül 2015", "2015-09-29"),
        ("29 سبتمبر 2015", "2015-09-29"),
        ("2015年9月29日 09:41", "2015-09-29T09:41:00"),
        ("2015년 9월 29일", "2015-09-29"),
        ("12 marchers 2015", None),
    ],
)
def test_months_are_read_in_other_languages(line: str, expected: str | None) -> None:
    assert value(html(line)) == expected


# Ages

FETCHED = datetime(2015, 9, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ("3 hours ago", "2015-09-28"),
        ("Published 40 mins ago", "2015-09-29"),
        ("Yesterday", "2015-09-28"),
        ("2 weeks ago", "2015-09-15"),
        ("Two people died 3 hours ago", None),
    ],
)
def test_an_age_counts_from_when_the_page_was_fetched(age: str, expected: str | None) -> None:
    assert value(html(age, fetched_at=FETCHED)) == expected


def test_an_age_means_nothing_where_that_is_not_known() -> None:
    assert value(html("3 hours ago")) is None


def test_an_age_gives_way_to_a_date() -> None:
    assert value(html("3 hours ago", head=json_ld(datePublished="2015-09-27"), fetched_at=FETCHED)) == "2015-09-27"


# Bylines far from the headline, and guesses


def test_a_date_behind_a_byline_counts_wherever_it_stands() -> None:
    foot = '<div><a rel="author">Ann Lee</a><p>29 September 2015</p></div>'
    filler = "<p>Menu</p>" * 200
    page = f"<html><body><h1>Dam bursts</h1><p>{TEXT[0]}</p><p>{TEXT[1]}</p>{filler}{foot}</body></html>"
    found = extract(Job(id="1", html=page, language="en"))
    assert (value(found), found.dating.source) == ("2015-09-29", "byline")


def test_the_year_in_a_copyright_notice_is_no_date() -> None:
    page = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT) + "<footer>© 2014 The Echo</footer>"
    assert value(extract(Job(id="1", html=f"<html><body>{page}</body></html>", language="en"))) is None


# Changes


def modified(found: Extraction) -> tuple[str | None, str | None]:
    return (found.article.modified.value if found.article.modified else None, found.sources.modified)


LATER = "2015-10-03T12:00:00+01:00"


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("json-ld:dateModified", {"head": json_ld(datePublished=ZONED, dateModified=LATER)}),
        ("meta:article:modified_time", {"head": meta("article:modified_time", LATER)}),
        ("meta:og:updated_time", {"head": meta("og:updated_time", LATER)}),
        ("microdata:dateModified", {"line": f'<span itemprop="dateModified" content="{LATER}"></span>'}),
        ("byline:updated", {"line": f'<p>Updated <time datetime="{LATER}">3 October 2015</time></p>'}),
    ],
)
def test_a_change_has_its_zone_and_its_source(source: str, fields: dict[str, str]) -> None:
    found = html(**{"head": json_ld(datePublished=ZONED), **fields})
    assert modified(found) == (LATER, source)
    assert found.article.modified is not None
    assert found.article.modified.offset == "+01:00"


def test_what_machines_are_told_of_a_change_goes_before_what_is_shown() -> None:
    found = html("Updated 2 October 2015", head=json_ld(datePublished=ZONED, dateModified=LATER))
    assert modified(found) == (LATER, "json-ld:dateModified")


def test_a_change_is_made_finer_by_another_source() -> None:
    found = html(
        f'<p>Updated <time datetime="{LATER}">3 October</time></p>',
        head=json_ld(datePublished=ZONED, dateModified="2015-10-03"),
    )
    assert modified(found) == (LATER, "byline:updated")


@pytest.mark.parametrize(
    "change", [ZONED, "2015-09-29T08:41:00Z", "2015-09-28", "2015-09-29", "2015-09-29T09:30:00+01:00"]
)
def test_a_page_that_was_not_changed_after_its_publication_has_no_change(change: str) -> None:
    assert modified(html(head=json_ld(datePublished=ZONED, dateModified=change))) == (None, None)


def test_a_change_after_the_page_was_fetched_is_none() -> None:
    found = html(
        head=json_ld(datePublished=ZONED, dateModified="2016-01-01"), fetched_at=datetime(2015, 10, 1, tzinfo=UTC)
    )
    assert modified(found) == (None, None)


def test_a_change_may_stand_in_for_the_publication_and_is_still_one() -> None:
    found = html(head=json_ld(dateModified=LATER))
    assert (value(found), found.dating.source) == (LATER, "json-ld:dateModified")
    assert modified(found) == (LATER, "json-ld:dateModified")


def test_the_date_of_the_making_is_no_change() -> None:
    found = html(head=json_ld(dateCreated=ZONED))
    assert (value(found), modified(found)) == (ZONED, (None, None))


# A page that states when it was saved as its publication

SHOWN = '<p><time datetime="2003-08-14">14 August 2003</time> <span>3 min read</span></p>'
SAVED = {"datePublished": LATER, "dateModified": LATER}


@pytest.mark.parametrize(
    "head",
    [
        json_ld(**SAVED),
        meta("article:published_time", LATER) + meta("article:modified_time", LATER),
        json_ld(datePublished=LATER) + meta("og:updated_time", LATER),
    ],
)
def test_the_day_that_is_shown_goes_before_the_moment_of_saving(head: str) -> None:
    found = html(SHOWN, head=head, url="https://example.com/archive/dam")
    assert (value(found), found.dating.source) == ("2003-08-14", "byline")
    assert [day for _, day in conflicts(found)] == [LATER]
    assert modified(found)[0] == LATER


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (SHOWN, {"datePublished": LATER, "dateModified": "2015-10-04T12:00:00+01:00"}),
        (SHOWN, {"datePublished": LATER}),
        ("<p>14 August 2003</p>", SAVED),
        (SHOWN + '<p>More</p><p><time datetime="2003-08-12">12 August 2003</time></p>', SAVED),
        ('<p>Updated <time datetime="2003-08-14">14 August 2003</time></p>', SAVED),
        ('<p><time datetime="2015-10-05">5 October 2015</time></p>', SAVED),
        ('<p><time datetime="2015-10-02T23:30-05:00">2 October 2015</time></p>', SAVED),
    ],
    ids=[
        "changed since",
        "no change stated",
        "not marked as a date",
        "marked like others",
        "an update",
        "a later day",
        "another offset",
    ],
)
def test_or_else_what_machines_are_told_goes_first(line: str, fields: dict[str, str]) -> None:
    found = html(line, head=json_ld(**fields), url="https://example.com/archive/dam")
    assert (value(found), found.dating.source) == (LATER, "json-ld")


def test_the_date_of_the_job_goes_before_a_day_that_is_shown() -> None:
    found = html(SHOWN, head=json_ld(**SAVED), published=LATER)
    assert (value(found), found.dating.source) == (LATER, "job")
