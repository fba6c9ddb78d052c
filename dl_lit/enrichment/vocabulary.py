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

# Left out when a journal's name is shortened. Single letters are not: they name sections ("Phys. Rev. E").
SMALL_WORDS = _entries("the of and for in on de la le les des du der die das und für fur an et en al den del di to")

# What may stand between a journal's name and its numbers; any other word would be part of a longer name.
AFTER_A_CONTAINER = MONTHS | _entries(
    """vol volume v no nr number issue bd band jg jahrgang heft h t tome p pp s pages ed eds edn edited by edition in
    u us usa suppl supplement art article ser series portico online internet print published doi epub"""
)

# Words of containers' names that differ by no more than misprints, or look as if one shortened the other. A misprint
# hardly ever makes one of them of another.
FIELDS = _entries(
    """anatomy agronomy astronomy astrology anthropology biology biochemistry biophysics biotechnology botany cardiology
    chemistry cytology criminology dermatology ecology economics econometrics ecotoxicology embryology endocrinology
    entomology epidemiology ethnology ethology etymology etiology genetics genomics geochemistry geodesy geography
    geology geometry geomorphology geophysics gerontology gynecology hematology hepatology histology histochemistry
    history hydrology hydrogeology ichthyology immunology limnology lithology mathematics mechanics metaphysics
    meteorology metrology microbiology mineralogy morphology musicology mycology nephrology neurology neurobiology
    neurophysiology neuroradiology nursing oncology ontology ophthalmology optics ornithology otology paleontology
    palaeontology parasitology pathology pedagogy pediatrics petrology pharmacology pharmacy philology philosophy
    phonology photochemistry photogrammetry phycology phylogeny physics physiology phytology phytopathology podiatry
    politics policy police primatology proteomics psychiatry psychology psychopathology psychophysiology radiology
    religion rheumatology semiotics sexology sociology statistics surgery taxonomy theology therapy topology toxicology
    traumatology tribology typology urology virology volcanology zoology
    art arts law lab cell cells heart head health wealth wandel handel soil oil food wood marine maritime
    teacher teaching learning leading gene genes polymer polymers policy organic inorganic physica
    critical clinical chemical tropical topical optical material maternal national rational regional relational spatial
    special evaluation evolution education conversation conservation adaptation adoption radiobiology eastern western
    northern southern internal external american african asian australian austrian european eurasian iranian iraqi
    polish danish finnish irish british scottish swedish spanish turkish indian italian canadian romanian russian
    medical musical mental dental legal social physical neural nuclear
    solar polar molar lunar water power tower light night right rights sport sports sound wound brain grain trade grade
    blood flood money honey labor labour peace place space plant plane planet bone zone bird birds gender mental rental
    matter nature culture cultures cultural natural future nation region regions legion motion emotion notion vision
    fusion design cancer forest forestry fisheries fishes human humans women men child children land sand hand gas bank
    books works words worlds world word war wars rail mail media medica media music mosaic court courts port ports sleep
    sheep ships shape skin spine wine vine mine mines mind minds wind film fish time type types tissue issues issue
    bildung forschung handlung handel wandlung dichtung richtung kunst kultur natur recht macht stadt staat"""
)

NOT_NAMES = _entries(
    """anon anonymous et al and und ed eds hrsg hg editor editors no pp vol in available retrieved the of for n jr sr
    etal"""
)

# Neither title nor name: what else a reference is made of.
FURNITURE = MONTHS | _entries(
    """vol volume issue pages and und eds edn edited the anon portico available online retrieved accessed http https
    doi in et al"""
)

# What any reference may say beside its work, in small letters: who edited and translated, how many volumes there are,
# which edition (compared elsewhere), where and when it was seen. Words for kinds of works are none of these.
BESIDE_A_WORK = _entries(
    """with from the for under this that its his her par por der die das den dem des les los las dos das della delle
    degli von vom zur zum und unter mit aus fur bei med och ved til over met voor van een het oraz dla pro pod ili
    editors edits dirs dir coord coords coordinator coordinateur org orgs organizador organizadores organizado
    hrsgg herausgegeben herausgeber hgg bearb bearbeitet eingeleitet red reds redaktor redigert curatore cura direction
    directeur ouvrage collectif edited editado edite edizioni introduced introduction intro foreword preface prefacio
    notes commentary annotated collected selected sous compiled comp comps
    trans transl translated translation translator traduit traduction trad traducido traduccion traduzione traducao
    traduzido tradotto traductor ubersetzt ubers ubersetzung vertaald vertaling oversatt overs perevod per tlum prel
    vols voll voli bde bden baende tomes tomos tomi tomy volumes volumen volumi zvazky pag pags pagg seiten seite
    sayfa pagina paginas paginae side sider sidor strana stran stron str fol fols folios figs plates ill illus
    chap chaps cap ch kap kapitel chapter chapters col cols sect section esp especially num nos nrs issues heft hefte
    edition editions aufl auflage ausgabe edn edicion edizione edicao edice vyd vydanie wyd wydanie uppl utg oplag druk
    baski basim kiad izd revised rev enlarged expanded extended updated corrected verb verbesserte uberarb
    uberarbeitete erw erweiterte erg erganzte durchges durchgesehene bearbeitete neubearb neu aktualisierte aktual
    vollst unverand revue corrigee augmentee mise jour aumentada ampliada revisada corregida atualizada riveduta
    ampliata accresciuta second third fourth fifth sixth seventh eighth ninth tenth first printing print reprint repr
    reprinted reimpr ristampa reed nachdr nachdruck reeditado original originally orig published erschienen erstmals
    publie publicado pubblicato here hier
    press appear forthcoming impress druck erscheinen paraitre prensa prelo prep ahead epub early view
    cit erisim tarihi retrieved available accessed access viewed cited seen visited consulted last checked site website
    web page online
    disponivel disponible disponibile acessado acesso acceso citado consultado consultato consulte consultee ligne
    linea linha abgerufen abrufbar zugriff verfugbar eingesehen zuletzt gesehen stand besucht internet tillganglig
    hamtad geraadpleegd bezocht dostep dostupne
    janvier fevrier fevr mars avril avr mai juin juillet juil aout septembre octobre novembre decembre
    janeiro fevereiro fev marco abril abr maio junho julho agosto ago setembro set outubro out novembro dezembro dez
    enero ene febrero marzo mayo junio julio septiembre setiembre octubre noviembre diciembre dic
    gennaio gen febbraio aprile maggio mag giugno giu luglio lug settembre ottobre ott novembre dicembre
    januar februar marz juni juli oktober dezember januari februari maart augusti augustus
    arxiv biorxiv medrxiv chemrxiv psyarxiv ssrn preprint preprints eprint submitted accepted
    special issue suppl series serie
    open access full text free article pmc crossref google scholar medline pubmed scopus web science researchgate
    english german french spanish russian chinese japanese italian portuguese polish norwegian swedish danish
    pii art artn serial edd rpt illustrated illustr others etc"""
)

