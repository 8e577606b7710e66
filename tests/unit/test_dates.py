"""Temporal expressions: what is found, and what it means. Every sentence is written for this test."""

from __future__ import annotations

from typing import Any

import pytest

from pagefacts.contracts import DateFact, Precision, Published
from pagefacts.facts.dates import find_dates
from pagefacts.facts.dates.rules import rule_of
from pagefacts.facts.dates.table import TABLE

TUESDAY = Published(value="2015-09-29T09:41:00+01:00", precision=Precision.MINUTE, offset="+01:00")


def found(text: str, published: Published | None = TUESDAY) -> list[tuple[str, str, str]]:
    return [(fact.text, fact.type, fact.value) for fact in find_dates(text, published)]


def only(text: str, published: Published | None = TUESDAY) -> DateFact:
    (fact,) = find_dates(text, published)
    return fact


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        # Days by number and name.
        ("The bridge fell on June 26, 2015, in the storm.", "June 26, 2015", "2015-06-26"),
        ("The bridge fell on 26 June 2015 in the storm.", "26 June 2015", "2015-06-26"),
        ("It was signed on the 4th of July 1976.", "the 4th of July 1976", "1976-07-04"),
        ("Update of 2015-09-12.", "2015-09-12", "2015-09-12"),
        ("Filed 09/12/2015 by the desk.", "09/12/2015", "2015-09-12"),
        ("Filed 25/12/2014 by the desk.", "25/12/2014", "2014-12-25"),
        ("Filed 12.09.2015 by the desk.", "12.09.2015", "2015-09-12"),
        ("Two mines exploded on Sept. 14, police said.", "Sept. 14", "2015-09-14"),
        ("Two mines exploded on 14 September, police said.", "14 September", "2015-09-14"),
        ("The ferry sank on Nov. 3, drowning nine.", "Nov. 3", "2014-11-03"),
        ("The ferry sank on Sept. 29, drowning nine.", "Sept. 29", "2015-09-29"),
        ("The ferry was named in Rome, where its captain was born Dec. 3.", "Dec. 3", "2014-12-03"),
        ("They missed an Oct. 14 deadline.", "Oct. 14", "2015-10-14"),
        ("They missed a Dec. 14 deadline.", "Dec. 14", "2014-12-14"),
        ("He lost his job and will be formally sentenced Dec. 8.", "Dec. 8", "2015-12-08"),
        ("He was killed on 20 February by a sniper.", "20 February", "2015-02-20"),
        ("Thursday, Sept. 24, was quiet.", "Thursday, Sept. 24", "2015-09-24"),
        ("The vote will be held on 11 October.", "11 October", "2015-10-11"),
        ("The hearing of Sunday, Nov. 9, was long.", "Sunday, Nov. 9", "2014-11-09"),
        ("She was shot last Oct. 3 at her door.", "last Oct. 3", "2014-10-03"),
        ("The truce took effect on Dec. 1, they said.", "Dec. 1", "2014-12-01"),
        ("They said the truce of Dec. 1 would hold.", "Dec. 1", "2015-12-01"),
        # Weekdays.
        ("Shells hit the market on Monday, killing two.", "Monday", "2015-09-28"),
        ("Shells hit the market on Tuesday, killing two.", "Tuesday", "2015-09-29"),
        ("Shells hit the market on Wednesday, killing two.", "Wednesday", "2015-09-23"),
        ("Envoys will meet on Wednesday.", "Wednesday", "2015-09-30"),
        ("The talks are scheduled to resume Friday.", "Friday", "2015-10-02"),
        ("A funeral is to be held on Thursday.", "Thursday", "2015-10-01"),
        ("Last Tuesday the road was closed.", "Last Tuesday", "2015-09-22"),
        ("Next Tuesday the road opens.", "Next Tuesday", "2015-10-06"),
        ("They would look into Friday's bombing.", "Friday", "2015-09-25"),
        ("The truce was extended until Friday.", "Friday", "2015-10-02"),
        ("It was not lifted until Friday.", "Friday", "2015-09-25"),
        ("The truce had been due to end on Friday.", "Friday", "2015-09-25"),
        ("Rebels are set to leave the town on Friday.", "Friday", "2015-10-02"),
        ("The envoy meets the rebels Friday.", "Friday", "2015-10-02"),
        ("Mr. Roe announced plans for a truce Friday.", "Friday", "2015-09-25"),
        ("The rebels will meet Gen. Roe on Friday.", "Friday", "2015-10-02"),
        ("The team lost to Ghana on Friday.", "Friday", "2015-09-25"),
        ("The court sits on Friday next week.", "Friday next week", "2015-10-09"),
        ("The truce began as planned on Friday.", "Friday", "2015-09-25"),
        ("Trading was thin ahead of Friday's vote.", "Friday", "2015-10-02"),
        ("She will play in Friday's match.", "Friday", "2015-10-02"),
        ("He was allowed to return home Monday.", "Monday", "2015-09-28"),
        ("Showers are forecast for Friday.", "Friday", "2015-10-02"),
        ("On Friday, the court is set to rule.", "Friday", "2015-10-02"),
        ("The wounded were to be moved out of the city Friday.", "Friday", "2015-10-02"),
        ("They had plans to leave Addis Ababa on Friday.", "Friday", "2015-10-02"),
        ("They organized a forum for Friday.", "Friday", "2015-10-02"),
        ("They gathered for Friday prayers.", "Friday", "2015-09-25"),
        ("They were jailed for Friday's raid.", "Friday", "2015-09-25"),
        ("Nobody knew what had happened. Friday will tell.", "Friday", "2015-10-02"),
        ("She set aside holiday plans for the trip Friday.", "Friday", "2015-09-25"),
        # Days by deixis.
        ("Three died today in the camp.", "today", "2015-09-29"),
        ("Three died yesterday in the camp.", "yesterday", "2015-09-28"),
        ("The envoy flies home tomorrow.", "tomorrow", "2015-09-30"),
        ("He vanished the day before yesterday.", "the day before yesterday", "2015-09-27"),
        # Weeks, months, years.
        ("The village was shelled last week.", "last week", "2015-W39"),
        ("Rain is forecast next week.", "next week", "2015-W41"),
        ("It burned over the weekend.", "the weekend", "2015-W39-WE"),
        ("The village was shelled the week before last.", "the week before last", "2015-W38"),
        ("The bill falls due the year after next.", "the year after next", "2017"),
        ("The river will be dry by the end of the next decade.", "the end of the next decade", "202"),
        ("It was over at the end of May.", "the end of May", "2015-05"),
        ("Protests went on for a third straight day.", "a third straight day", "2015-09-29"),
        ("Floods hit the delta earlier this month.", "earlier this month", "2015-09"),
        ("Floods hit the delta last month.", "last month", "2015-08"),
        ("The dam broke in September 2014.", "September 2014", "2014-09"),
        ("The dam broke in May.", "May", "2015-05"),
        ("The dam broke last November.", "last November", "2014-11"),
        ("Polls will open in November.", "November", "2015-11"),
        ("They agreed to a vote in October.", "October", "2015-10"),
        ("The firm made several planned cuts in August.", "August", "2015-08"),
        ("It will be paid on an unspecified date in November.", "November", "2015-11"),
        ("The envoy, who leaves office in November, has resigned.", "November", "2015-11"),
        ("She was shot on 3 October last year.", "3 October last year", "2014-10-03"),
        ("He fled in August last year.", "August last year", "2014-08"),
        ("The rains failed last year.", "last year", "2014"),
        ("Elections are due next year.", "next year", "2016"),
        ("The truce of 1998 held.", "1998", "1998"),
        ("Not since 1987 had it snowed.", "1987", "1987"),
        ("Quakes of this kind struck in nineteen ninety-six.", "nineteen ninety-six", "1996"),
        ("He was jailed in two thousand and one.", "two thousand and one", "2001"),
        ("He was jailed in the 1990s.", "the 1990s", "199"),
        ("He was jailed in the mid-1980s.", "the mid-1980s", "198"),
        ("He was jailed in the '80s.", "the '80s", "198"),
        ("He was jailed in the mid-80s.", "the mid-80s", "198"),
        ("He was jailed in '86.", "'86", "1986"),
        ("The ruins are from 1200 B.C. or so.", "1200 B.C.", "BC1200"),
        ("Police quoted Norway's 2014 figures.", "2014", "2014"),
        ("2014 was a bad year for them.", "2014", "2014"),
        ("A disease of the 21st century.", "the 21st century", "20"),
        # Quarters, halves, seasons, fiscal years.
        ("Exports fell in the third quarter of 2014.", "the third quarter of 2014", "2014-Q3"),
        ("Exports fell in the second quarter.", "the second quarter", "2015-Q2"),
        ("Q2 exports fell.", "Q2", "2015-Q2"),
        ("Exports fell in the first half of 2013.", "the first half of 2013", "2013-H1"),
        ("The river dried up last summer.", "last summer", "2015-SU"),
        ("The offensive began in the winter of 2012.", "the winter of 2012", "2012-WI"),
        ("Aid for fiscal 2016 was cut.", "fiscal 2016", "2016"),
        # Counted from publication.
        ("The clinic closed two weeks ago.", "two weeks ago", "2015-W38"),
        ("The clinic closed 10 days ago.", "10 days ago", "2015-09-19"),
        ("The clinic closed three months ago.", "three months ago", "2015-06"),
        ("The clinic closed nearly five years ago.", "five years ago", "2010"),
        # Holidays.
        ("The raid came on Christmas Eve.", "Christmas Eve", "2014-12-24"),
        ("The fair opens on Christmas Eve.", "Christmas Eve", "2015-12-24"),
        ("The raid came on the Fourth of July.", "Fourth of July", "2015-07-04"),
        ("The raid came on New Year's Day.", "New Year's Day", "2015-01-01"),
        ("It is open until the New Year.", "New Year", "2016-01-01"),
        ("The raid came on Anzac Day.", "Anzac Day", "2015-04-25"),
        ("The raid came on Labor Day weekend.", "Labor Day weekend", "2015-W36-WE"),
        ("The raid came in Easter week.", "Easter week", "2015-W14"),
        ("Nothing was the same after 9/11.", "9/11", "2001-09-11"),
        ("The raid came last Christmas Eve.", "last Christmas Eve", "2014-12-24"),
        ("Shelling stopped for Easter 2014.", "Easter 2014", "2014-04-20"),
        # No calendar date.
        ("The road is now closed.", "now", "PRESENT_REF"),
        ("The road was recently closed.", "recently", "PAST_REF"),
        ("Nobody knows what the future brings.", "the future", "FUTURE_REF"),
        ("The road is closed at the moment.", "the moment", "PRESENT_REF"),
        ("They may soon meet.", "soon", "FUTURE_REF"),
        ("He will one day be free.", "one day", "FUTURE_REF"),
        ("The clinic closed months ago.", "months ago", "PAST_REF"),
    ],
)
def test_dates(text: str, words: str, value: str) -> None:
    assert found(text) == [(words, "DATE", value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("A blast shook the port on Monday morning.", "Monday morning", "2015-09-28TMO"),
        ("A blast shook the port last night.", "last night", "2015-09-28TNI"),
        ("A blast shook the port this afternoon.", "this afternoon", "2015-09-29TAF"),
        ("The curfew begins tonight.", "tonight", "2015-09-29TNI"),
        ("Rebels attacked on the night of 3 September.", "the night of 3 September", "2015-09-03TNI"),
        ("The siren sounded at 9:41 a.m. and stopped.", "9:41 a.m.", "2015-09-29T09:41"),
        ("The plane left at 0900 GMT.", "0900 GMT", "2015-09-29T09:00"),
        ("The plane left at 10 p.m. Sunday.", "10 p.m. Sunday", "2015-09-27T22:00"),
        ("The plane left at 10:35 a.m. (0735 GMT) Monday.", "10:35 a.m. (0735 GMT) Monday", "2015-09-28T10:35"),
        ("The plane left Friday at about 10:30 p.m. EST.", "Friday at about 10:30 p.m. EST", "2015-09-25T22:30"),
        ("The plane left on 3 September at 21:30.", "3 September at 21:30", "2015-09-03T21:30"),
        ("The plane left at 7:30 on Friday evening.", "7:30 on Friday evening", "2015-09-25T19:30"),
        ("The plane left on 3 September 2015 9:30 p.m. and fell.", "3 September 2015 9:30 p.m.", "2015-09-03T21:30"),
        ("The plane left at noon on Friday.", "noon on Friday", "2015-09-25T12:00"),
        ("The plane left at 12 o'clock at night.", "12 o'clock at night", "2015-09-29T00:00"),
        ("The plane left at 4 in the morning.", "4 in the morning", "2015-09-29T04:00"),
        ("The plane left at three o'clock in the afternoon.", "three o'clock in the afternoon", "2015-09-29T15:00"),
        ("The plane left at 11 at night on Friday.", "11 at night on Friday", "2015-09-25T23:00"),
        ("Rain fell during the night.", "the night", "2015-09-29TNI"),
        ("Rain fell into the night.", "the night", "2015-09-29TNI"),
        ("The raid began at dawn Monday.", "dawn Monday", "2015-09-28TMO"),
        ("The plane left by mid-afternoon.", "mid-afternoon", "2015-09-29TAF"),
        ("Seen 2015-09-12T08:30:00Z by radar.", "2015-09-12T08:30:00Z", "2015-09-12T08:30"),
    ],
)
def test_times(text: str, words: str, value: str) -> None:
    assert found(text) == [(words, "TIME", value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("More than 1,000 have died over four years of war.", "four years", "P4Y"),
        ("They were held for two months.", "two months", "P2M"),
        ("A 24-hour curfew was imposed.", "24-hour", "PT24H"),
        ("Fighting went on for several days.", "several days", "PXD"),
        ("Fighting went on for decades.", "decades", "PXE"),
        ("Fighting went on for two decades.", "two decades", "P20Y"),
        ("The past three months were calm.", "The past three months", "P3M"),
        ("It took two and a half years to clear.", "two and a half years", "P2Y6M"),
        ("They waited half an hour.", "half an hour", "PT30M"),
        ("They waited a couple of weeks.", "a couple of weeks", "P2W"),
        ("It shook for 6.5 seconds.", "6.5 seconds", "PT6.5S"),
        ("The past decade was dry.", "The past decade", "P10Y"),
        ("Nine have died in the past week.", "the past week", "P1W"),
        ("The next decade will be dry.", "The next decade", "P10Y"),
        ("A week-long siege ended.", "week-long", "P1W"),
        ("A weekslong siege ended.", "weekslong", "PXW"),
        ("Months of siege ended.", "Months", "PXM"),
        ("They went weeks without water.", "weeks", "PXW"),
        ("Police found 15 more bodies a week after the fire.", "a week", "P1W"),
        ("The men must post a 1,000 dollar bond within a week.", "a week", "P1W"),
        ("Attacks rose in recent weeks.", "recent weeks", "PXW"),
        ("Rain is forecast in the coming days.", "the coming days", "PXD"),
        ("A few days later the siege ended.", "A few days later", "PXD"),
        ("It ended a quarter of a century of war.", "a quarter of a century", "P25Y"),
        ("It took 2½ hours to clear.", "2½ hours", "PT2H30M"),
    ],
)
def test_durations(text: str, words: str, value: str) -> None:
    assert found(text) == [(words, "DURATION", value)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("Mines kill somebody every day.", "every day", "P1D"),
        ("Mines kill somebody each year.", "each year", "P1Y"),
        ("Mines kill somebody every two weeks.", "every two weeks", "P2W"),
        ("A convoy passes weekly.", "weekly", "P1W"),
        ("A convoy passes every Thursday.", "every Thursday", "XXXX-WXX-4"),
        ("A convoy passes on Sundays.", "Sundays", "XXXX-WXX-7"),
        ("A convoy passes twice a week.", "a week", "P1W"),
        ("A convoy passes on weekends.", "weekends", "XXXX-WXX-WE"),
        ("The river floods every July.", "every July", "XXXX-07"),
    ],
)
def test_sets(text: str, words: str, value: str) -> None:
    assert found(text) == [(words, "SET", value)]


