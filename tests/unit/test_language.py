"""The language of an article, and how sure its detection is."""

from __future__ import annotations

import pytest

from pagefacts.contracts import Job
from pagefacts.extraction import extract

SENTENCES = {
    "ar": "قتل ما لا يقل عن اثني عشر شخصا عندما سقطت حافلة في واد شمالي البلاد، بحسب ما أعلنت الشرطة.",
    "de": "Bei einem Busunglück im Norden sind am Montag mindestens zwölf Menschen ums Leben gekommen.",
    "en": "At least twelve people were killed when a bus fell into a ravine in the north, police said.",
    "es": "Al menos doce personas murieron el lunes cuando un autobús cayó a un barranco en el norte.",
    "fr": "Au moins douze personnes ont été tuées lundi lorsqu'un autocar est tombé dans un ravin.",
    "he": "לפחות שנים עשר בני אדם נהרגו כאשר אוטובוס נפל לתהום בצפון המדינה, מסרה המשטרה.",
    "hi": "पुलिस ने बताया कि सोमवार देर रात एक बस खाई में गिरने से कम से कम बारह लोगों की मौत हो गई।",
    "it": "Almeno dodici persone sono morte lunedì quando un autobus è precipitato in un burrone.",
    "ja": "月曜日の夜遅く、バスが谷に転落し、少なくとも十二人が死亡したと警察が発表した。",
    "ko": "경찰은 월요일 밤늦게 버스가 협곡으로 추락해 최소 열두 명이 숨졌다고 밝혔다.",
    "pl": "Co najmniej dwanaście osób zginęło w poniedziałek, gdy autobus spadł do wąwozu na północy.",
    "pt": "Pelo menos doze pessoas morreram na segunda-feira quando um ônibus caiu numa ravina.",
    "ru": "По меньшей мере двенадцать человек погибли в понедельник, когда автобус упал в ущелье.",
    "sw": "Takriban watu kumi na wawili wamefariki dunia baada ya basi kutumbukia katika bonde.",
    "tr": "Bir otobüsün pazartesi gecesi uçuruma yuvarlanması sonucu en az on iki kişi hayatını kaybetti.",
    "uk": "Щонайменше дванадцять людей загинули в понеділок, коли автобус упав в ущелину.",
    "ur": "پولیس کے مطابق پیر کی رات ایک بس کھائی میں گرنے سے کم از کم بارہ افراد ہلاک ہو گئے۔",
    "vi": "Ít nhất mười hai người đã thiệt mạng khi một chiếc xe buýt lao xuống vực vào tối thứ Hai.",
    "zh": "警方表示，周一深夜一辆巴士坠入山谷，造成至少十二人死亡，救援人员仍在寻找失踪者。",
}


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items())
def test_one_sentence_tells_its_language(language: str, sentence: str) -> None:
    found = extract(Job(id="1", body=sentence))
    assert (found.article.language, found.sources.language) == (language, "detected")
    assert found.sources.language_confidence is not None
    assert found.sources.language_confidence >= 0.5


def test_the_language_of_the_job_is_not_doubted() -> None:
    found = extract(Job(id="1", body=SENTENCES["de"], language="en-GB"))
    assert (found.article.language, found.sources.language, found.sources.language_confidence) == ("en", "job", None)


def test_what_the_page_declares_counts_where_the_text_does_not_tell() -> None:
    found = extract(Job(id="1", html='<html lang="es-CL"><body><p>Santiago, Chile: 12-10-2015</p></body></html>'))
    assert (found.article.language, found.sources.language, found.sources.language_confidence) == ("es", "html", None)


def test_the_text_counts_where_the_template_declares_another_language() -> None:
    found = extract(Job(id="1", html=f'<html lang="en"><body><p>{SENTENCES["de"]}</p></body></html>'))
    assert (found.article.language, found.sources.language) == ("de", "detected")


@pytest.mark.parametrize("text", ["12 345", "—", "A-1"])
def test_what_has_no_words_has_no_language(text: str) -> None:
    found = extract(Job(id="1", body=text))
    assert (found.article.language, found.sources.language, found.sources.language_confidence) == (None, None, None)
