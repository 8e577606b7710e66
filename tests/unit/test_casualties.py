"""Casualty figures, one construction of English a case. All sentences are invented."""

from __future__ import annotations

import re

import pytest

from pagefacts.contracts import DateFact, Entity, Label, LocationFact, Mention
from pagefacts.facts.casualties import find_casualties

_DEMONYMS = {
    "syrians": "SY", "syrian": "SY", "kenyan": "KE", "kenyans": "KE", "russian": "RU", "turkish": "TR", "turk": "TR",
    "korean": "KP", "south korean": "KR", "iraqis": "IQ", "palestinian": "PS",
}  # fmt: skip


def _country(word: str) -> str | None:
    return _DEMONYMS.get(word.lower())


def _find(text: str):
    return find_casualties(text, (), (), (), _country)


def _figures(text: str):
    return sorted((fact.effect.value, fact.min, fact.max, fact.status.value) for fact in _find(text))


def _reported(*figures):
    return sorted((*figure, "reported") for figure in figures)


# text -> (effect, min, max), all reported
_PLAIN = [
    # voice: passive, reduced passive, active, "-ing"
    ("Twelve miners were killed in the blast.", [("killed", 12, 12)]),
    ("Twelve miners killed in the blast will be buried tomorrow.", [("killed", 12, 12)]),
    ("The blast killed 12 miners.", [("killed", 12, 12)]),
    ("A shell hit the market, killing 12.", [("killed", 12, 12)]),
    ("The gunmen shot dead four guards and fled on foot.", [("killed", 4, 4)]),
    ("Four guards were shot dead.", [("killed", 4, 4)]),
    ("Seven hostages have reportedly been beheaded.", [("killed", 7, 7)]),
    ("The militia executed nine prisoners.", [("killed", 9, 9)]),
    ("Eleven migrants drowned when their boat sank.", [("killed", 11, 11)]),
    ("Three firefighters succumbed to their burns.", [("killed", 3, 3)]),
    ("Fire swept through the hostel and 14 students died.", [("killed", 14, 14)]),
    ("Six villagers were burned alive.", [("killed", 6, 6)]),
    ("Two women were stabbed to death.", [("killed", 2, 2)]),
    ("The crash left 12 dead.", [("killed", 12, 12)]),
    ("The quake claimed the lives of 31 people.", [("killed", 31, 31)]),
    ("The quake claimed 31 lives.", [("killed", 31, 31)]),
    ("Thirty-one people lost their lives.", [("killed", 31, 31)]),
    ("The army lost 40 soldiers in the battle.", [("killed", 40, 40)]),
    ("The bodies of nine hikers were found on Tuesday.", [("killed", 9, 9)]),
    ("Rescuers recovered 15 bodies from the river.", [("killed", 15, 15)]),
    ("The murder of six teachers shocked the town.", [("killed", 6, 6)]),
    ("There were 19 deaths on the roads.", [("killed", 19, 19)]),
    # injured
    ("Eight passengers were slightly injured.", [("injured", 8, 8)]),
    ("The explosion wounded five policemen.", [("injured", 5, 5)]),
    ("Nine children were hospitalised with burns.", [("injured", 9, 9)]),
    ("Five people suffered minor injuries.", [("injured", 5, 5)]),
    ("Four people were taken to a nearby hospital.", [("injured", 4, 4)]),
    ("Four people were hurt.", [("injured", 4, 4)]),
    # missing
    ("Twenty sailors are still missing.", [("missing", 20, 20)]),
    ("Some 300 villagers remain unaccounted for.", [("missing", 300, 300)]),
    # detained
    ("Police arrested 25 protesters.", [("detained", 25, 25)]),
    ("Gunmen kidnapped three engineers.", [("detained", 3, 3)]),
    ("Two journalists were detained at the airport.", [("detained", 2, 2)]),
    ("The abduction of 40 schoolgirls drew protests.", [("detained", 40, 40)]),
    # displaced
    ("The floods displaced 5,000 people.", [("displaced", 5000, 5000)]),
    ("About 2,000 residents were evacuated.", [("displaced", 2000, 2000)]),
    ("More than 800 people fled their homes.", [("displaced", 800, None)]),
    ("The storm left 600 people homeless.", [("displaced", 600, 600)]),
    ("Fighting forced 3,500 people from their homes.", [("displaced", 3500, 3500)]),
    ("The fighting forced 3,500 people to flee their homes.", [("displaced", 3500, 3500)]),
    ("Officials ordered the evacuation of 900 households.", [("displaced", 900, 900)]),
    ("Some 4,000 families have been displaced.", [("displaced", 4000, 4000)]),
    ("The valley now has 70,000 internally displaced people.", [("displaced", 70000, 70000)]),
    ("Chad hosts 1.2 million refugees.", [("displaced", 1200000, 1200000)]),
    # bounds
    ("More than 40 people were killed.", [("killed", 40, None)]),
    ("At least 40 people were killed.", [("killed", 40, None)]),
    ("No fewer than 40 people were killed.", [("killed", 40, None)]),
    ("Up to 40 people were killed.", [("killed", 0, 40)]),
    ("As many as 40 people were killed.", [("killed", 0, 40)]),
    ("Nearly 40 people were killed.", [("killed", 0, 40)]),
    ("Fewer than 40 people were killed.", [("killed", 0, 40)]),
    ("No more than 40 people were killed.", [("killed", 0, 40)]),
    ("Around 40 people were killed.", [("killed", 40, 40)]),
    ("An estimated 40 people were killed.", [("killed", 40, 40)]),
    ("Between 20 and 30 people were killed.", [("killed", 20, 30)]),
    ("The raid killed 20 to 30 people.", [("killed", 20, 30)]),
    ("The raid killed 20-30 people.", [("killed", 20, 30)]),
    ("Forty or more people were killed.", [("killed", 40, None)]),
    ("Two or three people were killed.", [("killed", 2, 3)]),
    # numbers in words
    ("A dozen people were killed.", [("killed", 12, 12)]),
    ("Two dozen people were killed.", [("killed", 24, 24)]),
    ("Dozens of people were killed.", [("killed", 12, None)]),
    ("Hundreds were wounded.", [("injured", 100, None)]),
    ("Tens of thousands of people have fled the fighting.", [("displaced", 10000, None)]),
    ("Several hundred people were wounded.", [("injured", 300, None)]),
    ("Several soldiers were wounded.", [("injured", 3, None)]),
    ("Scores of people were injured.", [("injured", 20, None)]),
    ("1.3 million people have been displaced.", [("displaced", 1300000, 1300000)]),
    ("Half a million people were displaced.", [("displaced", 500000, 500000)]),
    ("Seven lakh people were evacuated.", [("displaced", 700000, 700000)]),
    ("A hundred and twenty people were killed.", [("killed", 120, 120)]),
    # coordination, apposition, ellipsis
    (
        "The cyclone killed at least 70 people, injured dozens and displaced more than 6,000.",
        [("killed", 70, None), ("injured", 12, None), ("displaced", 6000, None)],
    ),
    ("Twelve people died and 30 more were wounded.", [("killed", 12, 12), ("injured", 30, 30)]),
    ("A bomb went off, killing three and injuring 12.", [("killed", 3, 3), ("injured", 12, 12)]),
    ("Five dead, 12 injured in bus crash", [("killed", 5, 5), ("injured", 12, 12)]),
    ("Drone strike kills 7 in border town, injures 30", [("killed", 7, 7), ("injured", 30, 30)]),
    ("A captain, four soldiers and three farmers were killed.", [("killed", 1, 1), ("killed", 3, 3), ("killed", 4, 4)]),
    ("The court heard of the killing of five monks and two others.", [("killed", 2, 2), ("killed", 5, 5)]),
    ("Five people died in the capital and three in the port.", [("killed", 3, 3), ("killed", 5, 5)]),
    ("Three others, two boys and a girl between 11 and 14 years old, were injured.", [("injured", 3, 3)]),
    ("Fifteen people were kidnapped and killed.", [("detained", 15, 15), ("killed", 15, 15)]),
    ("The minister was killed along with two bodyguards.", [("killed", 1, 1), ("killed", 2, 2)]),
    (
        "Six nurses, three of them foreigners, and two drivers were shot dead.",
        [("killed", 2, 2), ("killed", 6, 6), ("killed", 3, 3)],
    ),
    ("The attack left 17 killed or wounded.", [("casualties", 17, 17)]),
    ("The brigade suffered 17 casualties.", [("casualties", 17, 17)]),
    # partitives: the part is counted, the whole is not
    ("Two of the 189 passengers died.", [("killed", 2, 2)]),
    ("None of this helped; two of the 189 passengers were hurt.", [("injured", 2, 2)]),
    ("One of the 12 people killed was a nurse.", [("killed", 12, 12)]),
    # who did it is no victim
    ("Two officers killed three robbers.", [("killed", 3, 3)]),
    ("Eight officers charged with killing six villagers appeared in court.", [("killed", 6, 6)]),
    ("An attack by 200 rebels killed five soldiers.", [("killed", 5, 5)]),
    ("Two suicide bombers killed 40 worshippers.", [("killed", 40, 40)]),
    ("Three people were killed by two masked gunmen.", [("killed", 3, 3)]),
    ("Two men were arrested for murdering a pensioner.", [("detained", 2, 2), ("killed", 1, 1)]),
    # one victim without a number
    ("A man was shot dead.", [("killed", 1, 1)]),
    ("The rebels killed the ambassador.", [("killed", 1, 1)]),
    ("The mayor was assassinated on Sunday.", [("killed", 1, 1)]),
    ("Sniper kills Kenyan policeman", [("killed", 1, 1)]),
    ("A man between 25 and 35 years old was found dead.", [("killed", 1, 1)]),
    ("The mine killed one soldier and wounded another.", [("killed", 1, 1), ("injured", 1, 1)]),
    # rising tolls
    ("The death toll rose to 41 from 35.", [("killed", 41, 41)]),
    ("The death toll from the landslide has reached 41.", [("killed", 41, 41)]),
    ("That brought the toll to more than 200.", [("killed", 200, None)]),
    ("The number of injured climbed to 90.", [("injured", 90, 90)]),
    ("The death toll passed 1,000 on Friday.", [("killed", 1000, None)]),
    # the manner tells the effect
    ("The attacker stabbed four shoppers to death and wounded nine.", [("killed", 4, 4), ("injured", 9, 9)]),
    ("The attacker stabbed two shoppers in the leg.", [("injured", 2, 2)]),
    ("Five people were shot and one of them died.", [("casualties", 5, 5), ("killed", 1, 1)]),
    ("Doctors treated 60 people for gunshot wounds.", [("injured", 60, 60)]),
    ("The envoy said 5 soldiers were KIA and 11 WIA.", [("killed", 5, 5), ("injured", 11, 11)]),
    ("Residents saw 10 dead bodies on the shore.", [("killed", 10, 10)]),
    # headlines leave out articles and "and"
    ("Shelling kills mother, two children", [("killed", 1, 1), ("killed", 2, 2)]),
    ("4 soldiers, civilian killed in ambush", [("killed", 1, 1), ("killed", 4, 4)]),
    ("UPDATE 2-Six servicemen killed in ambush", [("killed", 6, 6)]),
    ("Death of two protesters sparks riots", [("killed", 2, 2)]),
    # dotted names of countries
    ("Two U.S. soldiers were killed in the capital.", [("killed", 2, 2)]),
    ("Three US marines were wounded.", [("injured", 3, 3)]),
    ("Two United States service members have been killed.", [("killed", 2, 2)]),
    # breakdowns: parts that add up to the figure before them
    (
        "The bomb killed 21 people: 14 foreigners, six Iraqis and a Turk.",
        [("killed", 21, 21), ("killed", 14, 14), ("killed", 6, 6), ("killed", 1, 1)],
    ),
    (
        "Nine bodies lay in the square; five rebels, three soldiers and a farmer.",
        [("killed", 9, 9), ("killed", 5, 5), ("killed", 3, 3), ("killed", 1, 1)],
    ),
    ("The toll of the quake rose to 12; 30 people were hurt.", [("killed", 12, 12), ("injured", 30, 30)]),
    ("He mourned the murder of the monks -- three Turks and two Iraqis.", [("killed", 3, 3), ("killed", 2, 2)]),
    # a noun of action and its victims apart
    ("The killing in the capital of three aid workers was condemned.", [("killed", 3, 3)]),
    ("The arrest on Monday of two editors drew protests.", [("detained", 2, 2)]),
    # dead or missing: one figure, never split
    ("Some 6,300 people are dead or missing.", [("casualties", 6300, 6300)]),
    # who did it, once more
    ("One gang killed two monks and another that burned a chapel fled.", [("killed", 2, 2)]),
    ("The officer who shot and wounded two thieves was praised.", [("injured", 2, 2)]),
    ("An aide of the mayor was kidnapped.", [("detained", 1, 1)]),
    ("Police left after a woman was stabbed.", [("injured", 1, 1)]),
    # displaced: more ways to say it
    ("The storm left 1,200 people without shelter.", [("displaced", 1200, 1200)]),
    ("More than 60 families lost their homes.", [("displaced", 60, None)]),
    ("Violence has driven 20,000 people out of their villages.", [("displaced", 20000, 20000)]),
    ("Clashes forced out 30,000 residents.", [("displaced", 30000, 30000)]),
    ("Another 8,000 are living with relatives.", [("displaced", 8000, 8000)]),
    ("Some 8,000 people are in 30 evacuation centres.", [("displaced", 8000, 8000)]),
    ("An evacuation order was issued for 8,000 residents.", [("displaced", 8000, 8000)]),
    ("The storm triggered 5,000 displacements.", [("displaced", 5000, 5000)]),
    ("Some 2,300 people were rescued and taken to relief camps.", [("displaced", 2300, 2300)]),
    # verbs that share a subject
    ("Two traders were ambushed and killed.", [("killed", 2, 2)]),
    ("Two traders were ambushed, robbed and killed.", [("killed", 2, 2)]),
    ("Floods drive 5,000 from homes", [("displaced", 5000, 5000)]),
    ("About 20,000 residents were told to leave.", [("displaced", 20000, 20000)]),
    ("Nearly 400 people were airlifted to safety.", [("displaced", 0, 400)]),
    ("Some 100,000 refugees have crossed into Chad.", [("displaced", 100000, 100000)]),
    # headlines
    ("Army says 5 soldiers killed in past day", [("killed", 5, 5)]),
    ("Two soldiers reported killed, six wounded", [("killed", 2, 2), ("injured", 6, 6)]),
    # upper-case wires
    ("THE OFFENSIVE HAS RESULTED IN 80 DEAD AND 210 WOUNDED.", [("killed", 80, 80), ("injured", 210, 210)]),
    (
        "GUERRILLAS MURDERED FOUR PEASANTS, A NURSE, AND TWO TEACHERS.",
        [("killed", 4, 4), ("killed", 1, 1), ("killed", 2, 2)],
    ),
    ("ON 23 SEPTEMBER 28 BODIES WERE FOUND NEAR THE TOWN.", [("killed", 28, 28)]),
]