@pytest.mark.parametrize(
    "text",
    [
        "At least 2,015 people were killed.",
        "The quake killed 2015 people and cut the road.",
        "Troops killed 1990 of them.",
        "Two thousand died, two thousand more were hurt.",
        "A total of 2000 soldiers were sent.",
        "They may march against the sun.",
        "Mrs May sat down; the second man did not.",
        "Officials may have lied.",
        "A 30-year-old man and a girl aged 8 were hurt.",
        "Girls aged 8-10 years and boys aged between two and six years were hurt.",
        "It was the airline of the Year.",
        "They had a Christmas after all, with 15 drug overdoses a month.",
        "He was seen at the Christmas market, after the New Year honours.",
        "He paid $1999 for it.",
        "The score was 3-1, with 17:46 played.",
        "USA Today said it first.",
        "He told 60 Minutes of the Six-Day War.",
        "It costs $3 million a year and grows 8 percent annually.",
        "She was soon freed.",
        "It floods every now and again, in the year of the rat or not.",
        "It was the third attack in as many days.",
        "Year after year they run the 1500 m, and the Chinese New Year is no holiday.",
        'He told "This Week" so at high noon.',
        "Highs will be in the 80s.",
        "He told Russia Today and The Sunday Times so.",
        "April Roe sat down.",
        "The fall of the city was swift.",
        "The Daily Star named him in a prayer of thanksgiving.",
        "Three-quarters of the houses are gone.",
        "On 31 Foo nothing happened, and 99/99/2015 is no date.",
    ],
)
def test_no_date(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Two died on 29 September.", "DATE", "XXXX-09-29"),
        ("Two died on Monday.", "DATE", "XXXX-WXX-1"),
        ("Two died on Monday morning.", "TIME", "XXXX-WXX-1TMO"),
        ("Two died yesterday.", "DATE", "XXXX-XX-XX"),
        ("Two died last week.", "DATE", "XXXX-WXX"),
        ("Two died the week before last.", "DATE", "XXXX-WXX"),
        ("Two died last month.", "DATE", "XXXX-XX"),
        ("Two died last year.", "DATE", "XXXX"),
        ("Two died in May.", "DATE", "XXXX-05"),
        ("Two died in the third quarter.", "DATE", "XXXX-Q3"),
        ("Two died last summer.", "DATE", "XXXX-SU"),
        ("Two died on Christmas Day.", "DATE", "XXXX-12-25"),
        ("Two died three years ago.", "DATE", "XXXX"),
        ("Two died at 3 p.m. there.", "TIME", "XXXX-XX-XXT15:00"),
    ],
)
@pytest.mark.parametrize("published", [None, Published(value="2015-09", precision=Precision.MONTH)])
def test_without_a_day_of_publication_values_keep_what_is_known(
    text: str, kind: str, value: str, published: Published | None
) -> None:
    fact = only(text, published)
    assert (fact.type, fact.value, fact.first, fact.last, fact.anchor) == (kind, value, None, None, None)


