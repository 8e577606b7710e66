"""What a page is: articles are searched for facts, error pages, walls, forums, shops and lists are not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pagefacts.contracts import Job, PageKind
from pagefacts.errors import NoArticle
from pagefacts.extraction import extract
from pagefacts.extraction.article import Extraction
from pagefacts.extraction.bodies.kinds import kind_of_text

STORY = (
    "At least 404 people were killed when a dam burst above the town of Port Kellin on Monday, officials said.",
    "The wall gave way shortly after midnight following days of heavy rain in the hills to the north of the town.",
    "More than 2,000 people have been moved to schools and churches, where volunteers handed out blankets and soup.",
    "“We heard a roar and ran for the hill,” said Maria Tanel, a teacher, who lost two of her neighbours.",
    "Engineers had warned in June that the spillway was blocked with debris and that repairs could not wait.",
    "The government has declared three days of mourning and asked neighbouring countries for helicopters.",
)
HEADLINES = (
    "Dam burst kills hundreds in Port Kellin", "Parliament passes the budget by one vote",
    "Storm closes the northern ports", "Teachers strike for a second week",
    "Museum returns forty bronzes to Benin", "Rail line to the coast reopens in May",
    "Court orders review of water licences", "Farmers block roads over grain prices", "Two injured in tram collision",
    "Central bank holds rates for third month", "Wildfire smoke reaches the capital", "Airport expansion put on hold",
    "Mayor denies knowing of the contract", "Ferry company cancels winter routes", "Nurses accept the new pay offer",
    "Flood warning lifted in the lower valley", "Police find the stolen paintings", "Bridge repairs to take two years",
    "School meals to be free from autumn", "Volcano quiet again after a week", "Fishing quota cut by a third",
    "Opposition names its candidate for mayor",
)  # fmt: skip
MENU = "<nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/sport'>Sport</a></nav>"
FOOT = "<footer><a href='/about'>About us</a> <a href='/privacy'>Privacy</a> © 2026 The Kellin Herald</footer>"


def page(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{MENU}{body}{FOOT}</body></html>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(html: str, url: str | None = None) -> Extraction:
    return extract(Job(id="1", html=html, url=url))


def kind(html: str, url: str | None = None) -> str:
    return read(html, url).article.kind.value


def json_ld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **fields})}</script>'


# Articles


@pytest.mark.parametrize(
    "title",
    [
        "404 killed as dam bursts above Port Kellin - The Kellin Herald",
        "404 dead in Port Kellin",
        "Page not found: how the town's archive was lost",
        "Access denied: the families shut out of the inquiry",
        "Cookies, consent and the new privacy law explained",
        "Just a moment: the second that saved a village",
    ],
)
def test_a_long_story_is_an_article_whatever_its_title_says(title: str) -> None:
    html = page(title, f"<article><h1>{title}</h1>{paragraphs(*STORY, *STORY[::-1])}</article>")
    assert kind(html) == "article"


def test_a_short_report_that_calls_itself_an_article_is_one() -> None:
    head = json_ld(**{"@type": "NewsArticle", "headline": "Two hurt in tram collision"})
    html = page("Two hurt in tram collision", f"<article><h1>Two hurt</h1>{paragraphs(STORY[1])}</article>", head)
    found = read(html)
    assert (found.article.kind, found.sources.kind) == ("article", "json-ld")


def test_an_article_with_links_below_it_is_no_list() -> None:
    more = "".join(f"<li><h3><a href='/{n}'>{headline}</a></h3></li>" for n, headline in enumerate(HEADLINES))
    html = page("Dam burst", f"<article><h1>Dam burst</h1>{paragraphs(*STORY)}</article><ul>{more}</ul>")
    assert kind(html) == "article"


ABROAD = {
    "zh": (
        "水库溃坝造成多人死亡",
        "官员们星期一表示，水库溃坝后，凯林港镇至少有四百零四人死亡，数百人失踪。",
        "连日大雨之后，大坝在午夜过后不久决口，洪水冲进了山谷里的村庄。",
        "两千多人被转移到学校和教堂，志愿者在那里分发毛毯和热汤。",
        "“我们听到一声巨响，就往山上跑。”当地一名教师说，她失去了两个邻居。",
    ),
    "ja": (
        "ダムが決壊し多数が死亡",
        "当局によると、月曜日にダムが決壊し、少なくとも404人が死亡した。",
        "数日間の大雨の後、真夜中過ぎに堤が崩れ、谷の村々が水に沈んだ。",
        "二千人以上が学校や教会に避難し、ボランティアが毛布を配っている。",
        "技術者たちは六月に、放水路が詰まっていると警告していたという。",
    ),
    "hi": (
        "बांध टूटने से सैकड़ों लोगों की मौत",
        "अधिकारियों ने सोमवार को बताया कि शहर के ऊपर बांध टूटने से कम से कम 404 लोगों की मौत हो गई है।",
        "पहाड़ियों में कई दिनों की भारी बारिश के बाद आधी रात के कुछ ही देर बाद दीवार टूट गई।",
        "दो हज़ार से अधिक लोगों को स्कूलों में ले जाया गया है, जहां उन्हें कंबल और भोजन दिया जा रहा है।",
        "सरकार ने तीन दिन के शोक की घोषणा की है और पड़ोसी देशों से हेलीकॉप्टर मांगे हैं।",
    ),
    "ur": (
        "ڈیم ٹوٹنے سے سینکڑوں افراد ہلاک",
        "حکام نے پیر کو بتایا کہ شہر کے اوپر ڈیم ٹوٹنے سے کم از کم 404 افراد ہلاک ہو گئے ہیں۔",
        "پہاڑوں میں کئی دن کی شدید بارش کے بعد آدھی رات کے فوراً بعد دیوار ٹوٹ گئی۔",
        "دو ہزار سے زیادہ لوگوں کو اسکولوں میں منتقل کیا گیا جہاں رضاکار کمبل تقسیم کر رہے ہیں۔",
        "حکومت نے تین دن کے سوگ کا اعلان کیا ہے اور ہمسایہ ممالک سے ہیلی کاپٹر مانگے ہیں۔",
    ),
    "th": (
        "เขื่อนแตกมีผู้เสียชีวิตหลายร้อยคน",
        "เจ้าหน้าที่กล่าวเมื่อวันจันทร์ว่ามีผู้เสียชีวิตอย่างน้อย 404 คนหลังเขื่อนแตกเหนือเมือง",
        "หลังฝนตกหนักหลายวันบนภูเขาทางเหนือ กำแพงเขื่อนพังลงหลังเที่ยงคืนไม่นาน",
        "ประชาชนกว่าสองพันคนถูกย้ายไปยังโรงเรียนและวัด ซึ่งอาสาสมัครกำลังแจกผ้าห่มและอาหาร",
        "รัฐบาลประกาศไว้อาลัยสามวันและขอเฮลิคอปเตอร์จากประเทศเพื่อนบ้าน",
    ),
}


@pytest.mark.parametrize("language", ABROAD)
def test_an_article_in_any_script_with_links_below_it_is_no_list(language: str) -> None:
    headline, *story = ABROAD[language]
    more = "".join(f"<li><h3><a href='/{n}'>{headline} {n}</a></h3></li>" for n in range(25))
    article = f"<article><h1>{headline}</h1>{paragraphs(*story)}</article>"
    assert kind(page(headline, f"{article}<ul>{more}</ul>")) == "article"
    assert kind(page(headline, f"<h1>{headline}</h1><ul>{more}</ul>"), "https://herald.example/") == "index"


def test_an_article_that_names_products_is_an_article() -> None:
    head = json_ld(**{"@type": "Article", "about": {"@type": "Product", "name": "Kettle", "offers": {"price": "20"}}})
    html = page("The best kettles", f"<h1>The best kettles</h1>{paragraphs(*STORY)}<p>Buy now for $20</p>", head)
    assert kind(html) == "article"


def test_comments_below_an_article_make_no_forum() -> None:
    comments = "".join(f"<div class='comment'><p>Comment {n}: so sad to read this.</p></div>" for n in range(9))
    html = page("Dam burst", f"<article><h1>Dam burst</h1>{paragraphs(*STORY)}</article><section>{comments}</section>")
    assert kind(html) == "article"


# Error pages


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404 Not Found", "nginx/1.24.0"),
        ("Page not found - The Kellin Herald", "We could not find the page you were looking for. Try the search."),
        ("403 Forbidden", "You don't have permission to access this resource."),
        ("Access Denied", 'You don\'t have permission to access "http://www.example.com/news" on this server.'),
        ("502 Bad Gateway", "The server is temporarily unable to answer your request."),
        ("The Kellin Herald", "Sorry, the page you requested does not exist or has been moved."),
        ("Error 500 (Server Error)!!", "That is an error. There was an error. Please try again later."),
        ("Service Unavailable", "The site is down for maintenance and will be back soon."),
        ("Unavailable", "Error 451: This content is not available in your region for legal reasons."),
    ],
)
def test_a_page_that_says_it_is_not_there(title: str, text: str) -> None:
    found = read(page(title, f"<h1>{title}</h1><p>{text}</p>"))
    assert found.article.kind == "error"
    assert text in found.article.text
    assert not found.article.tells_facts


def test_an_error_page_with_other_headlines_is_an_error_page() -> None:
    more = "".join(f"<li><a href='/{n}'>{headline}</a></li>" for n, headline in enumerate(HEADLINES))
    html = page("Page not found | Herald", f"<h1>Sorry!</h1><p>This page is gone.</p><h2>Latest</h2><ul>{more}</ul>")
    found = read(html)
    assert (found.article.kind, found.sources.kind) == ("error", "title")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Redirecting…", "You are being redirected to <a href='/a'>the new address</a>."),
        ("", "If you are not redirected automatically, follow <a href='/a'>this link</a>."),
        ("302 Found", "The document has moved <a href='/a'>here</a>."),
        ("The Kellin Herald", "This story has been removed and is no longer available."),
        ("The Kellin Herald", "No results found for “dam burst”. Try other words or search the archive."),
        ("Kellin", "You are trying to access this website from a country whose law we do not follow."),
        ("kellin.example", "This domain is for sale."),
        ("Welcome to nginx!", "If you see this page, the web server is installed and working."),
    ],
)
def test_a_page_that_sends_elsewhere_or_never_was_is_an_error_page(title: str, text: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><p>{text}</p></body></html>"
    assert kind(html) == "error"


def test_a_list_of_files_is_an_index() -> None:
    names = "".join(f"<a href='{n}.html'>{n}.html</a> 2026-03-0{n} 10:00 2K\n" for n in range(1, 9))
    found = read(f"<html><head><title>Index of /news</title></head><body><h1>Index of /news</h1><pre>{names}</pre>")
    assert (found.article.kind, found.sources.kind) == ("index", "title")


# Walls


DEMANDS = (
    "You need to enable JavaScript to run this app.",
    "JavaScript is disabled in this browser. Please enable JavaScript or switch to a supported browser to go on.",
    "Your browser is not supported. Please upgrade to a modern browser.",
    "It looks like you are using an ad blocker. Please disable your ad blocker or whitelist our site.",
)


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("tag", ["p", "noscript"])
def test_a_demand_on_the_browser_is_a_wall(demand: str, tag: str) -> None:
    assert kind(f"<html><head><title>Herald</title></head><body><{tag}>{demand}</{tag}></body></html>") == "consent"


@pytest.mark.parametrize("demand", DEMANDS)
def test_a_short_report_below_such_a_demand_is_an_article(demand: str) -> None:
    html = page("Dam bursts above Port Kellin", f"<h1>Dam bursts above Port Kellin</h1>{paragraphs(demand, STORY[0])}")
    assert kind(html) == "article"
    assert kind_of_text(["Dam bursts above Port Kellin", demand, STORY[0]]) == "article"


def test_a_check_for_robots_is_a_wall() -> None:
    body = (
        "<h1>www.example.com</h1><p>Verifying you are human. This may take a few seconds.</p>"
        "<p>www.example.com needs to review the security of your connection before proceeding.</p><p>Ray ID: 8fd2</p>"
    )
    assert kind(page("Just a moment...", body)) == "consent"


def test_a_request_for_consent_is_a_wall() -> None:
    body = "<h1>We value your privacy</h1>" + paragraphs(
        "We and our 842 partners store and access information on a device, such as cookies, and process personal data.",
        "With your permission we and our partners may use precise data and identify you by scanning your device.",
        "You may withdraw your consent at any time in our privacy policy. Some partners rely on legitimate interest.",
        "Accept all, reject all or manage options below to go on to the site.",
    )
    found = read(page("Before you continue", body))
    assert found.article.kind == "consent"
    assert "legitimate interest" in found.article.text


def test_a_login_form_is_a_wall() -> None:
    body = (
        "<h1>Log in</h1><form><label>E-mail address</label><input name='mail'><label>Password</label>"
        "<input type='password'><p>Forgot your password? Create an account.</p></form>"
    )
    assert kind(page("Log in - The Kellin Herald", body)) == "consent"


# Forums


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (json_ld(**{"@type": "DiscussionForumPosting", "headline": "Dam"}), "json-ld"),
        (json_ld(**{"@type": "QAPage", "mainEntity": {"@type": "Question", "name": "Why?"}}), "json-ld"),
        (
            "<meta name='generator' content='Discourse 3.3.0 - https://github.com/discourse/discourse'>",
            "meta:generator",
        ),
        ("", "text"),
    ],
)
def test_a_discussion_is_a_forum(head: str, source: str) -> None:
    posts = "".join(f"<div class='postbody'><h3>Re: Dam</h3><p>{text}</p></div>" for text in STORY)
    found = read(page("Dam burst - Kellin Forum", f"<h2>Dam burst</h2>{posts}", head))
    assert (found.article.kind, found.sources.kind) == ("forum", source)
    assert STORY[3] in found.article.text


# Shops


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='og:type' content='product'>",
        json_ld(**{"@type": "Product", "name": "Kettle", "offers": {"@type": "Offer", "price": "24.99"}}),
    ],
)
def test_something_for_sale_is_a_product(head: str) -> None:
    body = (
        "<h1>Steel kettle, 1.7 l</h1><p>$24.99</p><button>Add to cart</button>"
        "<p>This kettle boils a litre in two minutes and switches itself off. Its handle stays cool.</p>"
    )
    assert kind(page("Steel kettle – Kellin Home", body, head)) == "product"


# Lists


def teasers(excerpt: bool) -> str:
    return "".join(
        f"<div class='card'><h3><a href='/{n}'>{headline}</a></h3>{f'<p>{STORY[n % 6]}</p>' if excerpt else ''}</div>"
        for n, headline in enumerate(HEADLINES)
    )


@pytest.mark.parametrize("excerpt", [False, True])
@pytest.mark.parametrize("url", ["https://www.example.com/", "https://www.example.com/category/news/page/3", None])
def test_a_list_of_headlines_is_an_index(url: str | None, excerpt: bool) -> None:
    found = read(page("The Kellin Herald", f"<main>{teasers(excerpt)}</main>"), url)
    assert found.article.kind == "index"
    assert HEADLINES[8] in found.article.text


def test_a_front_page_that_states_its_articles_is_an_index() -> None:
    entries = [{"@type": "ListItem", "item": {"@type": "NewsArticle", "headline": each}} for each in HEADLINES]
    head = json_ld(**{"@type": "ItemList", "itemListElement": entries}) + '<meta property="og:type" content="website">'
    cards = "".join(f"<h2><a href='/{n}'>{each}</a></h2><p>{STORY[n % 6]}</p>" for n, each in enumerate(HEADLINES))
    cookies = paragraphs(
        *(
            f"{name} cookies help us to run the site, to measure how it is used, and to show visitors "
            "advertising that fits what they have read before on these pages."
            for name in ("Necessary", "Functional", "Performance", "Analytical", "Advertisement")
        )
    )
    html = page("The Kellin Herald", f"{cards}<div>{cookies}</div>", head)
    assert kind(html, "https://herald.example/") == "index"
    assert (
        kind(page("Dam burst", f"<h1>Dam burst</h1>{paragraphs(*STORY)}", head), "https://herald.example/") == "article"
    )


def test_a_collection_is_an_index() -> None:
    head = json_ld(**{"@type": "CollectionPage", "name": "World"})
    found = read(page("World", f"<h1>World</h1>{teasers(True)}", head), "https://www.example.com/world-news")
    assert (found.article.kind, found.sources.kind) == ("index", "json-ld")


# Live blogs


def live_page(posts: int) -> str:
    update = {"@type": "BlogPosting"}
    entries = [{**update, "headline": f"{9 + n}:00", "articleBody": text} for n, text in enumerate(STORY)]
    head = json_ld(**{"@type": "LiveBlogPosting", "headline": "Dam burst: live", "liveBlogUpdate": entries})
    shown = "".join(
        f"<article class='live-post'><time>{9 + n}:00</time><p>{text}</p></article>"
        for n, text in enumerate(STORY[:posts])
    )
    lead = "<p>Follow the rescue in Port Kellin here as crews search the lower town for survivors of the flood.</p>"
    return page("Dam burst: live", f"<main><h1>Dam burst: live</h1>{lead}{shown}</main>", head)


@pytest.mark.parametrize("shown", [0, 1, 6])
def test_a_live_blog_has_all_its_entries_in_order(shown: int) -> None:
    found = read(live_page(shown))
    assert (found.article.kind, found.sources.kind) == ("live_blog", "json-ld")
    places = [found.article.text.find(text) for text in STORY]
    assert -1 not in places
    assert places == sorted(places)
    assert all(found.article.text.count(text) == 1 for text in STORY)


def test_a_live_blog_without_json_ld_is_told_by_its_address_and_its_entries() -> None:
    posts = "".join(
        f"<div class='liveblog-entry'><time>1{n}:00</time><p>{text}</p></div>" for n, text in enumerate(STORY)
    )
    html = page("Dam burst", f"<main><h1>Dam burst</h1>{posts}</main>")
    assert kind(html, "https://www.example.com/news/live/dam-burst-port-kellin") == "live_blog"
    assert kind(html, "https://www.example.com/news/dam-burst-port-kellin") == "article"


# Nothing at all, and scraped text


@pytest.mark.parametrize("html", ["<html><body></body></html>", "<html><body><img src='a.png'> <hr></body></html>"])
def test_a_page_that_shows_nothing_is_no_article(html: str) -> None:
    with pytest.raises(NoArticle):
        read(html)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["404 Not Found", "The page you requested could not be found."], "error"),
        (["Just a moment...", "Checking your browser before accessing example.com.", "Ray ID: 8fd2"], "consent"),
        (["404 killed as dam bursts above Port Kellin", *STORY], "article"),
        ([STORY[0]], "article"),
        ([], "article"),
    ],
)
def test_scraped_text_has_a_kind(lines: list[str], expected: str) -> None:
    assert kind_of_text(lines) == expected


@pytest.mark.parametrize(
    "headline",
    [
        "400,000 people displaced by floods, four killed",
        "404 people killed in dam burst",
        "Forbidden City reopens after fire that killed two",
        "Access denied to aid convoys in besieged town",
        "Server error delays count of the dead",
        "Whoops! Aqueduct springs a leak",
        "Cookies with poison injure six children",
        "Trains redirected after crash kills four",
        "JavaScript worm shuts hospital",
        "Found: the crew of the lost trawler",
    ],
)
def test_a_short_report_is_no_error_page_whatever_its_headline_begins_with(headline: str) -> None:
    text = "Four people were killed and ten injured on Monday, officials said."
    assert kind_of_text([headline, text]) is PageKind.ARTICLE
    assert extract(Job(html=page(headline, f"<h1>{headline}</h1><p>{text}</p>"))).article.kind is PageKind.ARTICLE
