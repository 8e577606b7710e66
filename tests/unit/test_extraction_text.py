"""Scraped pages, invented, in the styles of different outlets."""

# ruff: noqa: E501 - the lines of a scraped page are as long as its paragraphs

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pagefacts.contracts import Article, Job
from pagefacts.errors import NoArticle
from pagefacts.extraction import extract


@dataclass(frozen=True)
class Page:
    text: str
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    site: str | None
    lead: str | None
    body: tuple[str, ...]
    """The article's paragraphs, exactly."""


def article(text: str, **fields: str) -> Article:
    return extract(Job(id="1", text=text, language="en", **fields)).article


BROADCASTER = Page(
    text="""Skip to content
Home
News
Sport
Weather
More
Menu
Kellin dam: Dozens feared dead after wall gives way
Published
7 August 2015
Share
Image source, EPA
Image caption, Rescue teams reached the lower valley by boat
By Maren Oduya
BBC News, Port Kellin
At least 34 people have been killed after a dam burst above the town of Port Kellin, officials say.
The wall gave way shortly after midnight following days of heavy rain.
More than 2,000 people have been moved to schools and churches.
"We heard a roar and then the lights went out," a resident told the BBC.
What caused the collapse?
Engineers had warned in June that the spillway was blocked with debris.
The government says it will publish a report within a month.
Related Topics
Floods
Port Kellin
More on this story
Ferry sinks off southern coast with 80 aboard
Published
5 August
Top stories
President resigns after week of protests
Live. Markets slide as oil falls
Elsewhere on the BBC
Why some bridges sing in the wind
Most read
1 Ferry sinks off southern coast with 80 aboard
2 President resigns after week of protests
© 2015 BBC. The BBC is not responsible for the content of external sites. Read about our approach to external linking.""",
    title="Kellin dam: Dozens feared dead after wall gives way",
    authors=("Maren Oduya",),
    published="2015-08-07",
    site="BBC",
    lead=None,
    body=(
        "At least 34 people have been killed after a dam burst above the town of Port Kellin, officials say.",
        "The wall gave way shortly after midnight following days of heavy rain.",
        "More than 2,000 people have been moved to schools and churches.",
        '"We heard a roar and then the lights went out," a resident told the BBC.',
        "What caused the collapse?",
        "Engineers had warned in June that the spillway was blocked with debris.",
        "The government says it will publish a report within a month.",
    ),
)

AGENCY = Page(
    text="""World News
August 7, 2015 / 9:14 PM / 4 years ago
Truck bomb kills 15, wounds 240 in Afghan capital
Hamid Rasuli, Jane Whitcombe
3 Min Read
KABUL, Aug 7 (Reuters) - A truck bomb exploded near an army compound in the Afghan capital early on Friday, killing at least 15 people and wounding 240, police and hospital officials said.
The blast left a crater about 10 metres deep and shattered windows over a kilometre away.
No group claimed responsibility. The Taliban, who are fighting to topple the government, denied involvement.
Slideshow ( 5 images )
"Most of the wounded were hit by flying glass," said a doctor at the city's main hospital.
The United Nations said in a report this week that 1,592 civilians were killed in the first six months of the year.
Reporting by Hamid Rasuli and Jane Whitcombe; Editing by Robert Marsh
Our Standards: The Thomson Reuters Trust Principles.
All quotes delayed a minimum of 15 minutes. See here for a complete list of exchanges and delays.
© 2015 Reuters. All Rights Reserved.""",
    title="Truck bomb kills 15, wounds 240 in Afghan capital",
    authors=("Hamid Rasuli", "Jane Whitcombe"),
    published="2015-08-07T21:14:00",
    site="Reuters",
    lead=None,
    body=(
        "KABUL, Aug 7 (Reuters) - A truck bomb exploded near an army compound in the Afghan capital early on Friday, killing at least 15 people and wounding 240, police and hospital officials said.",
        "The blast left a crater about 10 metres deep and shattered windows over a kilometre away.",
        "No group claimed responsibility. The Taliban, who are fighting to topple the government, denied involvement.",
        '"Most of the wounded were hit by flying glass," said a doctor at the city\'s main hospital.',
        "The United Nations said in a report this week that 1,592 civilians were killed in the first six months of the year.",
    ),
)