@pytest.mark.parametrize(
    ("text", "first", "last", "anchor"),
    [
        ("It fell on 26 June 2014.", "2014-06-26", "2014-06-26", None),
        ("It fell in February 2016.", "2016-02-01", "2016-02-29", None),
        ("It fell in 1998.", "1998-01-01", "1998-12-31", None),
        ("It fell in the third quarter of 2014.", "2014-07-01", "2014-09-30", None),
        ("It fell on Monday.", "2015-09-28", "2015-09-28", "2015-09-29"),
        ("It fell last week.", "2015-09-21", "2015-09-27", "2015-09-29"),
        ("It fell over the weekend.", "2015-09-26", "2015-09-27", "2015-09-29"),
        ("It fell in the past three months.", "2015-06-29", "2015-09-29", "2015-09-29"),
        ("It fell in the past month.", "2015-08-29", "2015-09-29", "2015-09-29"),
        ("It fell in the 1990s.", "1990-01-01", "1999-12-31", None),
        ("It lasted four years.", None, None, None),
        ("It fell every day.", None, None, None),
        ("It fell last summer.", None, None, "2015-09-29"),  # the hemispheres differ
    ],
)
def test_days_covered(text: str, first: str | None, last: str | None, anchor: str | None) -> None:
    fact = only(text)
    assert (fact.first, fact.last, fact.anchor) == (first, last, anchor)