@pytest.mark.parametrize(("text", "figures"), _PLAIN, ids=[text[:50] for text, _ in _PLAIN])
def test_states_these_figures(text, figures):
    assert _figures(text) == _reported(*figures)


_NOTHING = [
    "A court sentenced 12 men to death.",
    "Three dead whales washed ashore.",
    "Nine in 10 people killed on the roads were men.",
    "The aim was evacuating both rebels and civilians.",
    "They were killing one another.",
    "Eight people survived the crash, and the dead were not counted.",
    "The 45-year-old was killed.",
    "Killings rose by 12 percent last year.",
    "Police offered $20,000 for the killers.",
    "In 2015 fighting killed civilians.",
    "The car was found 12 miles from the dead man's house.",
    "The rebels fired 300 rockets and killed time.",
    "Officials said the army destroyed 12 tanks and seized 40 rifles from the dead.",
    "He died at 0815 near his home, 30 kilometres from the capital.",
    "John Smith, 45, died at home.",
    "Youths between 15 and 29 die in such accidents.",
    "Nearly 70 per cent of those killed were farmers.",
    "Assad answered protest by escalating repression and killing.",
    "Protesters killed time on Route 66.",
    "The murder trial entered its third week after 12 days of testimony.",
    "The dead man carried an AK-47 and 30 cartridges.",
    "Investigators said 230 cartridges were found at the site of the murder.",
    "Two bombs exploded at 5 p.m. and the killers escaped.",
    "The company lost 12 contracts.",
    "The committee heard 12 witnesses to the killing.",
    "Two gunmen fled on foot.",
    "The team lost two games and drew three.",
    "The army captured 12 villages.",
    "The police executed 12 search warrants.",
    "The soap kills bacteria without causing irritation.",
    "The tool executes tasks without manual input.",
    "The file shrinks without any significant loss of quality.",
    "It kills no germs.",
    "The keeper blocked a shot late in the game.",
    "One of the persons wounded was a student.",
    "Of the two, the one killed on the bridge was never named.",
    "The clerk executes them one by one.",
    "The blaze caused deaths and millions in losses.",
    "A murder suspect was seen.",
    "Cartridges lay at the site of the murder, the official said.",
    "The autopsy found no wounds.",
    "Some 30,000 returnees arrived in the north.",
    "About 30,000 refugees have returned home.",
    "The flood affected 30,000 people.",
    "Guards stopped 58 refugees at the border.",
    "Some 58 refugees were deported.",
    "Six climbers did not die.",
    "Police never arrested the two men.",
    "His uncle died of cancer.",
    "One of the country's best authors died at the age of 79.",
]