COOPERATIVE = Page(
    text="""AP NEWS
Top Stories
Video
Contact Us
Download AP NEWS
Syrian activists: airstrikes kill 27 in rebel-held town
By LENA HADDAD and TOM BRIGGS
Aug. 12, 2015 11:05 AM EDT
In this photo provided by the Local Committees, men search the rubble of a house. (AP Photo/Local Committees)
DAMASCUS, Syria (AP) — Government airstrikes on a crowded market killed at least 27 people on Wednesday, activists said, in one of the deadliest raids in weeks.
Two monitoring groups said some of the wounded were in critical condition and that the toll was likely to rise.
State media did not mention the strikes. It said rebels had shelled a district of the capital, killing five.
The conflict has killed more than 240,000 people since 2011.
___
Associated Press writer Sam Rourke in Beirut contributed to this report.
___
Follow Lena Haddad on Twitter at www.twitter.com/lhaddad
Copyright 2015 The Associated Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed.""",
    title="Syrian activists: airstrikes kill 27 in rebel-held town",
    authors=("LENA HADDAD", "TOM BRIGGS"),
    published="2015-08-12T11:05:00-04:00",
    site="The Associated Press",
    lead=None,
    body=(
        "DAMASCUS, Syria (AP) — Government airstrikes on a crowded market killed at least 27 people on Wednesday, activists said, in one of the deadliest raids in weeks.",
        "Two monitoring groups said some of the wounded were in critical condition and that the toll was likely to rise.",
        "State media did not mention the strikes. It said rebels had shelled a district of the capital, killing five.",
        "The conflict has killed more than 240,000 people since 2011.",
    ),
)

BROADSHEET = Page(
    text="""Support the Guardian
Available for everyone, funded by readers
Support us
News
Opinion
Sport
Culture
Lifestyle
Ferry carrying 300 capsizes on river as rescuers search in dark
Officials say 41 bodies recovered and 60 people still missing after overloaded vessel hit a sandbank
Nadia Feroz in Dhaka
Fri 7 Aug 2015 18.09 BST
First published on Fri 7 Aug 2015 11.42 BST
Share
Relatives wait at the ferry terminal. Photograph: Abir Khan/AFP/Getty Images
A ferry carrying about 300 passengers has capsized on the Padma river in central Bangladesh, leaving at least 41 dead.
Divers worked through the night to reach the lower deck, where many families had been sleeping, the fire service said.
Sign up to First Edition, our free daily newsletter
The vessel was licensed for 120 people. Its captain swam ashore and is being questioned.
“They kept letting more people on,” said Rahima Begum, who lost two sons. “We shouted at them to stop.”
Accidents are common on the country’s rivers. In 2014 a similar disaster killed more than 100.
… we have a small favour to ask. Millions are turning to the Guardian for open, independent, quality news every day, and readers in 180 countries around the world now support us financially.
We believe everyone deserves access to information that’s grounded in science and truth. That’s why we made a different choice: to keep our reporting open for all readers, regardless of where they live or what they can afford to pay.
If there were ever a time to join us, it is now. Every contribution, however big or small, powers our journalism and sustains our future.
Topics
Bangladesh
South and Central Asia
Most viewed
© 2015 Guardian News & Media Limited or its affiliated companies. All rights reserved.""",
    title="Ferry carrying 300 capsizes on river as rescuers search in dark",
    authors=("Nadia Feroz",),
    published="2015-08-07T18:09:00+01:00",
    site="Guardian News & Media",
    lead="Officials say 41 bodies recovered and 60 people still missing after overloaded vessel hit a sandbank",
    body=(
        "A ferry carrying about 300 passengers has capsized on the Padma river in central Bangladesh, leaving at least 41 dead.",
        "Divers worked through the night to reach the lower deck, where many families had been sleeping, the fire service said.",
        "The vessel was licensed for 120 people. Its captain swam ashore and is being questioned.",
        "“They kept letting more people on,” said Rahima Begum, who lost two sons. “We shouted at them to stop.”",
        "Accidents are common on the country’s rivers. In 2014 a similar disaster killed more than 100.",
    ),
)

