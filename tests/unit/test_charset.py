"""Bytes to characters: what a page states, what its bytes are, and what browsers make of both."""

from __future__ import annotations

import codecs

import pytest

from pagefacts.extraction.charset import decode

ENGLISH = "The café’s owner said “nobody” was left in São Tomé – except £20."
FRENCH = "Des centaines de personnes ont été évacuées après l’effondrement du barrage, où l’on cherche des blessés."
RUSSIAN = "Спасатели сообщили, что плотина прорвалась ночью и жители покинули город."
UKRAINIAN = "Рятувальники повідомили, що гребля прорвалася вночі, і мешканці залишили місто."
POLISH = "Co najmniej trzydzieści osób zginęło, gdy pękła tama powyżej miasta. Ratownicy wciąż szukają zaginionych."
TURKISH = "Barajın yıkılması sonucu en az on kişi öldü, yüzlerce kişi de güvenli bölgelere götürüldü, dediği açıklandı."
GREEK = "Τουλάχιστον τριάντα άνθρωποι σκοτώθηκαν όταν έσπασε το φράγμα πάνω από την πόλη."
HEBREW = "לפחות שלושים בני אדם נהרגו כאשר הסכר קרס מעל העיר, אמרו פקידים."
ARABIC = "قتل ما لا يقل عن ثلاثين شخصا عندما انهار السد فوق المدينة، حسبما قال مسؤولون."
THAI = "เจ้าหน้าที่กล่าวว่ามีผู้เสียชีวิตอย่างน้อยสามสิบคนเมื่อเขื่อนแตกเหนือเมือง"
SIMPLIFIED = "官员说，水坝在午夜后不久决口，至少三十四人死亡，两千多人被转移到学校。"
TRADITIONAL = "官員說，水壩在午夜後不久決口，至少三十四人死亡，兩千多人被轉移到學校。"
JAPANESE = "当局によると、真夜中すぎにダムが決壊し、少なくとも三十四人が死亡した。"
KOREAN = "당국은 자정 직후 댐이 무너져 최소 서른네 명이 숨졌다고 밝혔다."

WRITTEN = [
    (FRENCH, "cp1252", "iso-8859-1"),
    (POLISH, "iso8859-2", "latin2"),
    (POLISH, "cp1250", "windows-1250"),
    (TURKISH, "cp1254", "iso-8859-9"),
    (RUSSIAN, "cp1251", "windows-1251"),
    (RUSSIAN, "koi8-r", "KOI8-R"),
    (UKRAINIAN, "koi8-u", "koi8-u"),
    (GREEK, "cp1253", "windows-1253"),
    (HEBREW, "cp1255", "windows-1255"),
    (ARABIC, "cp1256", "windows-1256"),
    (THAI, "cp874", "tis-620"),
    (SIMPLIFIED, "gb18030", "gb2312"),
    (TRADITIONAL, "big5", "big5"),
    (JAPANESE, "cp932", "x-sjis"),
    (JAPANESE, "euc_jp", "euc-jp"),
    (JAPANESE, "iso2022_jp", "iso-2022-jp"),
    (KOREAN, "cp949", "ks_c_5601-1987"),
]


def page(text: str, head: str = "", lang: str = "") -> str:
    menu = '<li><a href="/news?a=1&amp;b=2">News</a></li>' * 40
    return f"<html{lang}><head><title>x</title>{head}</head><body><ul>{menu}</ul><p>{text}</p></body></html>"


