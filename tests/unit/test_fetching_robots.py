"""robots.txt."""

from __future__ import annotations

import pytest

from worker.fetching.robots import MAX_READ, Rules, agent_token, read_robots


def rules(text: str, agent: str = "pagefacts") -> Rules:
    return read_robots(text.encode(), agent)


def allowed(text: str, *paths: str) -> list[bool]:
    found = rules(text)
    return [found.allow(path) for path in paths]


def test_nothing_said_nothing_forbidden() -> None:
    for text in ("", "<html>not found</html>", "User-agent: *\nDisallow:", "User-agent: other\nDisallow: /"):
        assert allowed(text, "/", "/a?b") == [True, True]


def test_the_longest_pattern_decides_and_allow_wins_a_draw() -> None:
    text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /x\nDisallow: /x"
    assert allowed(text, "/", "/a", "/a/b", "/a/b/d", "/a/b/c", "/x") == [True, False, True, True, False, True]


def test_a_group_of_our_own_goes_before_that_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-Agent: other\nuser-agent: PageFacts/1.0\nDisallow: /private # not here"
    assert allowed(text, "/", "/private/x") == [True, False]


def test_groups_of_the_same_name_are_one() -> None:
    text = "User-agent: pagefacts\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: pagefacts\nDisallow: /c"
    assert allowed(text, "/a", "/b", "/c") == [False, True, False]


def test_a_name_that_only_begins_like_ours_is_another() -> None:
    assert allowed("User-agent: pagefactsbot\nDisallow: /", "/") == [True]


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/*.pdf$", "/a/b.pdf", True),
        ("/*.pdf$", "/a/b.pdf?x", False),
        ("/*.pdf$", "/a.pdf.pdf", True),
        ("/a*b*c", "/a1b2c3", True),
        ("/a*b*c", "/a1c2b3", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("*", "/anything", True),
        ("/a**b", "/ab", True),
        ("/ab*b$", "/ab", False),
        ("/caf%c3%a9", "/caf%C3%A9", True),
        ("/café", "/caf%C3%A9/x", True),
        ("/%7Euser", "/~user/", True),
        ("/a%2Fb", "/a/b", False),
        ("/A", "/a", False),
        ("/?q=", "/?q=x", True),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert allowed(f"User-agent: *\nDisallow: {pattern}", path) == [not matches]


def test_robots_txt_itself_is_never_forbidden() -> None:
    assert allowed("User-agent: *\nDisallow: /", "/robots.txt", "/x") == [True, False]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_every_end_of_line_and_a_byte_order_mark(end: str) -> None:
    text = "\ufeff" + end.join(["User-agent:*", "Crawl-delay: 2.5", "disallow:/a"])
    assert rules(text) == Rules((), ("/a",), 2.5)


@pytest.mark.parametrize("value", ["", "-1", "0", "nan", "inf", "soon"])
def test_a_delay_that_is_none(value: str) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {value}").delay is None


def test_only_so_much_is_read() -> None:
    assert allowed("User-agent: *\n" + "#" * MAX_READ + "\nDisallow: /", "/") == [True]


def test_rules_survive_the_way_through_redis() -> None:
    found = rules("User-agent: *\nDisallow: /a\nAllow: /b\nCrawl-delay: 3")
    assert Rules.from_json(found.to_json()) == found


def test_hostile_files_cost_no_more_than_their_size() -> None:
    """Groups of many agents, whose every rule would count for each of them; patterns of nothing but stars."""
    agents = "".join(f"User-agent: a{n}\n" for n in range(12_000)) + "Disallow: /x\n" * 20_000
    assert rules(agents) == Rules()
    stars = "User-agent: *\n" + "Disallow: /" + "*a" * 200_000 + "b$\n"
    assert rules(stars).allow("/" + "a" * 4_000)
    many = "User-agent: *\n" + "Disallow: /*a*a*a*a*b\n" * 20_000
    assert rules(many).allow("/" + "a" * 200)


def test_the_name_in_robots_txt_is_the_first_word_of_the_user_agent() -> None:
    names = [agent_token(name) for name in ("pagefacts/0.1.0", "Desk-Bot/2 (+https://desk.example)", "7")]
    assert names == ["pagefacts", "desk-bot", "pagefacts"]