PAN_ARAB = Page(
    text="""Skip to Content
play
Live
Navigation menu
News
News|Conflict
Air raid on wedding hall kills 28 in northern Yemen
Rebels blame the Saudi-led coalition for the strike, which also wounded at least 60 people.
Survivors say two missiles hit the hall minutes apart [Khaled Saleh/Reuters]
By Yusra Mansour
Published On 7 Oct 2015
7 Oct 2015
An air raid has struck a wedding hall in northern Yemen, killing at least 28 people, medical sources say.
Recommended Stories
list of 3 items
list 1 of 3
Yemen talks collapse before they begin
list 2 of 3
In pictures: The old city under fire
list 3 of 3
UN warns of famine by year's end
end of list
Two missiles hit the building late on Wednesday as guests were arriving, witnesses told Al Jazeera.
"There is nobody left in that family," said Ahmed, a neighbour who helped to carry the wounded.
The coalition denied that its aircraft had been in the area.
Source: Al Jazeera and news agencies
Follow Al Jazeera English
© 2015 Al Jazeera Media Network""",
    title="Air raid on wedding hall kills 28 in northern Yemen",
    authors=("Yusra Mansour",),
    published="2015-10-07",
    site="Al Jazeera Media Network",
    lead="Rebels blame the Saudi-led coalition for the strike, which also wounded at least 60 people.",
    body=(
        "An air raid has struck a wedding hall in northern Yemen, killing at least 28 people, medical sources say.",
        "Two missiles hit the building late on Wednesday as guests were arriving, witnesses told Al Jazeera.",
        '"There is nobody left in that family," said Ahmed, a neighbour who helped to carry the wounded.',
        "The coalition denied that its aircraft had been in the area.",
    ),
)

LOCAL_PAPER = Page(
    text="""We use cookies to give you the best experience. By continuing to browse the site you agree to our use of cookies.
Subscribe
Log In
Obituaries
E-Edition
Tuesday, December 1, 2015
Two dead, six hurt in pileup on icy Route 9
Dana Kowalski, Staff Writer
The Millbrook Courier
Two people died and six were hurt Monday night when 14 vehicles collided on an icy stretch of Route 9 north of town, state police said.
Trooper Alan Reyes said the crash began when a tractor-trailer jackknifed near the county line about 10:40 p.m.
ADVERTISEMENT
The dead were identified as Paul Greer, 52, and Ellen Marsh, 47, both of Millbrook.
Four of the injured were flown to Mercy Hospital. Two were treated at the scene.
The road reopened at 5 a.m. Tuesday.
Contact Dana Kowalski at dkowalski@millbrookcourier.example or 555-0134.
Never miss a story
Sign up for our morning newsletter and get the latest headlines in your inbox.
Email address
Sign Up
You may also like
Council approves new salt barn
Bobcats win fourth straight
Comments
JimBo42
My cousin was in that traffic, it was a mess.
Copyright 2015 The Millbrook Courier. All rights reserved.""",
    title="Two dead, six hurt in pileup on icy Route 9",
    authors=("Dana Kowalski",),
    published="2015-12-01",
    site="The Millbrook Courier",
    lead=None,
    body=(
        "Two people died and six were hurt Monday night when 14 vehicles collided on an icy stretch of Route 9 north of town, state police said.",
        "Trooper Alan Reyes said the crash began when a tractor-trailer jackknifed near the county line about 10:40 p.m.",
        "The dead were identified as Paul Greer, 52, and Ellen Marsh, 47, both of Millbrook.",
        "Four of the injured were flown to Mercy Hospital. Two were treated at the scene.",
        "The road reopened at 5 a.m. Tuesday.",
    ),
)

