"""Words by which prints say what they cite: a thesis, a lecture's notes, an interview, a recording.

They are held against folded text (`identity.folding.fold`), which has neither capitals nor accents. One line of a
pattern is about one group of languages; the lines are alternatives.
"""

from __future__ import annotations

import re


def _any(lines: str) -> str:
    return "|".join(line.strip() for line in lines.strip().splitlines())


_THESES = _any(
    r"""
    thesis|dissertation(?!es|\s+abstracts)|diss\.|(?:inaug\w*\.?|phil\.?)-?\s?diss\w*|(?:ph\.?\s?d|doctoral)\.? diss\w*
    habil\.|habilita(?:tion|tsion|cni|cyjn)\w*
    \w*(?:diplom|magister|master|bachelor|doktor|staatsexamens|lizentiats|abschluss|zulassungs)arbeit
    these\s?(?:,|\.|de\b|d['’]|pour\b|en\b|unique|dact|non\b|inedite|univ|ecole|soutenue|present|dirig|sous\b|compl)
    memoire (?:de|d['’])\s?(?:master|maitrise|dea|des|dess|licence|fin d['’]etudes|diplome|m[12])\b
    tesis|tese|tesi|tezei|teza (?:de|doct)|memoria de (?:grado|licenciatura)
    (?:trabajo|projecto|proyecto|treball) (?:de )?(?:fin|final) de (?:grado|master|carrera|grau)
    trabalho de conclusao|tcc \(|monografia \(|(?:mestrado|doutorado) em\b|livre[ -]docencia
    dissertac\w+|dissertazion\w+|disertac\w+|dizerta\w+|disszertacio\w*|disertasi|dysertac\w+|diserta(?:tsi|tie)\w*
    lucrare de (?:licenta|disertatie|doctorat)
    prac[ae] (?:doktorsk|magistersk|licencjack|habilitacyjn|dyplomow|inzyniersk)\w+|rozprawa\b
    (?:disertac|dizertac|diplomov|bakalarsk|rigorozn|habilitac|doktorsk|kandidatsk|magistersk)\w+ (?:pra[ck]|tez)\w+
    (?:doktorsk|magistrsk|magistarsk|diplomsk|zavrsn)[aioy] (?:rad|del[oa]|tez[ae]|naloga|rasprava)
    (?:doktori|phd|kandidatusi|akademiai) (?:ertekezes|dolgozat)|szakdolgozat|diplomamunka
    \w*avhandling|(?:magister|master|kandidat|licentiat|[bcd]-)uppsats|examensarbete|\w*(?:master|hoved|hovud)oppgave
    \w*afhandling|kandidatspeciale|disputats|doktorsritgerd|meistararitgerd|\w*-ritgerd
    \w*proefschrift|doctoraats\w+|\w*scriptie|masterproef|licentiaatsverhandeling
    \w*vaitoskirja\w*|pro gradu|lisensiaatin\w+|opinnaytetyo|diplomityo|doktoritoo|magistritoo|vaitekiri
    promocijas darbs|magistr[ao] darb[ai]s
    (?:doktora|lisans|master|uzmanlik|yeterlik|bitirme) tez\w*|tezi
    luan (?:an|van) (?:tien|thac|pho|tot)|skripsi
    автореф\w*|дис{1,2}ертац\w*|дис{1,2}\.|канд(?:идат)?\w*\.? \w+\.?[ -]?\w*\.? ?наук
    (?:дипломна|магистерска|магистарски|магістерськ|выпускная квалификационн)\w* (?:робота|работа|рад)
    διατριβη|διπλωματικη εργασια|μεταπτυχιακη
    """
)
_THESES_UNSPACED = _any(
    r"""
    رسالة (?:ال)?(?:دكتورا|ماجستير|جامعية)|[اأإ]طروحة|مذكرة (?:ماجستير|ماستر|تخرج|دكتورا)
    پایان\W?نامه|رسال[هة] (?:دکتر|کارشناسی)|עבודת (?:דוקטור|גמר|מאסטר)|דיסרטציה
    [学學]位[论論]文|(?:博士|[硕碩]士|修士|[学學]士|[毕畢][业業]|卒業)(?:[学學]位)?[论論]文
    (?:박사|석사|학사|학위)\s?(?:학위)?\s?논문|วิทยานิพนธ์|ดุษฎีนิพนธ์
    """
)
# "Lecture Notes in Mathematics" and "Courant Lecture Notes 9" are series of books.
_LECTURES = _any(
    r"""
    (?:^|[.,;:(\[“"]\s*)(?:unpublished )?(?:lecture|class|course) notes\b(?!\s*(?:in\b|on\b|ser|vol|no\b|[–—,-]?\s*\d))
    \b(?:inaugural|memorial|keynote|public) (?:lecture|address)\b|\bantrittsvorlesung\b|\blecon inaugurale\b
    \bleccion inaugural\b|\baula inaugural\b|\bprolusione\b
    \bvorlesungs(?:skript|manuskript|mitschrift|nachschrift|unterlage)\w*
    \b(?:skript|mitschrift) zu\w* vorlesung|\bskriptum\b
    \bnotes de cours\b|\bpolycopie\b|\bapuntes de (?:clase|curso|catedra)|\bnotas de (?:aula|clase)\b|\bapostila\b
    \bdispense (?:del corso|universitarie)|\bappunti (?:dalle|delle|del) (?:lezioni|corso)|\bcollegedictaat
    \bkonspekt\w*\b|\bskrypt\b|\begyetemi jegyzet\b|\bders not(?:u|lari)\b|\bluentomoniste\w*
    \bforelasningsanteckning\w+|\bforelesningsnotat\w+|\bforelaesningsnoter
    \bконспект\w* лекци|[讲講][义義]|강의\s?(?:노트|록)
    """
)
_MEDIA = _any(
    r"""
    data ?sets?|(?:computer )?(?:software|program(?:me|ma)?)|source code|(?:mobile )?app|web ?(?:page|site)
    videos?|videotape|webcast|film[es]?|movie|motion picture|\w*spielfilm|dokumentation|\w*dokumentarfilm
    documentary|documentaire|documental|documentario|pelicula|belgesel|фильм|видео\w*|подкаст
    ビデオ|映画|视频|視頻|电影|電影|播客|영화|동영상|فيلم|فيديو
    map|audio ?(?:book|libro)|horbuch|audio|cd|dvd|vhs|blu-ray|vinyl|lp|album|song
    podcast|webinar|mooc|ted ?(?:x|talk)\w*
    powerpoint|slides|tweet|photograph|painting|facebook|instagram|blog|exhibition|broadcast
    (?:tv|television|radio|fernseh|horfunk) ?(?:series|serie|show|episode|programme?|sendung|interview|documentary|film)
    fernsehsendung|rundfunksendung|radiosendung|horspiel|newspaper(?: article)?|personal communication
    interviews?|entrevista|entretien|intervista|wywiad|rozhovor|интервью|インタビュー|访谈|訪談|采访|採訪|인터뷰
    press release|pressemitteilung|communique de presse|comunicado de (?:prensa|imprensa)|comunicato stampa|пресс-релиз
    """
)
_BEFORE = r"(?:online|documentary|feature|short|audio|youtube|animated|music|streaming|television|tv|radio)[\s-]"
_BEHIND = r"[\s-](?:file|recording|clip|series|episode|post|entry|log post|lecture|transcript|only)"
_IN_BRACKETS = (
    rf"\[(?:[\w'’.]+[\s-]){{0,2}}(?:{_MEDIA})(?:[\s-][\w'’.]+){{0,2}}\]"
    rf"|\((?:{_BEFORE}){{0,2}}(?:{_MEDIA})(?:{_BEHIND})?\)"
)
_RECORDINGS = _any(
    r"""
    \b(?:u\.?\s?s\.?|european|world|german|japanese|chinese)\s+pat(?:ent|\.)|\bpatent\s+(?:no|nr|application)\b
    \bpatentschrift|\boffenlegungsschrift|\bblog (?:post|entry)\b|\b(?:r|python) package,? version
    \b(?:documentary|motion|youtube) (?:film|video|picture)s?\b|\bdokumentarfilm|\bfilm documentaire
    \bblog\s*(?:[.,;:()]|$)|\[(?:r|python|matlab|stata|source|computer) (?:code|script)\]
    \bpelicula documental|\bted ?x? talk\b|\b(?:television|tv|radio) (?:broadcast|programme)\b
    \b(?:fernseh|rundfunk|radio)sendung\b|документальныи фильм
    """
)
# What has the title of a book and is not printed: read aloud, shown, broadcast or kept in an archive.
_UNPRINTED = _any(
    r"""
    \bhorbuch|\baudio ?book|\blivre audio\b|\baudiolibro\b
    \b(?:youtube|vimeo)\b(?!\.\w)|[.;,]\s*(?:dvd|vhs|blu-ray)\s*(?:[.;]|$)
    [.;]\s*(?:exhibition|ausstellung|exposition|exposicion|exposicao|mostra)\s*[.,;](?!.*\b[ck]atalog)
    \bbbc (?:one|two|three|four|radio|tv|television|news|\d)\b
    \bchannel (?:4|four)\b|\b(?:television|televisione)\s*(?:[,.;)]|$)
    (?<!als )\b(?:manuskript|typoskript|tapuscrit|manuscrit|manoscritto|dattiloscritto)\b
    \bmanuscrito\b|\bmaszynopis\b|\bрукопись\b
    """
)
_PRESS = _any(
    r"""
    \bpress release\b|\bpresse?(?:mitteilung|information|erklarung|aussendung|melding|meddelelse)\b|\bpressmeddelande\b
    \bcommuniques? de presse|\bcomunicado de (?:prensa|imprensa)|\bnota (?:de|a) (?:prensa|imprensa)
    \bcomunicato stampa
    \bпресс-?релиз|\bтискова|\btiskova zprava|\btlacova sprava|\bkomunikat prasowy|\bpersbericht\b|\blehdistotiedote
    \bbasin (?:bulteni|aciklamasi)|\bsajtokozlemeny|\bcomunicat de presa|\bpriopcenje za
    プレスリリース|新[闻聞]稿|보도\s?자료|بيان صحفي|(?:^|[.,;:]\s*)(?:audio |video )?podcast\b
    """
)
_INTERVIEWS = _any(
    r"""
    interview(?:ed)? (?:with|by|mit|conducted|de|av|med)\b|interview,? \d
    entretiens? avec|entrevistas? (?:con|com|a|de)\b
    intervista (?:a|di|con)\b|wywiad (?:z|ze)\b|rozhovor (?:s|se|so)\b|intervju (?:med|s|sa)\b|haastattelu\b
    roportaj\b|mulakat\b|(?:im )?gesprach mit|интервью (?:с|со|автор)|беседа с
    """
)
_TOLD = _any(
    rf"""
    (?:^|[.,;:(\[“"«–—]\s*)(?:an? |the )?(?:unpublished |telephone |personal |author['’]?s? |e-?mail )?(?:{_INTERVIEWS})
    \bpers(?:onal|onliche|onlig|onlijke)?\.? (?:comm(?:unication|un)?|mitt(?:eilung)?|meddel\w+|mededeling)\b
    \bcomunica(?:cion|cao|zione) (?:personal|pessoal|personale)|\bcommunication personnelle|\bличное сообщение
    インタビュー|[访訪][谈談]|인터뷰|مقابلة (?:مع|شخصية)
    """
)
_IS_THESIS = re.compile(rf"\b(?:{_THESES})|{_THESES_UNSPACED}")
_IS_LECTURE = re.compile(_LECTURES)
_IS_RECORDING = re.compile(f"{_IN_BRACKETS}|{_RECORDINGS}")
_IS_UNPRINTED = re.compile(_UNPRINTED)
_IS_TOLD = re.compile(f"{_PRESS}|{_TOLD}")
# The kind of a document by the Chinese standard GB/T 7714, behind its title: "[D]", "[J/OL]", "[M]//".
_CODE = re.compile(r"[\[［【]\s?([CDGJMNPRS])\s?(?:/\s?OL)?\s?[\]］】]\s*(?:[.,:;．。]|//|$|\d{4})")