def test_the_day_of_publication_is_that_of_its_own_offset() -> None:
    late = Published(value="2015-09-29T23:50:00-05:00", precision=Precision.MINUTE, offset="-05:00")
    assert only("Two died today.", late).value == "2015-09-29"


def test_what_was_said_before_is_referred_to() -> None:
    text = "A mine exploded on 3 May 2012. The following day two did, and that night a third, two weeks later a fourth."
    assert [value for _, _, value in found(text)] == ["2012-05-03", "2012-05-04", "2012-05-04TNI", "2012-W20"]


def test_a_time_of_day_is_on_the_day_spoken_of_a_few_sentences_before() -> None:
    text = f"A mine exploded on 3 May 2012. {'Nobody knew what to do. ' * 12}At 8 p.m. another did."
    assert [value for _, _, value in found(text)] == ["2012-05-03", "2012-05-03T20:00"]


def test_that_night_may_be_far_from_its_day() -> None:
    text = f"A mine exploded on 3 May 2012. {'Nobody knew what to do. ' * 20}That night another did."
    assert [value for _, _, value in found(text)] == ["2012-05-03", "2012-05-03TNI"]


def test_the_day_before_is_next_to_the_day_spoken_of() -> None:
    text = "Nine died on 3 May 2012, four the day before, and two the year before."
    assert [value for _, _, value in found(text)] == ["2012-05-03", "2012-05-02", "2011"]