CAPITAL_PAPER = Page(
    text="""Democracy Dies in Darkness
Sections
Sign in
World
Militants storm university in northern Nigeria, killing 52
A burned dormitory at the college on Sunday. (Musa Bello for The Washington Post)
By Claire Denning and Ibrahim Sule
September 29, 2015 at 5:12 p.m. EDT
Share this article
Comment on this story
Comment
Gift Article
ABUJA, Nigeria — Gunmen burst into a college dormitory before dawn on Tuesday and opened fire on sleeping students, killing at least 52, according to the provost.
Soldiers arrived two hours later, residents said, by which time the attackers had fled on motorcycles.
[Read more: How the insurgency began]
Students load a coffin onto a truck. (Sunday Alamba/AP)
Students load a coffin onto a truck. (Sunday Alamba/AP)
The state has closed all of its schools. “We cannot protect them,” said the governor, who has asked for two more battalions.
At least 10,000 people have died in the insurgency since 2009.
Denning reported from Washington.
Read more:
Nigeria's army says it has retaken three towns
Today's coverage from Post correspondents around the world
Like Washington Post World on Facebook and stay updated on foreign news
View more stories
Company
About The Post
Newsroom Policies & Standards""",
    title="Militants storm university in northern Nigeria, killing 52",
    authors=("Claire Denning", "Ibrahim Sule"),
    published="2015-09-29T17:12:00-04:00",
    site=None,
    lead=None,
    body=(
        "ABUJA, Nigeria — Gunmen burst into a college dormitory before dawn on Tuesday and opened fire on sleeping students, killing at least 52, according to the provost.",
        "Soldiers arrived two hours later, residents said, by which time the attackers had fled on motorcycles.",
        "The state has closed all of its schools. “We cannot protect them,” said the governor, who has asked for two more battalions.",
        "At least 10,000 people have died in the insurgency since 2009.",
    ),
)

CABLE_NEWS = Page(
    text="""CNN values your feedback
1. How relevant is this ad to you?
2. Did you encounter any technical issues?
Cancel
Submit
Earthquake kills at least 300 in Hindu Kush region
By Priya Menon and Saleem Daud, CNN
4 minute read
Updated 1015 GMT (1815 HKT) October 27, 2015
Photos: Earthquake hits South Asia
A man clears rubble from his house in Peshawar, Pakistan.
Hide Caption
1 of 14
Story highlights
Officials say toll will rise as rescuers reach remote villages
(CNN) A powerful earthquake killed at least 300 people in Pakistan and Afghanistan on Monday, authorities said Tuesday.
The 7.5-magnitude quake was centered in the mountains of northeastern Afghanistan and was felt as far away as New Delhi.
Twelve schoolgirls were crushed in a stampede as they fled their building in Takhar province, the governor's spokesman said.
Read More
Landslides have blocked the Karakoram Highway in 45 places, the army said.
CNN's Omar Latif in Islamabad contributed to this report.
Paid Content
Ad Feedback
© 2015 Cable News Network. A Time Warner Company. All Rights Reserved.""",
    title="Earthquake kills at least 300 in Hindu Kush region",
    authors=("Priya Menon", "Saleem Daud"),
    published="2015-10-27T10:15:00+00:00",
    site="Cable News Network",
    lead=None,
    body=(
        "(CNN) A powerful earthquake killed at least 300 people in Pakistan and Afghanistan on Monday, authorities said Tuesday.",
        "The 7.5-magnitude quake was centered in the mountains of northeastern Afghanistan and was felt as far away as New Delhi.",
        "Twelve schoolgirls were crushed in a stampede as they fled their building in Takhar province, the governor's spokesman said.",
        "Landslides have blocked the Karakoram Highway in 45 places, the army said.",
    ),
)