@pytest.mark.parametrize("text", _NOTHING)
def test_counts_of_other_things_are_no_figures(text):
    assert _find(text) == ()


_STATUS = [
    ("The dam could kill thousands if it fails.", [("killed", 1000, None, "hypothetical")]),
    ("As many as 90 people may have died.", [("killed", 0, 90, "hypothetical")]),
    ("Thirty miners are feared dead.", [("killed", 30, 30, "hypothetical")]),
    ("The rebels threatened to kill ten hostages.", [("killed", 10, 10, "hypothetical")]),
    ("He was jailed over a plot to murder 12 people.", [("killed", 12, 12, "hypothetical")]),
    ("An eruption would displace 50,000 people.", [("displaced", 50000, 50000, "hypothetical")]),
    ("The sniper managed to kill two soldiers.", [("killed", 2, 2, "reported")]),
    ("Officers were able to arrest two men.", [("detained", 2, 2, "reported")]),
    ("The strike comes a day after two soldiers were killed.", [("killed", 2, 2, "reported")]),
    ("The six priests murdered on Friday had met months before their death.", [("killed", 6, 6, "reported")]),
    ("The bomb may be able to kill two people.", [("killed", 2, 2, "hypothetical")]),
    ("No one was injured.", [("injured", 0, 0, "negated")]),
    ("No injuries were reported.", [("injured", 0, 0, "negated")]),
    ("There were no immediate reports of casualties.", [("casualties", 0, 0, "negated")]),
    ("The crew escaped without injuries.", [("injured", 0, 0, "negated")]),
    ("Nobody was killed, but six people were hurt.", [("killed", 0, 0, "negated"), ("injured", 6, 6, "reported")]),
    ("There was no word on casualties.", []),
    ("The ferry sank without loss of life.", [("killed", 0, 0, "negated")]),
    ("The quake caused no serious injuries.", [("injured", 0, 0, "negated")]),
    ("No civilians were killed.", [("killed", 0, 0, "negated")]),
    ("The two climbers were not injured.", []),
    ("It was the deadliest crash since 2007, when 32 people were killed.", [("killed", 32, 32, "historical")]),
    (
        "The army killed 14 rebels, the worst loss since 1998, when 32 died.",
        [
            ("killed", 14, 14, "reported"),
            ("killed", 32, 32, "historical"),
        ],
    ),
    ("Some 1,012 people died this year, compared with 2,030 last year.", [("killed", 1012, 1012, "reported")]),
    ("Police foiled a plan to bomb the church and kill 200 people.", [("killed", 200, 200, "hypothetical")]),
    ("A similar fire killed nine people two years ago.", [("killed", 9, 9, "historical")]),
    ("The rebels claimed they had killed 30 soldiers.", [("killed", 30, 30, "claimed")]),
    ("The ministry denied that 12 conscripts had been killed.", [("killed", 12, 12, "disputed")]),
    ("The governor confirmed that 12 people had been killed.", [("killed", 12, 12, "confirmed")]),
    ("It is feared that 12 people have died.", [("killed", 12, 12, "hypothetical")]),
    ("A jury will say whether he murdered two neighbours.", [("killed", 2, 2, "hypothetical")]),
    ("The drought could lead to the deaths of thousands of people.", [("killed", 1000, None, "hypothetical")]),
    ("The drought led to the deaths of thousands of people.", [("killed", 1000, None, "reported")]),
    ("They offer money for information leading to the arrest of a thief.", [("detained", 1, 1, "hypothetical")]),
    ("The weapon was aimed at killing two guards.", [("killed", 2, 2, "hypothetical")]),
    ("Police tried to arrest two men.", [("detained", 2, 2, "hypothetical")]),
    ("The army said it had killed 30 rebels.", [("killed", 30, 30, "claimed")]),
    ("The army said 30 rebels had been killed.", [("killed", 30, 30, "reported")]),
    ("The navy said its crew had wounded two pirates.", [("injured", 2, 2, "claimed")]),
    ("The Taliban claimed 12 soldiers were killed.", [("killed", 12, 12, "claimed")]),
    ("A jihadist group claimed responsibility for the bomb that killed 12.", [("killed", 12, 12, "reported")]),
    ("Two boys were allegedly stabbed.", [("injured", 2, 2, "claimed")]),
    ("Police arrested two men for allegedly stealing cars.", [("detained", 2, 2, "reported")]),
    ("Officials could not confirm that two people had died.", [("killed", 2, 2, "disputed")]),
    ("Reports that 12 people died could not be independently verified.", [("killed", 12, 12, "disputed")]),
    ("The army denied the killing of two farmers.", [("killed", 2, 2, "disputed")]),
    ("The army denied that the delay had to do with the killing of two farmers.", [("killed", 2, 2, "reported")]),
    ("Two men were killed in a drug dispute.", [("killed", 2, 2, "reported")]),
    ("Police confirmed two deaths.", [("killed", 2, 2, "confirmed")]),
    ("The army confirmed the raid but locals said eight people were killed.", [("killed", 8, 8, "reported")]),
    ("It was the deadliest raid since 12 people were killed in spring.", [("killed", 12, 12, "historical")]),
    ("It was the worst crash since a ferry sank off the cape, killing 90.", [("killed", 90, 90, "historical")]),
    ("The worst crash since 2001 has killed 90 people.", [("killed", 90, 90, "reported")]),
    ("The raid, the bloodiest since 2001, has resulted in 90 dead.", [("killed", 90, 90, "reported")]),
    ("It was the worst crash since 2001, killing 90 people.", [("killed", 90, 90, "reported")]),
    ("The raid came a month after a bomb killed 12.", [("killed", 12, 12, "historical")]),
    ("Two people were killed in the past 24 hours.", [("killed", 2, 2, "reported")]),
    ("None of the 40 passengers was hurt.", [("injured", 0, 0, "negated")]),
]


