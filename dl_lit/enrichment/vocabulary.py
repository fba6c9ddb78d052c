"""Words around names, titles and numbers in printed references, and the kinds of works to tell apart."""

from __future__ import annotations

BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book"})
CHAPTERS = frozenset({"book-chapter", "book-section", "book-part", "reference-entry"})
ARTICLES = frozenset({"journal-article", "proceedings-article"})
# One title can stand for many of these.
DATA = frozenset({"dataset", "component", "standard"})
# No service that can be searched for titles keeps them; an article with the title of a judgement is not that judgement.
UNINDEXED = frozenset({"legislation", "legal_case", "patent"})
# Reprinted and reissued: their years are looser than those of articles.
LOOSELY_DATED = BOOKS | {"proceedings", "dissertation"}
# Records of parts, containers and judgements, never of what is cited.
NEVER_CITED = frozenset(
    {"component", "peer-review", "journal-issue", "journal", "journal-volume", "grant", "book-set", "book-series"}
)


def _entries(text: str) -> frozenset[str]:
    return frozenset(text.replace("\n", " ").split())


SEASONS = _entries("spring summer autumn fall winter")
MONTHS = SEASONS | _entries(
    """jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
    october november december"""
)

# What may stand between a journal's name and its numbers; any other word would be part of a longer name.
AFTER_A_CONTAINER = MONTHS | _entries(
    """vol volume v no nr number issue bd band jg jahrgang heft h t tome p pp s pages ed eds edn edited by edition in
    u us usa suppl supplement art article ser series portico online internet print published doi epub"""
)

NAMELESS = _entries("anon anonym anonymous anonyme anonymus anonimo nn")

NOT_NAMES = _entries(
    """anon anonymous et al and und ed eds hrsg hg editor editors no pp vol in available retrieved the of for n jr sr
    etal"""
)

# Neither title nor name: what else a reference is made of.
FURNITURE = MONTHS | _entries(
    """vol volume issue pages and und eds edn edited the anon portico available online retrieved accessed http https
    doi in et al"""
)

# Of editions, translations and deposits: these words stand beside a title, and are no part of it.
_NOTES_ON_A_WORK = FURNITURE | _entries(
    """trans transl translated translation translator ubers ubersetzt herausgegeben press preprint article chapter
    forthcoming submitted accepted reprint reprinted special editors traduit edition editions auflage aufl ausgabe
    edicion edicao edizione revised expanded enlarged updated rev verbesserte uberarbeitete erweiterte aktualisierte
    second third fourth fifth sixth seventh eighth ninth tenth"""
)

# What any reference may say beside its work, in small letters: who edited and translated, how many volumes there are,
# which edition (compared elsewhere), where and when it was seen. Words for kinds of works are none of these.
BESIDE_A_WORK = _NOTES_ON_A_WORK | _entries(
    """with from for under this that its his her par por der die das den dem des les los las dos della delle
    degli von vom zur zum unter mit aus fur bei med och ved til over met voor van een het oraz dla pro pod ili
    edits dirs dir coord coords coordinator coordinateur org orgs organizador organizadores organizado
    hrsgg herausgeber hgg bearb bearbeitet eingeleitet red reds redaktor redigert curatore cura direction
    directeur ouvrage collectif editado edite edizioni introduced introduction intro foreword preface prefacio
    notes commentary annotated collected selected sous compiled comp comps
    traduction trad traducido traduccion traduzione traducao
    traduzido tradotto traductor ubersetzung vertaald vertaling oversatt overs perevod per tlum prel
    vols voll voli bde bden baende tomes tomos tomi tomy volumes volumen volumi zvazky pag pags pagg seiten seite
    sayfa pagina paginas paginae side sider sidor strana stran stron str fol fols folios figs plates ill illus
    chap chaps cap ch chs kap kapitel chapters col cols sect section esp especially num nos nrs issues heft
    hefte
    edice vyd vydanie wyd wydanie uppl utg oplag druk
    baski basim kiad izd extended corrected verb uberarb
    erw erg erganzte durchges durchgesehene bearbeitete neubearb neu aktual
    vollst unverand
    paperback pbk hardcover hardback softcover taschenbuch broche kritische critica critique
    revue corrigee augmentee mise jour aumentada ampliada revisada corregida atualizada riveduta
    ampliata accresciuta first printing print repr
    reimpr ristampa reed nachdr nachdruck reeditado original originally orig published erschienen erstmals
    publie publicado pubblicato here hier see generally zurst hierzu dazu ausfuhrlich
    neposredstvennyy tekst elektronnyy
    appear impress druck erscheinen paraitre prensa prelo prep ahead epub early view
    cit erisim tarihi access viewed cited seen visited consulted last checked site website
    web page
    disponivel disponible disponibile acessado acesso acceso citado consultado consultato consulte consultee ligne
    linea linha abgerufen abrufbar zugriff verfugbar eingesehen zuletzt gesehen stand besucht internet tillganglig
    hamtad geraadpleegd bezocht dostep dostupne
    janvier fevrier fevr mars avril avr mai juin juillet juil aout septembre octobre novembre decembre
    janeiro fevereiro fev marco abril abr maio junho julho agosto ago setembro set outubro out novembro dezembro dez
    enero ene febrero marzo mayo junio julio septiembre setiembre octubre noviembre diciembre dic
    gennaio gen febbraio aprile maggio mag giugno giu luglio lug settembre ottobre ott dicembre
    januar februar marz juni juli oktober dezember januari februari maart augusti augustus
    arxiv biorxiv medrxiv chemrxiv psyarxiv ssrn preprints eprint
    suppl series serie
    open full text free pmc crossref google scholar medline pubmed scopus science researchgate
    english german french spanish russian chinese japanese italian portuguese polish norwegian swedish danish
    pii art artn serial edd rpt illustrated illustr others etc"""
)

# Bodies' reports are registered as books.
OF_REPORTS = _entries(
    "report reports rep rept rapport rapports bericht berichte informe relatorio rapporto tech technical"
)
OF_DEPOSITS = _entries(
    """working discussion research staff policy white paper papers draft version unpublished manuscript mimeo memo
    memorandum document posted deposited server repository final technical note review peer not certified reviewed
    publication lecture"""
)
OF_TALKS = _entries("paper poster talk lecture abstract presented presentation contributed invited oral held")

POINTING_BACK = _entries("ibid ibidem ebd ebenda op cit loc idem see also ders dies vgl siehe aao")

# Before or behind a title they belong to the note on it, not to it.
NOT_TITLES = _NOTES_ON_A_WORK | _entries(
    """ed thesis dissertation diss phd doctoral master masters paper presented presentation poster talk abstract
    report unpublished manuscript university universitat universite universidad editor proc proceedings transactions
    bull bulletin ann annals journal review letters"""
)