def test_a_year_earlier_is_the_same_quarter_of_the_year_before() -> None:
    text = "Losses rose in the second quarter to 40 from 30 a year earlier."
    assert [value for _, _, value in found(text)] == ["2015-Q2", "2014-Q2"]


def test_two_days_of_one_month() -> None:
    assert [value for _, _, value in found("Shells fell on April 24 and 25, then on 3 and 4 May.")] == [
        "2015-04-24",
        "2015-04-25",
        "2015-05-03",
        "2015-05-04",
    ]


def test_a_range_has_one_year() -> None:
    assert [value for _, _, value in found("It ran May 3-5, 2012, then Dec. 30-Jan. 2.")] == [
        "2012-05-03",
        "2012-05-05",
        "2014-12-30",
        "2015-01-02",
    ]


def test_the_year_is_that_of_the_day_spoken_of() -> None:
    text = "She left on 3 May 1953. By the end of the year she was back, and later in the decade she married."
    assert [value for _, _, value in found(text)] == ["1953-05-03", "1953", "195"]


def test_the_year_that_the_clause_looks_ahead_to_is_that_of_publication() -> None:
    text = "The first was built on 3 May 1953. The last will be built by the end of the year."
    assert [value for _, _, value in found(text)] == ["1953-05-03", "2015"]