@pytest.mark.parametrize(("text", "figures"), _STATUS, ids=[text[:50] for text, _ in _STATUS])
def test_reads_the_status(text, figures):
    assert _figures(text) == sorted(figures)


def _one(text: str, effect: str = "killed", place: int = 0):
    return [fact for fact in _find(text) if fact.effect == effect][place]


@pytest.mark.parametrize(
    ("text", "number_text", "qualifier", "best"),
    [
        ("More than 250,000 people have been killed.", "250,000", "more_than", None),
        ("Dozens of people were killed.", "Dozens", "vague", None),
        ("About a dozen people were killed.", "a dozen", "about", 12),
        ("Between 20 and 30 people were killed.", "20 and 30", "between", None),
        ("Up to 30 people were killed.", "30", "at_most", None),
        ("Nearly 30 people were killed.", "30", "fewer_than", None),
        ("At least two people were killed.", "two", "at_least", None),
        ("Two people were killed.", "Two", "exactly", 2),
        ("A man was killed.", "A", "exactly", 1),
        ("Rebels killed the mayor.", "", "exactly", 1),
        ("No people were killed.", "No", "exactly", 0),
    ],
)
def test_keeps_the_number_as_written_and_how_it_is_bound(text, number_text, qualifier, best):
    fact = _one(text)
    assert (fact.number_text, fact.qualifier, fact.best) == (number_text, qualifier, best)