def meta(label: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'


# What is stated


@pytest.mark.parametrize(("text", "codec", "label"), WRITTEN)
def test_the_encoding_of_the_header_is_read_under_the_names_of_browsers(text: str, codec: str, label: str) -> None:
    assert decode(page(text).encode(codec), label) == page(text)


@pytest.mark.parametrize(("text", "codec", "label"), WRITTEN)
def test_so_is_the_encoding_that_the_page_declares(text: str, codec: str, label: str) -> None:
    assert decode(page(text, meta(label)).encode(codec)) == page(text, meta(label))


def test_the_header_goes_before_the_page() -> None:
    raw = page(RUSSIAN, meta("windows-1252")).encode("cp1251")
    assert RUSSIAN in decode(raw, "windows-1251")


@pytest.mark.parametrize("label", ["latin1", "ascii", "l1", "cp819", "ISO_8859-1", " iso-8859-1\n", "Latin-1"])
def test_browsers_read_windows_1252_where_pages_say_latin_1(label: str) -> None:
    assert decode(page(ENGLISH).encode("cp1252"), label) == page(ENGLISH)


@pytest.mark.parametrize("codec", ["gb2312", "gbk"])
def test_characters_that_the_stated_encoding_lacks_are_read_from_the_larger_one(codec: str) -> None:
    assert decode("<p>镕㐂</p>".encode("gb18030"), codec) == "<p>镕㐂</p>"


def test_japanese_of_windows_goes_by_the_name_of_shift_jis() -> None:
    assert decode("<p>①髙橋～</p>".encode("cp932"), "shift_jis") == "<p>①髙橋～</p>"


@pytest.mark.parametrize("label", ["hex", "rot13", "idna", "utf-7", "no-such-charset", "", "a\0b", "é", "x" * 64])
def test_what_is_no_encoding_of_pages_is_as_if_not_stated(label: str) -> None:
    raw = page(FRENCH).encode("cp1252")
    assert decode(raw, label) == decode(raw) == page(FRENCH)


def test_an_encoding_stated_in_a_comment_does_not_count() -> None:
    raw = page(RUSSIAN, f"<!-- {meta('windows-1252')} -->{meta('windows-1251')}").encode("cp1251")
    assert RUSSIAN in decode(raw)


def test_an_xml_declaration_counts() -> None:
    assert RUSSIAN in decode(b'<?xml version="1.0" encoding="koi8-r"?>' + page(RUSSIAN).encode("koi8-r"))


# What is stated and is not so


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "gb2312", "shift_jis", "utf-16"])
def test_valid_utf_8_is_utf_8_whatever_is_stated(label: str) -> None:
    text = page(ENGLISH + JAPANESE, meta("windows-1252"))
    assert decode(text.encode(), label) == text


@pytest.mark.parametrize("text", [ENGLISH, FRENCH])
def test_windows_1252_is_told_in_a_page_that_says_utf_8(text: str) -> None:
    assert decode(page(text, meta("utf-8")).encode("cp1252"), "utf-8") == page(text, meta("utf-8"))


def test_bytes_of_windows_1252_amid_utf_8_are_read() -> None:
    raw = page(FRENCH).encode() + b"<p>\x93caf\xe9\x94</p>"
    assert decode(raw, "utf-8") == page(FRENCH) + "<p>“café”</p>"


def test_a_header_in_which_the_bytes_make_no_sense_is_not_believed() -> None:
    assert decode(page(FRENCH).encode("cp1252"), "shift_jis") == page(FRENCH)


# What the bytes are


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_goes_before_all_else(mark: bytes, codec: str) -> None:
    text = page(ENGLISH + SIMPLIFIED, meta("windows-1251"))
    assert decode(mark + text.encode(codec), "windows-1252") == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("label", [None, "utf-16", "iso-8859-1"])
def test_wide_characters_are_told_without_a_mark(codec: str, label: str | None) -> None:
    text = f"\n \n{page(SIMPLIFIED)}"
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize(("text", "codec", "label"), WRITTEN)
def test_what_is_not_stated_is_detected(text: str, codec: str, label: str) -> None:
    assert decode(page(text).encode(codec)) == page(text)


def test_it_is_detected_beyond_scripts_in_ascii() -> None:
    text = page(RUSSIAN, "<script>" + "var a = 1;\n" * 30_000 + "</script>")
    assert decode(text.encode("cp1251")) == text


HUNGARIAN = "Az űrlap hibás."  # in windows-1250, one sign differs from windows-1252


@pytest.mark.parametrize(
    ("url", "lang"),
    [("https://hirek.example.hu/a", ""), (None, ' lang="hu"'), ("https://example.com/a", ' xml:lang="hu" lang=hu-HU')],
)
def test_where_the_page_is_from_helps(url: str | None, lang: str) -> None:
    text = page(HUNGARIAN, lang=lang)
    assert decode(text.encode("cp1250"), url=url) == text


# Broken bytes


@pytest.mark.parametrize("charset", [None, "utf-8", "ascii", "utf-16", "gb18030", "shift_jis", "iso-2022-jp"])
@pytest.mark.parametrize("broken", [b"\xff\xfe\x80", b"\x00\x00\x00", b"\xe2\x80", b"\xed\xa0\x80", b"\x1b$"])
def test_broken_bytes_leave_the_rest_as_it_is(charset: str | None, broken: bytes) -> None:
    assert decode(b"<p>A dam burst.</p>" + broken, charset).startswith("<p>A dam burst.</p>")


def test_zeros_are_kept_as_characters() -> None:
    assert decode(b"\0<p>\0\0A d\0am</p>\0") == "\0<p>\0\0A d\0am</p>\0"


def test_nothing_is_nothing() -> None:
    assert decode(b"") == ""