def test_that_year_and_the_following_year_count_from_the_one_spoken_of() -> None:
    text = "They met in 1940, again on June 20 of that same year, in the fall of that year and in March the next year."
    assert [value for _, _, value in found(text)] == ["1940", "1940-06-20", "1940-FA", "1941-03"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It rained from Friday to Sunday.", "2015-09-25", "2015-09-27"),
        ("The fair will run from Sunday through Wednesday.", "2015-10-04", "2015-10-07"),
        ("The fair runs from 20 November to 11 January.", "2015-11-20", "2016-01-11"),
        ("It rained between 20 May 2012 and 11 June.", "2012-05-20", "2012-06-11"),
        ("It rained from November to March.", "2014-11", "2015-03"),
        ("The firm bought shares from 14 September to Monday.", "2015-09-14", "2015-09-28"),
    ],
)
def test_the_end_of_a_range_is_after_its_beginning(text: str, first: str, last: str) -> None:
    assert [value for _, _, value in found(text)] == [first, last]


def test_a_time_may_be_of_the_next_day() -> None:
    text = "He was seen on 3 May 2012, found at 6:30 a.m. the following morning and buried at noon the next day."
    assert [value for _, _, value in found(text)] == ["2012-05-03", "2012-05-04T06:30", "2012-05-05T12:00"]