@pytest.mark.parametrize(
    ("text", "words", "groups", "nationality"),
    [
        ("Four Turkish soldiers were killed.", "Turkish soldiers", {"military"}, "TR"),
        ("250 Syrians were killed.", "Syrians", set(), "SY"),
        ("A bomb killed six women and children.", "women and children", {"woman", "child"}, None),
        ("Two aid workers were killed.", "aid workers", {"aid_worker"}, None),
        ("Three police officers were killed.", "police officers", {"police"}, None),
        ("Nine suspected militants were killed.", "suspected militants", {"rebel"}, None),
        ("Dozens of civilians were killed.", "civilians", {"civilian"}, None),
        ("Two more Kenyan nurses were killed.", "Kenyan nurses", {"medical"}, "KE"),
        ("Four South Korean tourists were killed.", "South Korean tourists", {"foreigner"}, "KR"),
        ("Twenty Palestinian rights activists were killed.", "Palestinian rights activists", set(), "PS"),
        ("Two United States service members were killed.", "United States service members", {"military"}, None),
        ("Twelve civilian women were killed.", "civilian women", {"civilian", "woman"}, None),
        ("Two men were killed.", "men", {"man"}, None),
        ("Nine schoolchildren were killed.", "schoolchildren", {"child"}, None),
        ("Three reporters were killed.", "reporters", {"journalist"}, None),
        ("Three migrants were killed.", "migrants", {"refugee"}, None),
        ("The prime minister was killed.", "prime minister", {"official"}, None),
    ],
)
def test_says_who_was_hit(text, words, groups, nationality):
    victims = _one(text).victims
    assert (victims.text, set(victims.groups), victims.nationality) == (words, groups, nationality)


def test_a_noun_for_the_people_who_fled_is_their_description():
    victims = _one("Chad hosts 40,000 Syrian refugees.", "displaced").victims
    assert (victims.text, victims.groups, victims.nationality) == ("Syrian refugees", ("refugee",), "SY")


