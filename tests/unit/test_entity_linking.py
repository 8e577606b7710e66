"""Which mentions name the same: written as ``[PERSON Vladimir Putin] … Mr [PERSON Putin]``."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from pagefacts.contracts import Entity, Label, dump_entities, load_entities
from pagefacts.tagging.linking import link
from pagefacts.tagging.names import find_names

MARKED = re.compile(r"\[([A-Z_]+) ([^\]]*)\]")


def read(marked: str) -> tuple[str, list[Entity]]:
    text, entities, at = "", [], 0
    for match in MARKED.finditer(marked):
        text += marked[at : match.start()]
        entities.append(
            Entity(text=match[2], label=Label(match[1]), start=len(text), end=len(text) + len(match[2])),
        )
        text, at = text + match[2], match.end()
    return text + marked[at:], entities


def linked(marked: str) -> tuple[Entity, ...]:
    return link(*read(marked))


def ids(marked: str) -> str:
    """Return the numbers of the mentions: ``1 2 1``; ``-`` where there is none."""
    return " ".join((entity.entity_id or "-").removeprefix("e") for entity in linked(marked))


def names(marked: str) -> list[str | None]:
    return [entity.name for entity in linked(marked)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[PERSON Vladimir Putin] spoke. Mr [PERSON Putin] left.", "1 1"),
        ("[PERSON Vladimir Putin] spoke. [PERSON Mr Putin] left.", "1 1"),
        ("[PERSON Putin] warns West. [PERSON Vladimir Putin] spoke.", "1 1"),
        ("[PERSON Barack Obama], then President [PERSON Obama], then [PERSON President Obama]", "1 1 1"),
        ("[PERSON George Osborne] and Mr. [PERSON Osborne], [PERSON Mr. Osborne]", "1 1 1"),
        ("[PERSON Bashar al-Assad], [PERSON al-Assad], [PERSON Al-Assad], [PERSON Assad]", "1 1 1 1"),
        ("[PERSON Bashar al-Assad], [PERSON Bashar Assad] and [PERSON Bashar al Assad]", "1 1 1"),
        ("[PERSON Osama bin Laden], [PERSON bin Laden], [PERSON Bin Laden]", "1 1 1"),
        ("[PERSON Bin Laden] is dead. [PERSON Osama bin Laden] was 54.", "1 1"),
        ("[PERSON Ludwig van Beethoven]; [PERSON van Beethoven]; [PERSON Beethoven]", "1 1 1"),
        ("[PERSON Charles de Gaulle], [PERSON De Gaulle], [PERSON de Gaulle]", "1 1 1"),
        ("[PERSON Enrique Peña Nieto], [PERSON Pena Nieto], [PERSON Nieto]", "1 1 1"),
        ("[PERSON Luiz Inácio Lula da Silva], [PERSON Lula]", "1 1"),
        ("[PERSON Kim Jong-un], [PERSON Kim], [PERSON Kim Jong Un]", "1 1 1"),
        ("[PERSON Kim] said. [PERSON Kim Jong-un] then left.", "1 1"),
        ("[PERSON Xi Jinping], Mr [PERSON Xi], President [PERSON Xi]", "1 1 1"),
        ("[PERSON John Smith] and [PERSON J. Smith]", "1 1"),
        ("[PERSON J. Smith] and [PERSON John Smith]", "1 1"),
        ("[PERSON John F. Kennedy], [PERSON John Kennedy], [PERSON John Fitzgerald Kennedy]", "1 1 1"),
        ("[PERSON François Hollande], [PERSON Francois Hollande], [PERSON HOLLANDE]", "1 1 1"),
        ("[PERSON VLADIMIR PUTIN] and [PERSON Putin]", "1 1"),
        ("[PERSON Martin Luther King Jr.], [PERSON Martin Luther King], [PERSON King]", "1 1 1"),
        ('[PERSON Joaquín "El Chapo" Guzmán], [PERSON Joaquin Guzman], [PERSON Guzmán]', "1 1 1"),
        ("[PERSON Lucy Lau] and [PERSON Ian Lau]: [PERSON Lucy], [PERSON Ian]", "1 2 1 2"),
        ("[PERSON Putin]'s aide met [PERSON Vladimir Putin's] wife", "1 1"),
        ("[PERSON Paul O’Neill], [PERSON O'Neill]", "1 1"),
        ("[PERSON Mullah Mohammed Omar], [PERSON Mullah Omar], [PERSON Omar]", "1 1 1"),
        ("[PERSON Don Johnson], [PERSON Johnson]", "1 1"),
        ("[PERSON Pope Francis], the [PERSON Pope], [PERSON Francis]", "1 1 1"),
        ("[PERSON Mohammed Emwazi], also known as [PERSON Jihadi John]. [PERSON Jihadi John] fled.", "1 1 1"),
    ],
)
def test_a_person_is_named_in_full_and_then_in_part(marked: str, expected: str) -> None:
    assert ids(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # relatives
        ("[PERSON Bill Clinton] and [PERSON Hillary Clinton]", "1 2"),
        ("[PERSON Mario Cuomo], [PERSON Andrew Cuomo] and [PERSON Chris Cuomo]", "1 2 3"),
        ("[PERSON George W. Bush] and [PERSON George H. W. Bush]", "1 2"),
        ("[PERSON John Smith Sr.] and [PERSON John Smith Jr.]", "1 2"),
        ("[PERSON John Smith] and his son [PERSON John Smith Jr.]; [PERSON John Smith]", "1 2 1"),
        ("[PERSON Osama bin Laden] and [PERSON Hamza bin Laden]", "1 2"),
        ("[PERSON Kim Jong-un] and [PERSON Kim Jong-il]", "1 2"),
        # a title's gender
        (
            "[PERSON Hillary Clinton] and [PERSON Bill Clinton]. Mr [PERSON Clinton] met Mrs [PERSON Clinton].",
            "1 2 2 1",
        ),
        ("Mr [PERSON Clinton] met [PERSON Hillary Clinton].", "1 2"),
        ("Mrs [PERSON Smith] and her husband, Mr [PERSON Smith]", "1 2"),
        ("[PERSON Ann Lee] spoke. His brother [PERSON Lee] did not.", "1 2"),
        # one given name is no name of two people, and nobody's behind "Mr"
        ("[PERSON John McCain], [PERSON John Bolton], [PERSON John]", "1 2 3"),
        ("[PERSON J. Smith], [PERSON John Smith], [PERSON Jane Smith]", "1 1 2"),
        ("[PERSON John Smith], [PERSON Jane Smith], [PERSON J. Smith]", "1 2 3"),
        ("[PERSON Martin Smith] and Mr [PERSON Martin]", "1 2"),
        ("Mr [PERSON Martin] and [PERSON Martin Smith]", "1 2"),
        ("[PERSON Pope Francis] and [PERSON Francis Underwood]", "1 2"),
    ],
)
def test_people_who_share_a_name_stay_apart(marked: str, expected: str) -> None:
    assert ids(marked) == expected


def test_of_two_who_may_be_meant_it_is_the_one_named_oftener_then_the_nearer() -> None:
    assert ids("[PERSON Ann Lee], [PERSON Bob Lee]. [PERSON Lee] said") == "1 2 2"
    assert ids("[PERSON Ann Lee], [PERSON Ann], [PERSON Bob Lee]. [PERSON Lee] said") == "1 1 2 1"


def test_a_surname_alone_means_one_person_throughout_the_page() -> None:
    assert ids("[PERSON Ann Lee]. [PERSON Lee]. [PERSON Bob Lee], [PERSON Bob], [PERSON Bob]. [PERSON Lee]") == (
        "1 1 2 2 2 1"
    )


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[ORG Israel Defense Forces] ([ORG IDF]). The [ORG IDF] said", "1 1 1"),
        ("[ORG Israel Defense Forces] said. [ORG the IDF] said", "1 1"),
        ("The [ORG IDF] said. [ORG Israel Defense Forces] said", "1 1"),
        ("[ORG Kurdistan Freedom Movement] (XYZ) and the [ORG XYZ]", "1 1"),
        ("[ORG United Nations], [ORG UN], the [ORG U.N.], [GPE UN]", "1 1 1 1"),
        ("[ORG Federal Bureau of Investigation], [ORG FBI]", "1 1"),
        ("[ORG US Geological Survey], the [ORG USGS]", "1 1"),
        ("[ORG Agence France-Presse], [ORG AFP]", "1 1"),
        ("[ORG World Food Programme], [ORG WFP]", "1 1"),
        ("[ORG North Atlantic Treaty Organization], [ORG Nato], [ORG NATO]", "1 1 1"),
        ("[ORG Office for Special Rescue Operations], [ORG Osro]", "1 1"),
        ("[ORG UN Security Council], the [ORG Security Council], [ORG U.N. Security Council]", "1 1 1"),
        ("[ORG Security Council], the [ORG United Nations Security Council]", "1 1"),
        ("[ORG Syrian Defence Ministry], the [ORG Defence Ministry]", "1 1"),
        ("[ORG Russian Defence Ministry], [ORG Russia's Defence Ministry], the [ORG Defence Ministry]", "1 1 1"),
        ("[ORG Xinhua News Agency], [ORG Xinhua]", "1 1"),
        ("[GPE Houston]; [ORG Houston Police Department]; [ORG Police Department]", "1 2 2"),
        ("[ORG Amnesty International], [ORG Amnesty]", "1 1"),
        ("[ORG Toyota Motor Corp], [ORG Toyota]", "1 1"),
        ("[ORG Islamic State group], [ORG Islamic State], [ORG Isis group], [GPE ISIS], [ORG Daesh]", "1 1 1 1 1"),
        ("[ORG al-Qaeda], [ORG al-Qaida], [ORG Al Qaeda]", "1 1 1"),
        ("[ORG Grey Wolves], also known as the [ORG Idealist Hearths]. [ORG Idealist Hearths]", "1 1 1"),
        ("[ORG Taliban] and [NORP Taliban]", "1 1"),
        ("[ORG WHITE HOUSE] and the [FAC White House]", "1 1"),
    ],
)
def test_an_organisation_and_its_other_names(marked: str, expected: str) -> None:
    assert ids(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[ORG UN Security Council] and [ORG National Security Council]", "1 2"),
        ("[ORG Security Council] and [ORG National Security Council]", "1 2"),
        ("[ORG Syrian Army] and [ORG Free Syrian Army]", "1 2"),
        ("[ORG Russian Defence Ministry], [ORG Syrian Defence Ministry], [ORG Defence Ministry]", "1 2 3"),
        ("[ORG American Medical Association], [ORG Australian Medical Association], [ORG AMA]", "1 2 3"),
        ("[ORG British Airways] and the [NORP British]", "1 2"),
        ("[GPE NEW YORK] (AP) — The [ORG AP] said", "1 2"),
        ("[ORG UNITED NATIONS] (AP) — The [ORG AP] said", "1 2"),
        ("[ORG Boston Globe] and [GPE Boston]", "1 2"),
    ],
)
def test_organisations_that_are_not_the_same(marked: str, expected: str) -> None:
    assert ids(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[GPE US], [GPE U.S.], the [GPE United States], [GPE America], [ORG USA]", "1 1 1 1 1"),
        ("[GPE UK], [GPE Britain], the [GPE United Kingdom]", "1 1 1"),
        ("[GPE Gaza], [LOC Gaza], [GPE GAZA]", "1 1 1"),
        ("[GPE Latin America] and [GPE America]", "1 2"),
        ("[GPE Turkey] and [NORP Turkish]", "1 2"),
        ("[GPE North Korea] and [GPE South Korea]", "1 2"),
        ("[NORP Syrian], [NORP Syrians], [MISC Syrian]", "1 1 1"),
        ("[NORP British], [NORP Britons], [NORP English]", "1 1 2"),
        ("[NORP Kurds], [NORP Kurd]", "1 1"),
        ("[WEAPON Kalashnikov], [WEAPON Kalashnikov], [EVENT Ramadan], [MISC Ramadan]", "1 1 2 2"),
        ("[GPE Paris] on [DATE Monday], in [GPE Paris] at [TIME noon]", "1 - 1 -"),
    ],
)
def test_places_peoples_and_other_names(marked: str, expected: str) -> None:
    assert ids(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[PERSON Michael Jordan] flew to [GPE Jordan]. [PERSON Jordan] landed.", "1 2 1"),
        ("[PERSON Denzel Washington] left [GPE Washington].", "1 2"),
        ("[PERSON Paris Hilton] in [GPE Paris]; [PERSON Paris] again", "1 2 1"),
        ("[PERSON Rex Tillerson] spoke; [ORG Tillerson] left; [ORG Ms Tillerson] not", "1 1 2"),
        ("[ORG Islamic State], [ORG Islamic State], [PERSON Islamic State]; [ORG State]", "1 1 1 2"),
        ("[ORG Hamas], [ORG Hamas] and [PERSON Hamas]", "1 1 1"),
        ("[ORG Boko Haram], [ORG Boko Haram] and [PERSON Boko Haram]", "1 1 1"),
    ],
)
def test_one_word_with_two_labels(marked: str, expected: str) -> None:
    assert ids(marked) == expected


def test_the_name_is_the_fullest_without_titles() -> None:
    assert names("Mr [PERSON Putin] is [PERSON President Vladimir Putin].") == ["Vladimir Putin"] * 2
    assert names("[ORG UN], the [ORG United Nations]") == ["United Nations"] * 2
    assert names("[PERSON HOLLANDE]: [PERSON François Hollande's] [PERSON FRANÇOIS HOLLANDE]") == (
        ["François Hollande"] * 3
    )
    assert names("[PERSON Mullah Omar], [PERSON Omar]") == ["Mullah Omar"] * 2
    assert names("[PERSON the President] and [DATE Monday]") == ["President", None]


@pytest.mark.parametrize(
    ("label", "name", "country"),
    [
        ("NORP", "Syrian", "SY"),
        ("NORP", "Britons", "GB"),
        ("NORP", "Frenchmen", "FR"),
        ("NORP", "SOUTH AFRICAN", "ZA"),
        ("NORP", "Scottish", "GB"),
        ("NORP", "Iraqi Kurds", "IQ"),
        ("NORP", "Bosnian Serbs", "BA"),
        ("NORP", "Syrian-American", None),
        ("NORP", "European", None),
        ("NORP", "Muslims", None),
        ("GPE", "Syria", "SY"),
        ("GPE", "the U.S.", "US"),
        ("GPE", "Côte d'Ivoire", "CI"),
        ("GPE", "Georgia", None),
        ("GPE", "Damascus", None),
        ("PERSON", "Jordan", None),
        ("ORG", "Syrian Army", None),
    ],
)
def test_nationalities_and_countries_have_their_code(label: str, name: str, country: str | None) -> None:
    (entity,) = linked(f"[{label} {name}]")
    assert entity.country == country


@pytest.mark.parametrize("label", [label for label in Label if label not in {Label.DATE, Label.TIME}])
def test_every_name_has_an_id(label: Label) -> None:
    (entity,) = linked(f"[{label.value} Foo]")
    assert (entity.entity_id, entity.name) == ("e1", "Foo")


@pytest.mark.parametrize("name", ["-", "'s", "the", "Mr", "Jr.", "...", "”", "al-", "(", "U.", "x" * 500, "A " * 300])
@pytest.mark.parametrize("label", ["PERSON", "ORG", "GPE", "NORP"])
def test_names_that_are_none_are_linked_with_themselves_alone(name: str, label: str) -> None:
    assert ids(f"[PERSON Ann Lee] [{label} {name}] [{label} {name}]") == "1 2 2"


def test_names_that_differ_beyond_what_is_read_stay_apart() -> None:
    long = "A " * 300
    assert ids(f"[PERSON {long}] [PERSON {long}b]") == "1 2"


def test_a_long_name_is_not_repeated_in_every_mention() -> None:
    found = linked("[ORG Foo] [ORG Foo " + "News " * 200 + "] [ORG Foo]")
    assert {entity.name for entity in found if entity.text == "Foo"} == {"Foo"}


def test_entities_written_before_there_were_ids_are_still_read() -> None:
    (old,) = load_entities('[{"text":"Paris","label":"GPE","start":0,"end":5}]')
    assert (old.entity_id, old.name, old.country) == (None, None, None)
    new = linked("[GPE Syria]")
    assert load_entities(dump_entities(new)) == new


class Tagger:
    version = "test"

    def tag(self, text: str) -> tuple[Entity, ...]:
        found = re.finditer(r"[A-Z]\w+", text)
        return tuple(Entity(text=m[0], label=Label.ORG, start=m.start(), end=m.end()) for m in found)


def test_names_are_found_and_linked_in_one_call() -> None:
    assert [(entity.text, entity.entity_id) for entity in find_names(Tagger(), "Foo met Bar and Foo")] == [
        ("Foo", "e1"),
        ("Bar", "e2"),
        ("Foo", "e1"),
    ]


def test_linking_imports_no_model() -> None:
    code = "import sys, pagefacts.tagging.names; sys.exit(bool({'spacy', 'onnxruntime', 'numpy'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("marked", "label"),
    [
        ("The [ORG US] said so.", Label.GPE),
        ("[MISC Canada] said so.", Label.GPE),
        ("[GPE Islamic State] said so.", Label.ORG),
        ("[LOC U.N.] said so.", Label.ORG),
        ("[PERSON Jordan] said so.", Label.PERSON),
        ("[ORG Syrians] said so.", Label.NORP),
        ("[LOC French] said so.", Label.NORP),
        ("[ORG Syrian Opposition] said so.", Label.ORG),
        ("[LOC Europe] said so.", Label.LOC),
        ("[GPE Springfield] said so.", Label.GPE),
    ],
)
def test_countries_peoples_and_known_organisations_have_their_label(marked: str, label: Label) -> None:
    assert [entity.label for entity in linked(marked)] == [label]