def test_wire_text_in_capitals() -> None:
    wire = Published(value="1990-01-09", precision=Precision.DAY)
    text = "BOGOTA, 8 JAN 90 (EFE) -- TEN PEASANTS WERE KILLED LAST NIGHT AT 2130 HOURS. POLICE MAY ACT IN MARCH."
    assert found(text, wire) == [
        ("8 JAN 90", "DATE", "1990-01-08"),
        ("LAST NIGHT", "TIME", "1990-01-08TNI"),
        ("2130 HOURS", "TIME", "1990-01-08T21:30"),
        ("MARCH", "DATE", "1990-03"),
    ]


def test_a_number_after_a_month_is_no_year_before_what_is_counted() -> None:
    assert found("On 8 January 20 people were killed.") == [("8 January", "DATE", "2015-01-08")]


def test_29_february_is_one_of_a_leap_year() -> None:
    assert only("The ship sank on 29 February.").value == "2012-02-29"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_do_not_raise(day: str) -> None:
    text = "Last century, next century, last week, next week, 12,000 years ago, next Monday, tomorrow, yesterday."
    for fact in find_dates(text, Published(value=day, precision=Precision.DAY)):
        assert fact.value


def test_hard_wrapped_lines_are_no_gap_in_an_expression() -> None:
    assert found("The raid came on 26\nJune 2015 at last.") == [("26\nJune 2015", "DATE", "2015-06-26")]


def test_ids_count_in_the_order_of_the_text_and_rules_are_named() -> None:
    facts = find_dates("On Monday, then in 1998, then every day.", TUESDAY)
    assert [(fact.id, fact.rule) for fact in facts] == [("d1", "day.weekday"), ("d2", "year"), ("d3", "set.every")]


@pytest.mark.parametrize("text", ["Jane Roe, 32, of 1119 Eighth St., was held.", "He lives at 1928 Elm Street."])
def test_a_house_number_is_no_year(text: str) -> None:
    assert found(text) == []


def test_a_street_may_follow_a_year() -> None:
    assert only("In 2008 Wall Street fell.").value == "2008"


@pytest.mark.parametrize("rule", TABLE["rules"], ids=lambda rule: rule["id"])
def test_every_rule_makes_its_examples(rule: dict[str, Any]) -> None:
    assert rule["source"]
    assert rule["examples"]
    for example in rule["examples"]:
        published = Published(value=example.get("published", "2013-03-19"), precision=Precision.DAY)
        facts = find_dates(example["text"], published)
        assert (rule["id"], example["expression"], example["value"]) in [
            (fact.rule, fact.text, fact.value) for fact in facts
        ]


def test_ids_of_rules_are_unique() -> None:
    ids = [rule["id"] for rule in TABLE["rules"]]
    assert len(set(ids)) == len(ids)


def test_a_rule_names_a_reader_that_there_is() -> None:
    with pytest.raises(ValueError, match=r"rule day\.of-doom: there is no reader 'doom'"):
        rule_of({"id": "day.of-doom", "needs": "digits", "read": "doom", "pattern": "x"})