def test_has_no_victims_where_only_a_number_stands():
    assert _one("Twelve were killed.").victims is None


@pytest.mark.parametrize(
    ("text", "unit", "term"),
    [
        ("Some 900 families were evacuated.", "households", "evacuated"),
        ("The fire left 40 people homeless.", "persons", "homeless"),
        ("About 1,500 homes were evacuated.", "dwellings", "evacuated"),
        ("Some 660 people are staying in shelters.", "persons", "sheltered"),
        ("Kenya hosts 500,000 refugees.", "persons", "refugee"),
        ("Authorities relocated 340 villagers.", "persons", "relocated"),
    ],
)
def test_keeps_unit_and_kind_of_displacement(text, unit, term):
    fact = _one(text, "displaced")
    assert (fact.unit, fact.term) == (unit, term)


@pytest.mark.parametrize(
    ("text", "source", "kind"),
    [
        ("Twelve people were killed, police said.", "police", "police"),
        ("The hospital said 12 people had died.", "The hospital", "medical"),
        ("According to the United Nations, 12 people were killed.", "the United Nations", "un"),
        ("Twelve people were killed, according to a rights group.", "a rights group", "ngo"),
        ("The interior ministry announced that 12 people had been killed.", "The interior ministry", "government"),
        ("Bomb kills 12 in market: officials", "officials", "government"),
        ("Rebels said they had killed 12 soldiers.", "Rebels", "armed_group"),
        ("The health ministry said 12 people had died.", "The health ministry", "government"),
        ("Reuters reported that 12 people had died.", "Reuters", "media"),
        ("Witnesses said 12 people had died.", "Witnesses", "eyewitness"),
        ("A hospital official said 12 people had died.", "A hospital official", "medical"),
        ("The Taliban claimed 12 soldiers were killed.", "The Taliban", "armed_group"),
        ("The army said 12 people had died.", "The army", "military"),
        ("Security forces said 12 people had died.", "Security forces", "military"),
        ("Officials put the death toll at 12.", "Officials", "government"),
        ('"Twelve people were killed," the mayor told reporters.', "the mayor", "government"),
        ("A newspaper, quoting witnesses, said 12 people had died.", "witnesses", "eyewitness"),
        ("The defense attorney Doe said 12 people had died.", "The defense attorney Doe", None),
        ("State television reported 12 deaths.", "State television", "media"),
        ("Residents told a local radio that 12 people had died.", "Residents", "eyewitness"),
    ],
)
def test_says_who_said_it(text, source, kind):
    found = _one(text).source
    assert (found.text, found.kind) == (source, kind)


def test_each_side_of_a_contradiction_has_its_own_source():
    text = "The clinic said 30 people had died, but the army said 11 had been killed."
    assert [(fact.min, fact.source.text) for fact in _find(text)] == [(30, "The clinic"), (11, "the army")]


def test_a_figure_without_a_source_has_none():
    assert _one("Twelve people were killed on Sunday.").source is None


def test_a_claim_of_an_armed_group_is_a_claim():
    assert _one("Rebels said 12 soldiers had been killed.").status == "claimed"


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [
        ("Thirty people were killed, including 12 children.", 30, 12),
        ("The blast killed 30 people, among them four nurses.", 30, 4),
        ("Thirty people were killed, three of them foreigners.", 30, 3),
        ("Three children are among seven killed in the raid.", 7, 3),
    ],
)
def test_a_part_names_the_figure_that_includes_it(text, whole, part):
    facts = {fact.min: fact for fact in _find(text)}
    assert facts[part].part_of == facts[whole].id
    assert facts[whole].part_of is None


def test_a_part_may_have_another_effect_than_its_whole():
    casualties, injured = _find("There were 17 casualties, including nine wounded.")
    assert (casualties.effect, injured.effect, injured.part_of) == ("casualties", "injured", casualties.id)


def test_a_rising_toll_is_cumulative_and_keeps_what_it_rose_from():
    fact = _one("The death toll rose to 41 from 35.")
    assert (fact.cumulative, fact.previous) == (True, 35)
    assert not _one("Forty-one people were killed.").cumulative


def _date(text: str, words: str, *, name: str = "d1", kind: str = "DATE", day: str | None = None):
    start = text.index(words)
    days = {"from": day, "to": day} if day else {}
    return DateFact(
        id=name, text=words, start=start, end=start + len(words), type=kind, value=day or "P4Y", rule="t", **days
    )


def _place(text: str, words: str, name: str, *, country: str | None = None, kind: str = "name"):
    start = text.index(words)
    mention = Mention(text=words, start=start, end=start + len(words), kind=kind)
    return LocationFact(id=name, name=words, country=country, feature="PCLI", mentions=(mention,), confidence=1)


def test_time_is_the_phrase_around_the_nearest_date():
    text = "More than 250,000 Syrians have been killed over four years of armed conflict, which began in spring."
    dates = (_date(text, "four years", kind="DURATION"), _date(text, "spring", name="d2", day="2011-03-20"))
    time = find_casualties(text, (), dates, (), _country)[0].time
    assert (time.date, time.text) == ("d1", "over four years of armed conflict")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Two soldiers were killed, the army said in a statement on Wednesday.", None),
        ("Police said on Wednesday that two people had died.", None),
        ("The ministry announced Wednesday two people were killed.", None),
        ("Police said two people were killed on Wednesday.", "on Wednesday"),
        ("Police said that on Wednesday two people were killed.", "on Wednesday"),
        ("Two people were killed on Wednesday, police said.", "on Wednesday"),
    ],
)
def test_when_it_was_said_is_not_when_it_happened(text, when):
    (fact,) = find_casualties(text, (), (_date(text, "Wednesday"),), (), _country)
    assert (fact.time.text if fact.time else None) == when