INDIAN_DAILY = Page(
    text="""TRENDING
Election Results
Cricket Score
Home
India
Cities
Wall collapse kills 11 workers in Pune, contractor arrested
Wall collapse kills 11 workers in Pune, contractor arrested
The labourers were asleep in makeshift huts beside the compound when the 20-foot wall fell on them
Written by Anil Deshpande | Pune | Updated: July 2, 2015 14:32 IST
NDRF personnel at the site of the collapse. (Express photo by Rohan Kale)
At least 11 labourers, including two children, were killed when a compound wall fell on their huts in Pune early on Thursday, police said.
Three people were pulled out alive and taken to Sassoon hospital, where one of them is critical.
The police have booked the contractor for culpable homicide. “He ignored a notice from the municipal corporation,” a senior officer said.
The chief minister announced Rs 5 lakh each for the families of the dead. (PTI)
For all the latest India News, download our app.
ALSO READ | Heavy rain forecast for Konkan
Click here to join our channel and stay updated with the latest headlines
TAGS: Pune | wall collapse""",
    title="Wall collapse kills 11 workers in Pune, contractor arrested",
    authors=("Anil Deshpande",),
    published="2015-07-02T14:32:00+05:30",
    site=None,
    lead="The labourers were asleep in makeshift huts beside the compound when the 20-foot wall fell on them",
    body=(
        "At least 11 labourers, including two children, were killed when a compound wall fell on their huts in Pune early on Thursday, police said.",
        "Three people were pulled out alive and taken to Sassoon hospital, where one of them is critical.",
        "The police have booked the contractor for culpable homicide. “He ignored a notice from the municipal corporation,” a senior officer said.",
        "The chief minister announced Rs 5 lakh each for the families of the dead. (PTI)",
    ),
)

PUBLIC_RADIO = Page(
    text="""Accessibility links
Keyboard shortcuts for audio player
Open Navigation Menu
Newsletters
Donate
Wildfire Forces 13,000 From Homes In Northern California
September 13, 2015 7:03 AM ET
By Martha Quill
Enlarge this image
Flames close in on a house near Middletown, Calif. Elaine Park/AP hide caption
A fast-moving wildfire has destroyed 400 homes and forced 13,000 people to flee north of San Francisco, fire officials say.
One person is confirmed dead. Four firefighters are being treated for second-degree burns.
"This fire outran everything we had," said a battalion chief.
The governor declared a state of emergency in Lake and Napa counties.
Your donation makes this reporting possible. Public radio stations depend on listeners like you. Donate today and help us to keep our newsroom strong.
Sign Up For The Daily Newsletter
Catch up on the latest headlines and unique stories, sent every weekday.
By subscribing, you agree to the terms of use and privacy policy.
© 2015 npr""",
    title="Wildfire Forces 13,000 From Homes In Northern California",
    authors=("Martha Quill",),
    published="2015-09-13T07:03:00-04:00",
    site=None,
    lead=None,
    body=(
        "A fast-moving wildfire has destroyed 400 homes and forced 13,000 people to flee north of San Francisco, fire officials say.",
        "One person is confirmed dead. Four firefighters are being treated for second-degree burns.",
        '"This fire outran everything we had," said a battalion chief.',
        "The governor declared a state of emergency in Lake and Napa counties.",
    ),
)

