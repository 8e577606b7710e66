"""Scraped pages in other languages than English: what stands around their articles. All texts are invented."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import pytest

from pagefacts.contracts import Article, Job
from pagefacts.extraction import extract
from pagefacts.extraction.scraped import phrases
from pagefacts.extraction.scraped.lines import Line, is_name_line

DATA: dict[str, dict[str, list[str]]] = {
    tag: tables
    for tag, tables in json.loads(
        files("pagefacts").joinpath("resources/phrases.json").read_text(encoding="utf-8")
    ).items()
    if isinstance(tables, dict)
}


@dataclass(frozen=True)
class Page:
    """A page of which all but the body is to go."""

    above: str
    body: str
    below: str

    @property
    def whole(self) -> str:
        return f"{self.above}|{self.body}|{self.below}"


MENU = ("home", "news", "sport", "weather", "log in")
"""What every page begins with."""
PAGES = {
    "ar": Page(
        "الرئيسية|أخبار|رياضة|اقتصاد|تسجيل الدخول|مقتل 19 شخصا في سقوط عربة تلفريك|12 فبراير 2015|شارك",
        "قتل 19 شخصا على الأقل عندما سقطت عربة تلفريك في واد فوق منتجع فارنهولت، كما قالت الشرطة.|"
        "وكانت العربة تقل 24 راكبا معظمهم من المتزلجين الذين كانوا عائدين بعد آخر رحلة في اليوم.|"
        "ونقل خمسة أشخاص إلى المستشفى في عاصمة الإقليم، اثنان منهم في حالة حرجة.|"
        "وقال المشغل إن الكابل فحص في مارس ولم يعثر على أي عيوب فيه.",
        "كلمات مفتاحية|حوادث|تلفريك|الأكثر قراءة|العاصفة تغلق ممرين جبليين|لماذا تتسلق الماعز|جميع الحقوق محفوظة",
    ),
    "de": Page(
        "Startseite|Nachrichten|Sport|Wetter|Anmelden|Seilbahn stürzt in Schlucht: 19 Tote|Von Mira Olsen|"
        "12. Februar 2015|Teilen|Drucken",
        "Mindestens 19 Menschen sind ums Leben gekommen, als eine Seilbahn oberhalb von Varnholt in eine Schlucht "
        "stürzte, wie die Polizei mitteilte.|"
        "In der Kabine saßen 24 Fahrgäste, die meisten von ihnen Skifahrer auf der letzten Talfahrt des Tages.|"
        "Fünf Menschen wurden in die Klinik der Landeshauptstadt geflogen, zwei von ihnen in kritischem Zustand.|"
        "Der Betreiber erklärte, das Seil sei im März geprüft worden und habe keine Mängel gezeigt.",
        "Das könnte Sie auch interessieren|Sturm sperrt zwei Pässe|Warum Ziegen klettern|Meistgelesen|"
        "Skisaison beginnt früher|Impressum|Datenschutz|© 2015 Varnholter Bote. Alle Rechte vorbehalten.",
    ),
    "es": Page(
        "Inicio|Noticias|Deportes|El tiempo|Iniciar sesión|Un teleférico cae a un barranco y mueren 19 personas|"
        "Por Mira Olsen|12 de febrero de 2015|Compartir",
        "Al menos 19 personas murieron cuando un teleférico cayó a un barranco sobre la estación de Varnholt, informó "
        "la policía.|"
        "La cabina llevaba a 24 pasajeros, la mayoría de ellos esquiadores que bajaban tras el último viaje del día.|"
        "Cinco personas fueron trasladadas al hospital de la capital regional, dos de ellas en estado crítico.|"
        "El operador dijo que el cable había sido revisado en marzo y que no se habían encontrado fallos.",
        "Te puede interesar|La tormenta cierra dos puertos|Por qué trepan las cabras|Lo más leído|"
        "La temporada de esquí se adelanta|Aviso legal|Todos los derechos reservados",
    ),
    "fr": Page(
        "Accueil|Actualités|Sport|Météo|Connexion|Un téléphérique chute dans un ravin : 19 morts|Par Mira Olsen|"
        "12 février 2015|Partager",
        "Au moins 19 personnes ont été tuées lorsqu'un téléphérique est tombé dans un ravin au-dessus de Varnholt, a "
        "indiqué la police.|"
        "La cabine transportait 24 passagers, pour la plupart des skieurs qui redescendaient après la dernière course "
        "du jour.|"
        "Cinq personnes ont été transportées à l'hôpital de la capitale régionale, dont deux dans un état critique.|"
        "L'exploitant a déclaré que le câble avait été contrôlé en mars et qu'aucun défaut n'avait été constaté.",
        "Sur le même sujet|La tempête ferme deux cols|Pourquoi les chèvres grimpent|Les plus lus|"
        "La saison de ski commence plus tôt|Mentions légales|Tous droits réservés",
    ),
    "id": Page(
        "Beranda|Berita|Olahraga|Cuaca|Masuk|Kereta gantung jatuh ke jurang, 19 orang tewas|12 Februari 2015|Bagikan",
        "Sedikitnya 19 orang tewas ketika sebuah kereta gantung jatuh ke jurang di atas resor Varnholt, kata polisi.|"
        "Kereta itu membawa 24 penumpang, sebagian besar pemain ski yang turun setelah perjalanan terakhir hari itu.|"
        "Lima orang diterbangkan ke rumah sakit di ibu kota provinsi, dua di antaranya dalam kondisi kritis.|"
        "Pihak pengelola mengatakan kabel itu telah diperiksa pada bulan Maret dan tidak ditemukan kerusakan.",
        "Berita Terkait|Badai menutup dua jalur|Mengapa kambing memanjat|Terpopuler|Musim ski datang lebih awal|"
        "Kebijakan Privasi|Hak Cipta Dilindungi",
    ),
    "it": Page(
        "Home|Notizie|Sport|Meteo|Accedi|Una funivia precipita in un burrone: 19 morti|Di Mira Olsen|"
        "12 febbraio 2015|Condividi",
        "Almeno 19 persone sono morte quando una funivia è precipitata in un burrone sopra la località di Varnholt, ha "
        "detto la polizia.|"
        "La cabina trasportava 24 passeggeri, per lo più sciatori che scendevano dopo l'ultima corsa della giornata.|"
        "Cinque persone sono state portate in ospedale nel capoluogo, due delle quali in condizioni critiche.|"
        "Il gestore ha detto che il cavo era stato controllato in marzo e che non erano stati trovati difetti.",
        "Potrebbe interessarti anche|La tempesta chiude due passi|Perché le capre si arrampicano|I più letti|"
        "La stagione dello sci comincia prima|Chi siamo|Tutti i diritti riservati",
    ),
    "ja": Page(
        "ホーム|ニュース|スポーツ|天気|ログイン|ロープウエーが谷に転落、19人死亡|2015年2月12日|シェアする",
        "警察によると、バルンホルトのリゾート地の上でロープウエーのゴンドラが谷に転落し、少なくとも19人が死亡した。|"
        "ゴンドラには24人が乗っており、その多くはこの日最後の便で下山する途中のスキー客だった。|"
        "5人が州都の病院にヘリコプターで運ばれ、うち2人は重体だという。|"
        "運営会社は、ケーブルは3月に点検を受け、異常は見つからなかったと説明している。",
        "関連記事|嵐で二つの峠が閉鎖|なぜヤギは登るのか|アクセスランキング|スキーシーズンが早まる|利用規約|無断転載を禁じます",
    ),
    "pt": Page(
        "Início|Notícias|Esportes|Tempo|Entrar|Teleférico cai em desfiladeiro e mata 19 pessoas|Por Mira Olsen|"
        "12 de fevereiro de 2015|Compartilhar",
        "Pelo menos 19 pessoas morreram quando um teleférico caiu em um desfiladeiro acima da estação de Varnholt, "
        "informou a polícia.|"
        "A cabine levava 24 passageiros, a maioria esquiadores que desciam depois da última viagem do dia.|"
        "Cinco pessoas foram levadas ao hospital da capital regional, duas delas em estado crítico.|"
        "A operadora disse que o cabo tinha sido inspecionado em março e que nenhuma falha foi encontrada.",
        "Leia também|Tempestade fecha duas passagens|Por que as cabras escalam|Mais lidas|"
        "Temporada de esqui começa mais cedo|Fale conosco|Todos os direitos reservados",
    ),
    "ru": Page(
        "Главная|Новости|Спорт|Погода|Войти|Кабина канатной дороги упала в ущелье, 19 погибших|12 февраля 2015|"
        "Поделиться",
        "По меньшей мере 19 человек погибли, когда кабина канатной дороги упала в ущелье над курортом Варнхольт, "
        "сообщила полиция.|"
        "В кабине находились 24 пассажира, большинство из них лыжники, которые спускались последним рейсом.|"
        "Пять человек доставлены вертолётом в больницу, двое из них в критическом состоянии.|"
        "Оператор заявил, что трос проверяли в марте и никаких неисправностей обнаружено не было.",
        "Материалы по теме|Буря закрыла два перевала|Почему козы лазают по скалам|Самое читаемое|"
        "Лыжный сезон начнётся раньше|О проекте|Все права защищены",
    ),
    "tr": Page(
        "Ana Sayfa|Haberler|Spor|Hava Durumu|Giriş|Teleferik kabini uçuruma düştü: 19 ölü|12 Şubat 2015|Paylaş",
        "Polisin açıklamasına göre Varnholt kayak merkezinin üzerinde bir teleferik kabini uçuruma düştü ve en az 19 "
        "kişi hayatını kaybetti.|"
        "Kabinde çoğu günün son seferiyle aşağı inen kayakçılardan oluşan 24 yolcu bulunuyordu.|"
        "Beş kişi helikopterle il merkezindeki hastaneye kaldırıldı, ikisinin durumu ağır.|"
        "İşletmeci, halatın mart ayında kontrol edildiğini ve herhangi bir kusur bulunmadığını söyledi.",
        "İlgili Haberler|Fırtına iki geçidi kapattı|Keçiler neden tırmanır|En Çok Okunanlar|"
        "Kayak sezonu erken başlıyor|Hakkımızda|Tüm hakları saklıdır",
    ),
    "ko": Page(
        "홈|뉴스|스포츠|날씨|로그인|케이블카 계곡으로 추락해 19명 사망|2015년 2월 12일|공유하기",
        "경찰에 따르면 바른홀트 휴양지 위에서 케이블카가 계곡으로 추락해 최소 19명이 숨졌다.|"
        "케이블카에는 승객 24명이 타고 있었으며 대부분 마지막 운행으로 내려오던 스키어들이었다.|"
        "5명은 헬기로 주도의 병원에 옮겨졌고 이 가운데 2명은 위독한 상태다.|"
        "운영사는 케이블이 3월에 점검을 받았으며 결함이 발견되지 않았다고 밝혔다.",
        "관련기사|폭풍으로 고개 두 곳 폐쇄|염소는 왜 오르나|많이 본 뉴스|"
        "스키 시즌 앞당겨져|회사소개|무단전재 및 재배포 금지",
    ),
    "nl": Page(
        "Home|Nieuws|Sport|Weer|Inloggen|Kabelbaan stort in ravijn: 19 doden|Door Mira Olsen|12 februari 2015|Delen",
        "Zeker 19 mensen zijn om het leven gekomen toen een kabelbaan boven Varnholt in een ravijn stortte, "
        "zegt de politie.|"
        "In de cabine zaten 24 passagiers, de meesten skiërs op weg naar beneden na de laatste rit van de "
        "dag.|"
        "Vijf mensen zijn naar het ziekenhuis in de hoofdstad gevlogen, twee van hen in kritieke toestand.|"
        "De exploitant zei dat de kabel in maart was gekeurd en dat er geen gebreken waren gevonden.",
        "Lees ook|Storm sluit twee passen|Waarom geiten klimmen|Meest gelezen|Skiseizoen begint eerder|"
        "Over ons|Alle rechten voorbehouden",
    ),
    "pl": Page(
        "Strona główna|Wiadomości|Sport|Pogoda|Zaloguj|Kolejka linowa runęła w przepaść, 19 ofiar|Mira Olsen|"
        "12 lutego 2015|Udostępnij",
        "Co najmniej 19 osób zginęło, gdy wagonik kolejki linowej runął w przepaść nad kurortem Varnholt, "
        "podała policja.|"
        "W wagoniku było 24 pasażerów, w większości narciarzy zjeżdżających po ostatnim kursie tego dnia.|"
        "Pięć osób przewieziono śmigłowcem do szpitala w stolicy regionu, dwie z nich są w stanie "
        "krytycznym.|Operator poinformował, że linę sprawdzano w marcu i nie wykryto żadnych usterek.",
        "Zobacz także|Burza zamknęła dwie przełęcze|Dlaczego kozy się wspinają|Najczęściej czytane|"
        "Sezon narciarski zacznie się wcześniej|Polityka prywatności|Wszelkie prawa zastrzeżone",
    ),
    "sv": Page(
        "Startsida|Nyheter|Sport|Väder|Logga in|Linbana störtade i ravin: 19 döda|Mira Olsen|12 februari 2015|Dela",
        "Minst 19 människor omkom när en linbanekabin störtade i en ravin ovanför skidorten Varnholt, uppger "
        "polisen.|I kabinen fanns 24 passagerare, de flesta skidåkare på väg ned efter dagens sista tur.|"
        "Fem personer flögs till sjukhus i länets huvudort, två av dem i kritiskt tillstånd.|"
        "Bolaget säger att linan kontrollerades i mars och att inga fel hittades.",
        "Läs också|Storm stänger två pass|Därför klättrar getter|Mest läst|Skidsäsongen börjar tidigare|Om oss|Kontakt",
    ),
    "uk": Page(
        "Головна|Новини|Спорт|Погода|Увійти|Кабіна канатної дороги впала в ущелину, 19 загиблих|"
        "12 лютого 2015|Поділитися",
        "Щонайменше 19 людей загинули, коли кабіна канатної дороги впала в ущелину над курортом Варнхольт, "
        "повідомила поліція.|"
        "У кабіні перебували 24 пасажири, більшість із них лижники, які спускалися останнім рейсом.|"
        "П'ятьох людей гелікоптером доставили до лікарні, двоє з них у критичному стані.|"
        "Оператор заявив, що трос перевіряли в березні й жодних несправностей не виявили.",
        "Читайте також|Буря закрила два перевали|Чому кози лазять по скелях|Популярне|"
        "Лижний сезон почнеться раніше|Про нас|Усі права захищено",
    ),
    "zh": Page(
        "首页|新闻|体育|天气|登录|缆车坠入山谷 致19人死亡|2015年2月12日|分享",
        "据警方通报，一辆缆车在瓦恩霍尔特度假村上方坠入山谷，造成至少19人死亡。|"
        "缆车上共有24名乘客，其中多数是乘坐当天最后一班缆车下山的滑雪者。|"
        "五人被直升机送往省会医院救治，其中两人情况危急。|"
        "运营方表示，缆索在三月接受过检查，没有发现任何问题。",
        "相关新闻|暴风雪关闭两处山口|山羊为何爬山|热门文章|滑雪季提前开始|联系我们|版权所有",
    ),
}


def article_of(page: str) -> Article:
    return extract(Job(id="1", text=page.replace("|", "\n"))).article


def body_of(page: str) -> list[str]:
    return article_of(page).text.split("\n")


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_article_is_found_in_other_languages(page: Page) -> None:
    assert body_of(page.whole) == page.body.split("|")


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_headline_author_and_date_are_read_in_other_languages(page: Page) -> None:
    found = article_of(page.whole)
    assert found.title == page.above.split("|")[len(MENU)]
    assert found.authors == (("Mira Olsen",) if "Mira Olsen" in page.above else ())
    assert found.published is not None
    assert found.published.value == "2015-02-12"


@pytest.mark.parametrize("tag", DATA)
def test_every_phrase_is_found_on_a_line_of_its_own(tag: str) -> None:
    tables = DATA[tag]
    assert [phrase for phrase in tables["closing"] if not Line(phrase.title()).is_closing] == []
    assert [phrase for phrase in tables["furniture"] if not Line(f"» {phrase} (3)").is_furniture] == []
    assert [phrase for phrase in tables["pointer"] if not Line(f"{phrase}: Varnholt").is_pointer] == []
    assert [phrase for phrase in tables["notice"] if not Line(f"© 2015 – {phrase} –").is_notice] == []
    assert [phrase for phrase in tables["caption"] if not Line(f"{phrase}: Mira Olsen").is_caption] == []


@pytest.mark.parametrize("tag", DATA)
def test_tables_are_of_use_as_they_stand(tag: str) -> None:
    for name, table in DATA[tag].items():
        assert len(set(table)) == len(table), name
        assert [phrase for phrase in table if phrase != phrase.strip().lower() or not phrases.words_of(phrase)] == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Leserkommentare (12)", {"is_closing"}),
        ("3 комментария", {"is_furniture"}),
        ("Leia também: Tempestade fecha duas passagens", {"is_pointer"}),
        ("Leia também o livro que ele escreveu sobre a montanha.", set()),
        ("Etiquetas: montaña, nieve", {"is_notice"}),
        ("Фото: Мира Олсен", {"is_caption"}),
        ("Foto de familia en la montaña", set()),
        ("El comentario del ministro", set()),
        ("저작권자 ⓒ 바른홀트일보, 무단전재 및 재배포금지", {"is_notice"}),
        ("无断转载禁止转载", {"is_notice"}),
        ("Compartir Twitter Facebook", {"is_furniture"}),
        ("Ryan S. Hollman Submitted photo", {"is_caption"}),
        ("A man is led away (Courtesy photo)", {"is_caption"}),
        ("The mayor posed for a staff photo.", set()),
    ],
)
def test_what_lines_are(text: str, kinds: set[str]) -> None:
    names = ("is_closing", "is_furniture", "is_pointer", "is_notice", "is_caption")
    assert {name for name in names if getattr(Line(text), name)} == kinds


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Мира Ольсен", True),
        ("Кабина канатной дороги", False),
        ("Hava Durumu", False),
        ("Estilo de Vida", False),
        ("تسجيل الدخول", False),
        ("ログイン", False),
        ("Zur Startseite", False),
    ],
)
def test_what_may_be_a_name_on_a_line_of_its_own(text: str, is_name: bool) -> None:
    assert is_name_line(text) is is_name


def test_running_text_without_a_full_stop_is_known_by_its_common_words() -> None:
    told = "La cabina que llevaba a los pasajeros de la estación al valle cayó cuando el cable se rompió por el viento"
    listed = "Madrid Barcelona Sevilla Valencia Bilbao Málaga Murcia Zaragoza Vigo Gijón Córdoba Granada Elche Oviedo"
    assert Line(told).is_sentence
    assert not Line(f"{listed} Badalona Cartagena Jerez Sabadell Móstoles Getafe Leganés Alcorcón").is_sentence


def test_comments_in_other_languages_are_none_of_the_article() -> None:
    page = PAGES["es"]
    said = (
        "rex1970|El operador debería estar en la cárcel. En 1998 murieron allí doce personas.|Responder|"
        "Maria K.|Qué pena. Rezo por las familias de todos los que murieron en la montaña.|Responder"
    )
    assert body_of(f"{page.above}|{page.body}|Comentarios|{said}|{page.below}") == page.body.split("|")


ENGLISH = (
    "Photo finish in Varnholt", "Die Hard", "No comment", "Plus one", "Son of the mayor", "Ana", "Sin City", "In",
    "More than 300 dead", "Source: Ministry of Health", "Me and my goats", "Del Monte", "Photos", "Nova", "Site", "Hem",
)  # fmt: skip


@pytest.mark.parametrize("text", ENGLISH)
def test_lines_in_english_are_not_taken_for_another_language(text: str) -> None:
    assert not phrases.says("furniture", Line(text).words)
    assert not phrases.says("closing", Line(text).words)
    assert phrases.label_of(text) not in phrases.table("caption")
    assert not phrases.has_notice(Line(text).words)