def test_a_number_inside_a_date_is_no_figure():
    text = "The 12 dead of May 12 were buried."
    dates = (_date(text, "May 12", day="2015-05-12"),)
    assert [fact.min for fact in find_casualties(text, (), dates, (), _country)] == [12]


def test_a_figure_of_long_ago_is_historical():
    text = "In 2001 a quake killed 90 people there. Today nobody lives there."
    dates = (
        _date(text, "2001", day="2001-12-31"),
        _date(text, "Today", name="d2", day="2015-01-01").model_copy(update={"anchor": "2015-01-01"}),
    )
    assert find_casualties(text, (), dates, (), _country)[0].status == "historical"


def test_place_is_the_nearest_named_in_the_sentence():
    text = "Lima, Monday. Officials in Quito said a bus crash near Cuenca killed 12 people."
    places = (_place(text, "Lima", "l1"), _place(text, "Quito", "l2"), _place(text, "Cuenca", "l3"))
    assert find_casualties(text, (), (), places, _country)[0].place == "l3"


def test_place_is_the_victims_country_where_the_sentence_names_no_other():
    text = "Moscow announced talks.\nMore than 200 Syrians were killed."
    places = (
        _place(text, "Moscow", "l1", country="RU"),
        _place(text, "Syrians", "l2", country="SY", kind="demonym"),
    )
    assert find_casualties(text, (), (), places, _country)[0].place == "l2"


def test_place_is_the_dateline_where_nothing_nearer_is_named():
    text = "Cuenca, Monday.\nA bus crash killed 12 people."
    assert find_casualties(text, (), (), (_place(text, "Cuenca", "l1"),), _country)[0].place == "l1"


def test_evidence_holds_number_victims_and_effect_in_their_sentence():
    text = "It rained. More than 40 miners have been killed in the pit. Work goes on."
    evidence = _one(text).evidence
    assert evidence.quote == "More than 40 miners have been killed"
    assert text[evidence.start : evidence.end] == evidence.quote
    assert text[evidence.sentence_start : evidence.sentence_end] == "More than 40 miners have been killed in the pit."


def test_evidence_names_the_words_that_set_the_status():
    assert _one("As many as 90 people may have died.").evidence.cue == "may"


def test_a_hedged_distant_figure_is_less_sure_than_a_plain_one():
    plain = _one("Twelve people were killed.").confidence
    hedged = _one("Twelve people in the north of the country could be killed.").confidence
    assert 0 < hedged < plain <= 1


# ---- victims by name; <> marks what the tagger takes for a person ----------------------------------------------------


def _find_named(marked: str):
    text, people = "", []
    for part in re.split(r"(<[^>]*>)", marked):
        if part.startswith("<"):
            name = part[1:-1]
            people.append(Entity(text=name, start=len(text), end=len(text) + len(name), label=Label.PERSON))
            text += name
        else:
            text += part
    return find_casualties(text, people, (), (), _country)