WITH_APPEAL_BOX = Page(
    text="""Stay up to date with notifications from The Messenger

Notifications can be managed in browser preferences.

Coalition considers new strikes as talks on Marib stall

Aid agencies and the governor agreed to open a corridor for families trapped near the old market

Rosa Whitfield
Monday 14 December 2015 07:05 GMT
Comments
The governor met aid workers at the edge of the city on Sunday
The governor met aid workers at the edge of the city on Sunday (AFP)

Your support helps us to tell the story

From housing to the climate, The Messenger is on the ground when the story is developing. Whether it's following the money behind Senator Brandt's campaign or producing our latest documentary, 'Dry Season', we know how important it is to separate the facts from the noise.

At a moment like this, we need reporters on the ground. Your donation allows us to keep sending journalists to speak to both sides of the story.

The Messenger is trusted by readers of every persuasion. And unlike many other news outlets, we choose not to lock people out of our reporting with paywalls. We believe quality journalism should be available to everyone, paid for by those who can afford it.

Your support makes all the difference.

The coalition is considering new air strikes around Marib after talks on a ceasefire broke down, two officials have said.

More than 6,000 people have been killed in nine months of fighting, according to the United Nations.

"We have told them what we need," the governor said. "We have waited for an answer for a week.

"Our people cannot wait for your support any longer."

Trucks queue at the northern checkpoint, which has been closed since Friday.
Trucks queue at the northern checkpoint, which has been closed since Friday. (Lena Brook / Getty)

A photo taken at the checkpoint shows a line of trucks that reaches to the horizon.

He added: “Nobody is coming.”

Join our commenting forum

Join thought-provoking conversations, follow other Messenger readers and see their replies

Comments

Thank you for registering

Please refresh the page or navigate to another page on the site to be automatically logged in""",
    title="Coalition considers new strikes as talks on Marib stall",
    authors=("Rosa Whitfield",),
    published="2015-12-14T07:05:00+00:00",
    site="The Messenger",
    lead="Aid agencies and the governor agreed to open a corridor for families trapped near the old market",
    body=(
        "The coalition is considering new air strikes around Marib after talks on a ceasefire broke down, two officials have said.",
        "More than 6,000 people have been killed in nine months of fighting, according to the United Nations.",
        '"We have told them what we need," the governor said. "We have waited for an answer for a week.',
        '"Our people cannot wait for your support any longer."',
        "A photo taken at the checkpoint shows a line of trucks that reaches to the horizon.",
        "He added: “Nobody is coming.”",
    ),
)

PAGES = {
    "with appeal box": WITH_APPEAL_BOX,
    "broadcaster": BROADCASTER,
    "agency": AGENCY,
    "cooperative": COOPERATIVE,
    "broadsheet": BROADSHEET,
    "pan-arab": PAN_ARAB,
    "local paper": LOCAL_PAPER,
    "capital paper": CAPITAL_PAPER,
    "cable news": CABLE_NEWS,
    "indian daily": INDIAN_DAILY,
    "public radio": PUBLIC_RADIO,
}


@pytest.fixture(params=PAGES.values(), ids=PAGES.keys())
def page(request: pytest.FixtureRequest) -> Page:
    return request.param


def test_the_body_is_all_of_the_article_and_nothing_else(page: Page) -> None:
    assert tuple(article(page.text).text.split("\n")) == page.body


def test_the_header_is_read(page: Page) -> None:
    found = article(page.text)
    assert (found.title, found.authors, found.lead) == (page.title, page.authors, page.lead)
    assert (found.published.value if found.published else None) == page.published


def test_the_publication_is_named(page: Page) -> None:
    if page.site is not None:
        assert article(page.text).site == page.site


@pytest.mark.parametrize(
    "text",
    [
        "Three miners were killed on Monday.\nThe shaft had been closed since 2009.",
        "Three miners were killed on Monday.",
        "Explosion kills five in Kabul",
        "By Friday the toll had reached 41. By Sunday, 60 were dead.",
        "“We ask you to help us,” she said.\nYou could hear the guns from our house, he wrote.",
    ],
)
def test_text_without_boilerplate_comes_through_whole(text: str) -> None:
    assert article(text).text == text


def test_a_headline_above_plain_paragraphs_is_the_title() -> None:
    found = article(
        "Blast kills 12 in northern city\n\nA bomb killed 12 people on Monday.\n\nPolice have arrested two men."
    )
    assert found.title == "Blast kills 12 in northern city"
    assert found.text == "A bomb killed 12 people on Monday.\nPolice have arrested two men."


def test_lines_wrapped_at_a_fixed_width_are_joined() -> None:
    wrapped = (
        "A ferry with about 300 people on board capsized in heavy seas on\n"
        "Tuesday night, and rescuers had found only 41 survivors by dawn, the\n"
        "coast guard said in a statement.\n\n"
        "The captain is missing."
    )
    first, second = article(wrapped).text.split("\n")
    assert first.startswith("A ferry with about 300 people on board capsized in heavy seas on Tuesday night")
    assert second == "The captain is missing."