_CODE_BEHIND = re.compile(rf"^\s*(?={_CODE.pattern})[\[［【][^\]］】]*[\]］】]")


def _marks(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Letters without which a pattern cannot be found; looking for them is much quicker.
_MARKS_OF_THESES = _marks(
    """thes diss habil arbeit these memoire tesi tese teze teza tezi tez monografia trabajo proyecto projecto
    treball trabalho tcc mestrado doutorado livre lucrare prac rozprawa dizert dysert disert bakalar diplom
    rigoroz doktor kandid treball magist zaver zavr ertekez szakdolgozat avhandling uppsats examens oppgave
    afhandling speciale disputats ritgerd proefschrift doctoraat scriptie masterproef licentiaat vaitoskirja
    gradu lisensiaat opinn doktorit vaitek promocijas lisans uzman luan skripsi автореф дис канд дипломн
    магист выпускн διατριβ διπλωμ μεταπτ رسال طروحة مذكرة پایان עבודת דיסר 文 논문 วิทยา ดุษฎี"""
)
_MARKS_OF_LECTURES = _marks(
    """notes skript mitschrift polycop apuntes notas apostila dispense appunti dictaat konspekt skrypt jegyzet ders
    luento forel lecture address vorlesung lecon leccion aula prolusion
    конспект 义 義 강의"""
)
_MARKS_OF_WHAT_WAS_TOLD = _marks(
    """press prensa imprensa stampa пресс тискова tlacova prasowy pers lehdist basin sajto presa priop
    プレス 稿 보도 بيان
    podcast interv entre wywiad rozhovor haastat roportaj mulakat gesprach интервью беседа comunica
    communication сообщение tiskova インタ 谈 談 인터뷰 مقابلة"""
)
_MARKS_OF_WHAT_IS_UNPRINTED = _marks(
    """horbuch audio youtube vimeo dvd vhs blu-ray exhib ausstell expos mostra bbc channel televis skript
    script manuscri
    manoscri dattilo maszyno рукопись"""
)
_MARKS_OF_RECORDINGS = _marks("[ ( pat offenleg blog package film video pelicula ted broadcast programme sendung")


def _says(folded: str, marks: tuple[str, ...], pattern: re.Pattern[str]) -> bool:
    return any(mark in folded for mark in marks) and pattern.search(folded) is not None


def is_thesis(folded: str) -> bool:
    return _says(folded, _MARKS_OF_THESES, _IS_THESIS)


def is_lecture(folded: str) -> bool:
    return _says(folded, _MARKS_OF_LECTURES, _IS_LECTURE)


def is_recording(folded: str) -> bool:
    """A film, a program, a patent, a web page: whatever is no text of a journal or a book."""
    return _says(folded, _MARKS_OF_RECORDINGS, _IS_RECORDING)


def is_unprinted(folded: str) -> bool:
    """What was read aloud, shown or broadcast, or is kept as a manuscript."""
    return _says(folded, _MARKS_OF_WHAT_IS_UNPRINTED, _IS_UNPRINTED)


def is_told(folded: str) -> bool:
    """What a person said or a body told the press. Journals print such things, too; then the journal is named."""
    return _says(folded, _MARKS_OF_WHAT_WAS_TOLD, _IS_TOLD)


def without_code(behind: str) -> str:
    """What is printed behind a title, without the kind of document."""
    return _CODE_BEHIND.sub("", behind, count=1)


def code(text: str) -> str | None:
    """The letter of the document's kind by GB/T 7714."""
    found = _CODE.search(text)
    return found[1] if found else None