# Bodies' reports are registered as books.
OF_REPORTS = _entries(
    "report reports rep rept rapport rapports bericht berichte informe relatorio rapporto tech technical"
)
OF_TALKS = _entries("paper poster talk lecture abstract presented presentation contributed invited oral held")

POINTING_BACK = _entries("ibid ibidem ebd ebenda op cit loc idem see also ders dies vgl siehe aao")

# Before or behind a title they belong to the note on it, not to it.
NOT_TITLES = _entries(
    """ed edited trans transl translated translation translator ubers ubersetzt herausgegeben retrieved available press
    thesis dissertation diss phd doctoral master masters paper presented presentation poster talk abstract preprint
    article chapter report unpublished manuscript forthcoming submitted accepted reprint reprinted special issue
    university universitat universite universidad editors editor traduit edition editions auflage aufl ausgabe
    edicion edicao edizione revised expanded enlarged updated rev verbesserte uberarbeitete erweiterte aktualisierte
    proc proceedings trans transactions bull bulletin ann annals journal review letters
    second third fourth fifth sixth seventh eighth ninth tenth"""
)

# What words say the contrary with, wherever in them; they differ by no more than misprints do.
OPPOSITES = (
    ("hypo", "hyper"), ("intra", "inter"), ("intra", "extra"), ("micro", "macro"), ("pre", "post"), ("pro", "anti"),
    ("endo", "exo"), ("mono", "poly"), ("homo", "hetero"), ("north", "south"), ("east", "west"), ("nord", "sud"),
    ("ost", "west"), ("increas", "decreas"), ("low", "high"), ("male", "female"), ("induct", "deduct"),
    ("over", "under"), ("up", "down"), ("matern", "patern"), ("mother", "father"), ("mutter", "vater"),
    ("mere", "pere"), ("madre", "padre"), ("mother", "brother"), ("afferent", "efferent"), ("men", "women"),
    ("mann", "frau"), ("tag", "nacht"), ("input", "output"), ("intern", "extern"), ("import", "export"),
    ("ortho", "para"), ("ortho", "meta"), ("meta", "para"), ("cis", "trans"), ("alpha", "beta"), ("alpha", "gamma"),
    ("beta", "gamma"), ("anion", "cation"), ("proton", "photon"), ("neutron", "neutrino"), ("accept", "except"),
    ("emigra", "immigra"), ("ober", "unter"), ("uber", "unter"), ("boys", "girls"), ("kapital", "kapitel"),
)  # fmt: skip
# Two of these before one stem make two words.
PREFIXES = _entries(
    """up down low high mid in im out off over under upper lower inner outer intra inter extra trans cis sub super supra
    infra circum peri endo exo ecto meso epi hypo hyper iso ante pre post pro anti contra counter retro neo palaeo
    proto meta para ortho micro macro mega nano mini mono bi uni di tri tetra poly oligo multi semi hemi pan homo
    auto allo xeno hetero north south east west left right eu dys brady tachy ex intro extro syn dia de re dis non un
    ir mis mal for back fore after nord sud ost uber unter vor nach auf ab ein aus ober nieder innen aussen ruck sous
    sur avant apres sobre bajo alto hoch tief gross klein links rechts paleo"""
)
# Before a stem of so many letters at least they make another word of it.
NEGATIONS = {
    "un": 4, "in": 4, "im": 4, "il": 4, "ir": 4, "dis": 4, "non": 4, "anti": 4, "a": 6, "an": 6, "de": 5, "re": 5,
    "mis": 4, "mal": 5, "sub": 4, "super": 4, "pre": 4, "post": 4, "ex": 4, "inter": 4, "intra": 4, "trans": 4,
    "over": 4, "under": 4, "micro": 4, "macro": 4, "multi": 4, "neo": 4, "pseudo": 4, "semi": 4, "fe": 4, "wo": 3,
    "up": 4, "out": 4, "mega": 4, "nano": 4, "poly": 4, "bi": 5, "tri": 5, "co": 6, "ent": 5, "miss": 5, "ur": 5,
    "vor": 5, "nach": 5, "be": 6, "ver": 6, "um": 6, "zer": 5,
}  # fmt: skip
# Behind a stem they make singular and plural, or two cases, of one word.
ENDINGS = frozenset({"", *_entries("s es e n en er ern es em ens a as ae i is o os um us ums ia ium")})