FERRY = (
    "A ferry carrying more than 300 passengers capsized off the coast of Tarsia province early on Sunday, killing at least 27 people, the coast guard said.",
    "Rescue boats pulled 210 survivors from the water by nightfall, and divers were searching the hull for those still missing.",
    "The vessel, the Maria Stella, left the port of Anlo at about 4 a.m. and was licensed to carry 180 people, according to the transport ministry.",
    "“There were children everywhere on the deck,” said Josef Hanno, 41, who swam to a fishing boat with his daughter.",
    "It was the second deadly sinking in the strait this year. In March, 12 people drowned when a cargo boat went down in a storm.",
    "Officials said the number of dead was expected to rise.",
)


@pytest.mark.parametrize(
    "between",
    [
        "Advertisement",
        "Story continues below advertisement",
        "Read more: Parliament passes the budget by one vote",
        "Rescuers search the water on Sunday. (AP Photo/Jon Smith)",
        "This content is hosted by X, which uses cookies. Click to allow.\nAccept and continue",
    ],
)
@pytest.mark.parametrize(
    "behind", ["", "Tags: floods, ferries\nComments (0)\n", "Related stories\nStorm closes the northern ports\n"]
)
def test_the_last_sentence_stays_though_a_box_stands_before_it(between: str, behind: str) -> None:
    head = "Home\nWorld\nSport\nSign in\nFerry capsizes off Tarsia, at least 27 dead\nBy Ann Lee\n24 November 2026\n"
    foot = "© 2026 The Kellin Herald. All rights reserved.\nPrivacy policy"
    page = head + "\n".join((*FERRY[:-1], between, FERRY[-1])) + f"\n{behind}{foot}"
    assert article(page).text.splitlines() == list(FERRY)


def test_a_subheading_stays_in_the_text() -> None:
    page = (
        "The dam burst at dawn on Monday.\nIt had been built in 1961.\nA warning ignored\nEngineers saw cracks in June."
    )
    assert "A warning ignored" in article(page).text


def test_only_boilerplate_is_still_text() -> None:
    assert article("Share\nSubscribe").text == "Share\nSubscribe"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u00a0"])
def test_a_blank_page_has_no_article(text: str) -> None:
    with pytest.raises(NoArticle):
        article(text)


@pytest.mark.parametrize(
    "label", ["Tags: floods, ferries", "Tagged: Tarsia", "Categories: World, Africa", "Posted in: World"]
)
def test_the_labels_of_an_article_are_no_part_of_it(label: str) -> None:
    head = ("Ferry capsizes off Tarsia, at least 27 dead", "By Ann Lee", "24 November 2026")
    assert article("\n".join((*head, *FERRY, label, "Privacy"))).text.splitlines() == list(FERRY)


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee Published November 24, 2026",
        "Ann Lee | Updated November 24, 2026 09:41am",
        "By Ann Lee Posted on November 24, 2026",
        "Ann Lee / TNN / Nov 24, 2026, 09:41 IST",
        "November 24, 2026 by Ann Lee",
    ],
)
def test_a_name_beside_the_date_is_the_authors(line: str) -> None:
    found = article("\n".join(("Home", "World", "Ferry capsizes off Tarsia, at least 27 dead", line, *FERRY)))
    assert (found.authors, found.published and found.published.value[:10]) == (("Ann Lee",), "2026-11-24")


def test_a_date_below_the_article_is_found_by_its_label() -> None:
    page = "A bomb killed 12 people on Monday.\nPolice have arrested two men.\nPublished: 8 March 2016"
    published = article(page).published
    assert published is not None
    assert published.value == "2016-03-08"


def test_the_url_helps_to_tell_the_site_from_the_headline() -> None:
    found = article(
        "Dam bursts in north | Hillside Echo\nA dam burst on Monday.\nIt was old.", url="https://www.hillsideecho.com/1"
    )
    assert found.title == "Dam bursts in north"
    assert found.site == "hillsideecho.com"