_NAMED = [
    # one name, one victim
    ("<Marcus Hill> was killed in the blast.", [("killed", 1, "Marcus Hill")]),
    ("The blast killed <Marcus Hill>.", [("killed", 1, "Marcus Hill")]),
    ("The assassination of <Jane Roe> shocked the town.", [("killed", 1, "Jane Roe")]),
    ("<Jane Roe>, who was stabbed in the market, is a nurse.", [("injured", 1, "Jane Roe")]),
    ("Sniper wounds <Bo Park>", [("injured", 1, "Bo Park")]),
    # titles belong to the name
    ("The bomb killed Ambassador <Jane Roe>.", [("killed", 1, "Ambassador Jane Roe")]),
    ("Lt. Col. <Ann Lee> was killed.", [("killed", 1, "Lt. Col. Ann Lee")]),
    ("The driver <John Doe> was shot dead.", [("killed", 1, "driver John Doe")]),
    # lists
    ("Rep. <John Doe> and two aides were shot dead.", [("killed", 1, "Rep. John Doe"), ("killed", 2, "aides")]),
    (
        "The crash killed <Marcus Hill>, 23, <Ann Lee>, 25, and <Bo Park>, 30.",
        [("killed", 1, "Ann Lee"), ("killed", 1, "Bo Park"), ("killed", 1, "Marcus Hill")],
    ),
    ("<Mo Hill>, 23, and <Ann Lee>, 25, were killed.", [("killed", 1, "Ann Lee"), ("killed", 1, "Mo Hill")]),
    ("Among the dead were <Ann Lee> and <Bo Park>.", [("killed", 1, "Ann Lee"), ("killed", 1, "Bo Park")]),
    ("Police arrested <Ann Lee> and <Mohammed Park>.", [("detained", 1, "Ann Lee"), ("detained", 1, "Mohammed Park")]),
    ("<John Doe>'s wife was killed.", [("killed", 1, "wife")]),
    # name and description are one person
    ("<Jane Roe>, the ambassador, was assassinated.", [("killed", 1, "Jane Roe")]),
    ("The ambassador, <Jane Roe>, was assassinated.", [("killed", 1, "ambassador")]),
    ("Gunmen killed the mayor, <Jane Roe>, and two guards.", [("killed", 1, "mayor"), ("killed", 2, "guards")]),
    ("Gunmen killed <Jane Roe>, a lawyer, and two guards.", [("killed", 1, "Jane Roe"), ("killed", 2, "guards")]),
    (
        "Gunmen killed <Jane Roe>, her son and two guards.",
        [("killed", 1, "Jane Roe"), ("killed", 1, "son"), ("killed", 2, "guards")],
    ),
    ("Gunmen killed two officers, <John Doe> and <Jim Roe>.", [("killed", 2, "officers")]),
    ("Two officers, <John Doe> and <Jim Roe>, were killed.", [("killed", 2, "officers")]),
    ("The killing of <Ann Lee> was filmed; <Lee> was killed at home.", [("killed", 1, "Ann Lee")]),
    # agents and speakers are no victims
    ("<John Doe> killed two women.", [("killed", 2, "women")]),
    ("Two women were killed by <John Doe>.", [("killed", 2, "women")]),
    ("<Ann Lee> was charged with murdering <Bo Park>.", [("killed", 1, "Bo Park")]),
    ("The blast killed two women, <John Doe> said.", [("killed", 2, "women")]),
    ("The blast killed two women and <John Doe> fled the scene.", [("killed", 2, "women")]),
    ("<Ann Lee> said he was wounded.", []),
    ("<Bo Park> shot himself.", []),
    # no person at all
    ("The <Doe> family was killed in the fire.", []),
    ("<Doe> supporters were wounded.", []),
    ("Shelling of <Doetown>, one farmer killed", [("killed", 1, "farmer")]),
    ("Six <Doe> rebels were killed.", [("killed", 6, "Doe rebels")]),
    ("GUNMEN KILLED <TWO GUARDS>.", [("killed", 2, "GUARDS")]),
    ("<MARCUS HILL> WAS KILLED.", []),
    # a death needs a cause to be a casualty
    ("<John Doe> died at home.", []),
    ("<John Doe> died in the attack.", [("killed", 1, "John Doe")]),
    ("The death of <John Doe> after a long illness was announced.", []),
    ("The death of <John Doe> in a crash was announced.", [("killed", 1, "John Doe")]),
    ("<John Doe> was hospitalised with pneumonia.", []),
]


@pytest.mark.parametrize(("text", "victims"), _NAMED, ids=[text[:50] for text, _ in _NAMED])
def test_a_person_named_is_one_victim(text, victims):
    found = [(fact.effect.value, fact.min, fact.victims.text) for fact in _find_named(text)]
    assert sorted(found) == sorted(victims)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("<Jane Roe> was shot dead.", "reported"),
        ("<Jane Roe> could have been killed.", "hypothetical"),
        ("The rebels threatened to kill <Jane Roe>.", "hypothetical"),
        ("The army denied that <Jane Roe> had been killed.", "disputed"),
        ("The raid came years after <Jane Roe> was murdered.", "historical"),
    ],
)
def test_a_named_victim_has_a_status_like_any_other(text, status):
    assert [fact.status for fact in _find_named(text)] == [status]


def test_a_person_who_is_not_hurt_is_no_victim():
    assert _find_named("<Jane Roe> was not hurt.") == ()


def test_a_named_victim_has_no_words_for_a_number():
    (fact,) = _find_named("The bomb killed Ambassador <Jane Roe>.")
    assert (fact.min, fact.max, fact.best, fact.number_text) == (1, 1, 1, "")
    assert fact.victims.groups == ("official",)


def test_a_named_part_names_its_whole():
    whole, part = _find_named("Six people, including <Ann Lee>, were killed.")
    assert (whole.min, part.min, part.part_of) == (6, 1, whole.id)


def test_a_name_that_is_oftener_a_place_is_no_victim():
    text = "Doe was shelled. Doe lies on the coast. Gunmen killed Doe."
    spans = [(match.start(), match.end()) for match in re.finditer("Doe", text)]
    labels = (Label.GPE, Label.GPE, Label.PERSON)
    entities = [Entity(text="Doe", start=a, end=b, label=label) for (a, b), label in zip(spans, labels, strict=True)]
    assert find_casualties(text, entities, (), (), _country) == ()


def test_victims_have_the_nationality_of_the_country_named_with_them():
    text = "Two Ruritania soldiers were killed."
    places = (_place(text, "Ruritania", "l1", country="RU"),)
    assert find_casualties(text, (), (), places, _country)[0].victims.nationality == "RU"


@pytest.mark.parametrize(
    "text",
    [
        "The bomb killed 21 people: 14 tourists, six Iraqis and a Turk.",
        "The bomb killed 21 people -- 14 tourists, six Iraqis, a Turk.",
        "The bomb killed 21 people, 14 tourists, six Iraqis and a Turk.",
        "Twenty-one people were killed; 14 tourists, six Iraqis and a Turk.",
    ],
)
def test_what_adds_up_to_a_figure_is_part_of_it(text):
    whole, *parts = sorted(_find(text), key=lambda fact: -fact.min)
    assert [(fact.min, fact.part_of) for fact in parts] == [(14, whole.id), (6, whole.id), (1, whole.id)]


def test_what_does_not_add_up_is_a_list():
    facts = _find("The bomb killed 21 people, 14 cooks and six guards.")
    assert [fact.part_of for fact in facts] == [None, None, None]
