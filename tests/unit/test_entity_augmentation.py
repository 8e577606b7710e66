"""Training documents with other names and cases: the annotation must follow the words."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest
from augment import Recasing, Substitution, World, recase, substitute, varied
from corpora import Document, Name, Sentence
from hypothesis import given
from hypothesis import strategies as st

PERSON = frozenset({"PERSON"})
PLACE = frozenset({"GPE", "LOC", "FAC"})
ORG = frozenset({"ORG"})
MISC = frozenset({"NORP", "EVENT", "WEAPON", "MISC"})
ALWAYS = Substitution(
    person=1, country=1, town=1, division=1, region=1, organisation=1, acronym=1, unaccented=1, abbreviated=0
)
NEVER = Substitution(person=0, country=0, town=0, division=0, region=0, organisation=0, acronym=0, abbreviated=0)
AS_IS = Recasing(0, 0, 0, 0, 0)
SEEDS = range(25)


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing is secret here


@pytest.fixture(scope="module")
def world() -> World:
    return World.load()


def sentence(text: str, **labelled: frozenset[str]) -> Sentence:
    """Read "[John Smith] spoke", with one label a name, in order."""
    words: list[str] = []
    names: list[Name] = []
    labels = iter(labelled.values())
    for word in text.split():
        if word.startswith("["):
            start = len(words)
        words.append(word.strip("[]"))
        if word.endswith("]"):
            names.append(Name(start, len(words), next(labels)))
    return Sentence(tuple(words), tuple(names))


def names(document: Document) -> list[str]:
    return [" ".join(each.words[name.start : name.end]) for each in document.sentences for name in each.names]


def outside(each: Sentence) -> list[str]:
    inside = {at for name in each.names for at in range(name.start, name.end)}
    return [word for at, word in enumerate(each.words) if at not in inside]


def document(*sentences: Sentence) -> Document:
    return Document("test", sentences)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_person_has_one_new_name(world: World, seed: int) -> None:
    given_text = document(
        sentence("[JONES] HURT IN CRASH", a=PERSON),
        sentence("[Tom Jones] was hurt , said [Jones] 's wife", a=PERSON, b=PERSON),
        sentence("[Tom] is 40", a=PERSON),
    )
    headline, full, short, first = names(substitute(given_text, world, seeded(seed), ALWAYS))
    assert full != "Tom Jones"
    assert short in full
    assert first in full
    assert headline == short.upper()


@pytest.mark.parametrize("seed", SEEDS)
def test_two_people_have_two_names(world: World, seed: int) -> None:
    given_text = document(sentence("[Tom Jones] met [Ann Lee]", a=PERSON, b=PERSON))
    first, second = names(substitute(given_text, world, seeded(seed), ALWAYS))
    assert first != second


def test_a_title_stays(world: World) -> None:
    given_text = document(sentence("[President Tom Jones] spoke", a=PERSON))
    (name,) = names(substitute(given_text, world, seeded(1), ALWAYS))
    assert name.startswith("President ")
    assert "Jones" not in name


def plain(word: str) -> str:
    """Return ``word`` without its accents, which a text may lack."""
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_people_follow_their_country(world: World, seed: int) -> None:
    given_text = document(
        sentence("[Germany] said [German] troops left [Germany]", a=PLACE, b=MISC, c=PLACE),
        sentence("[Germans] and a [German-led] force", a=MISC, b=MISC),
    )
    country, adjective, again, people, led = names(substitute(given_text, world, seeded(seed), ALWAYS))
    assert country == again != "Germany"
    codes = {spot.country for spot in world.places["country"].items if spot.name == country}
    expected = {world.adjectives.get(code, "German") for code in codes}
    assert plain(adjective) in set(map(plain, expected))
    assert plain(people).removesuffix("s") in {plain(each).removesuffix("s") for each in expected}
    assert led == f"{adjective}-led"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_town_becomes_one_other_town(world: World, seed: int) -> None:
    given_text = document(sentence("[LONDON] - police in [London]", a=PLACE, b=PLACE))
    dateline, town = names(substitute(given_text, world, seeded(seed), ALWAYS))
    assert town != "London"
    assert dateline == town.upper()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("[Nile View Tower] fell", PLACE),
        ("[Europe] waits", PLACE),
        ("[Microsoft] said", ORG),
        ("the [global coalition] said", ORG),
        ("[Cup] final", MISC),
    ],
)
def test_what_is_unknown_stays(world: World, text: str, labels: frozenset[str]) -> None:
    given_text = document(sentence(text, a=labels))
    assert substitute(given_text, world, seeded(1), ALWAYS) == given_text


@pytest.mark.parametrize("seed", SEEDS)
def test_an_organisation_is_of_the_same_sort(world: World, seed: int) -> None:
    given_text = document(sentence("the [Daily Herald] wrote", a=ORG))
    changed = substitute(given_text, world, seeded(seed), ALWAYS)
    assert names(changed) != ["Daily Herald"]
    assert "{" not in names(changed)[0]
    assert outside(changed.sentences[0])[-1] == "wrote"


@pytest.mark.parametrize("seed", SEEDS)
def test_initials_in_brackets_are_a_name_for_themselves(world: World, seed: int) -> None:
    chances = Substitution(organisation=1, abbreviated=1, unaccented=0)
    given_text = document(sentence("the [Ministry of Health] and the [Ministry of Health] said", a=ORG, b=ORG))
    changed = substitute(given_text, world, seeded(seed), chances)
    first, *others = names(changed)
    initials = "".join(word[0] for word in first.split() if word[0].isupper())
    if len(others) == 1:
        assert others == [first]
    else:
        assert others == [initials, first]
        at = changed.sentences[0].names[1].start
        assert changed.sentences[0].words[at - 1 : at + 2] == ("(", initials, ")")


def test_an_acronym_becomes_one_other_acronym(world: World) -> None:
    given_text = document(
        sentence("[NATO] TROOPS LEAVE TOWN TODAY", a=ORG), sentence("[NATO] said [NATO] left", a=ORG, b=ORG)
    )
    seen = names(substitute(given_text, world, seeded(2), ALWAYS))
    assert len(set(seen)) == 1
    assert seen[0].isupper()
    assert seen[0] != "NATO"


def test_no_chance_changes_nothing(world: World) -> None:
    given_text = document(
        sentence("[Tom Jones] of [NATO] left [German] [London] , [Texas] , [France]",
                 a=PERSON, b=ORG, c=MISC, d=PLACE, e=PLACE, f=PLACE)
    )  # fmt: skip
    assert substitute(given_text, world, seeded(1), NEVER) == given_text


def test_the_article_agrees(world: World) -> None:
    given_text = document(sentence("an [American] of the [United States] came", a=MISC, b=PLACE))
    for seed in SEEDS:
        (changed,) = substitute(given_text, world, seeded(seed), ALWAYS).sentences
        adjective = changed.words[changed.names[0].start]
        assert changed.words[0] == ("an" if adjective[0] in "AEIO" else "a")
        country = changed.words[changed.names[1].start]
        if country in {"Ghana", "India", "Brazil", "Syria", "Kenya"}:
            assert changed.words[changed.names[1].start - 1] == "of"


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        (Recasing(1, 0, 0, 0, 0), "POLICE IN ACCRA SAID THE MEN FLED"),
        (Recasing(0, 1, 0, 0, 0), "POLICE IN ACCRA SAID THE MEN FLED"),
        (Recasing(0, 0, 1, 0, 0), "Police in Accra Said the Men Fled"),
        (Recasing(0, 0, 0, 1, 0), "police in accra said the men fled"),
        (Recasing(0, 0, 0, 0, 1), "Police in accra said the men fled"),
        (AS_IS, "Police in Accra said the men fled"),
    ],
)
def test_cases(chances: Recasing, expected: str) -> None:
    given_text = document(sentence("Police in [Accra] said the men fled", a=PLACE))
    (changed,) = recase(given_text, seeded(1), chances).sentences
    assert " ".join(changed.words) == expected
    assert changed.names == given_text.sentences[0].names


def test_a_headline_in_capitals_is_set_in_title_case() -> None:
    given_text = document(sentence("[GHANA] BACKS U.N. PLAN FOR 12-YEAR-OLD", a=PLACE))
    (changed,) = recase(given_text, seeded(1), Recasing(0, 0, 1, 0, 0)).sentences
    assert " ".join(changed.words) == "Ghana Backs U.N. Plan for 12-Year-Old"


WORDS = st.sampled_from(
    "the a an The of ( ) . , \" '' `` 's Tom Jones JONES G. al-Assad de President London LONDON Germany German Germans"
    " U.S. United States Texas NATO UN Ministry Bank Chicago Bulls Europe Nile x 12 - Ärzte ß Jean-Paul O'Brien".split()
)
LABELS = st.sampled_from([PERSON, PLACE, ORG, MISC, PERSON | {"O"}, frozenset({"GPE"}), ORG | PLACE])


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    words = draw(st.lists(WORDS, min_size=1, max_size=12))
    cuts = sorted(draw(st.sets(st.integers(0, len(words)), max_size=8)))
    spans = [pair for pair in pairwise(cuts) if draw(st.booleans())]
    return Sentence(tuple(words), tuple(Name(start, end, draw(LABELS)) for start, end in spans))


DOCUMENTS = st.builds(Document, st.just("test"), st.lists(sentences(), max_size=6).map(tuple))


@given(DOCUMENTS, st.integers(0, 2**32))
def test_names_lie_in_their_sentences_and_apart(world: World, given_text: Document, seed: int) -> None:
    changed = varied(given_text, seeded(seed), world)
    assert len(changed) == len(given_text.sentences)
    for each in changed:
        end = 0
        for name in each.names:
            assert end <= name.start < name.end <= len(each.words)
            end = name.end
        assert all(word and not any(map(str.isspace, word)) for word in each.words)
    assert varied(given_text, seeded(seed), world) == changed


@given(DOCUMENTS, st.integers(0, 2**32))
def test_substitution_touches_names_and_articles_alone(world: World, given_text: Document, seed: int) -> None:
    chances = Substitution(abbreviated=0)
    changed = substitute(given_text, world, seeded(seed), chances)
    articles = {"a", "an", "the", "The", "THE"}
    for old, new in zip(given_text.sentences, changed.sentences, strict=True):
        assert [name.labels for name in old.names] == [name.labels for name in new.names]
        assert [w for w in outside(old) if w not in articles] == [w for w in outside(new) if w not in articles]


@given(DOCUMENTS, st.integers(0, 2**32))
def test_recasing_changes_nothing_but_case(given_text: Document, seed: int) -> None:
    changed = recase(given_text, seeded(seed), Recasing(0.2, 0.2, 0.2, 0.2, 0.2))
    for old, new in zip(given_text.sentences, changed.sentences, strict=True):
        assert old.names == new.names
        assert [word.casefold() for word in old.words] == [word.casefold() for word in new.words]


def test_the_share_of_varied_documents(world: World) -> None:
    given_text = document(*(sentence('[Tom Jones] spoke " here " .', a=PERSON) for _ in range(3)))
    made = [varied(given_text, seeded(seed), world, 0.4) for seed in range(400)]
    kept = sum("jones" in " ".join(each[0].words).casefold() for each in made)
    assert 0.55 < kept / len(made) < 0.75  # four in ten are given other names, nine in ten of them in full
    unstopped = sum(each.words[-1] != "." for text in made for each in text)
    assert 0.02 < unstopped / 1200 < 0.09
