"""Word lists of names and titles: particles, two-syllable families, titles that many works bear, Greek letters."""

from __future__ import annotations


def _entries(text: str) -> frozenset[str]:
    return frozenset(entry.strip() for entry in text.replace("\n", "|").split("|") if entry.strip())


PARTICLES = _entries(
    """von|van|de|der|den|del|della|dello|delle|dei|degli|di|da|das|do|dos|du|des|la|le|lo|el|al|bin|ibn|ben|ter|ten|te
    zu|zum|zur|vom|und|af|av|d|l|'t|op|in't|dal|dalla|y|e"""
)

TWO_SYLLABLE_FAMILIES = _entries(
    """欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|東方|皇甫|尉迟|公孙|令狐|慕容|司徒|남궁|황보|제갈|선우"""
)

# Written as people write them; `titles.is_generic` folds both sides.
GENERIC_TITLES = _entries(
    """introduction|editorial|preface|foreword|review|reviews|book review|book reviews|index|contents|table of contents
    abstract|abstracts|conclusion|conclusions|discussion|summary|overview|comment|commentary|correspondence|letter
    letters|letter to the editor|letters to the editor|erratum|errata|corrigendum|correction|corrections|retraction
    news|obituary|announcement|announcements|acknowledgements|acknowledgments|bibliography|references|appendix
    glossary|notes|note|reply|response|authors reply|in memoriam|front matter|back matter|frontmatter|backmatter
    title page|cover|editorial board|about the authors|contributors|list of contributors|thanks|in brief
    in this issue|from the editor|editors note|background|results|methods|methodology|materials and methods
    annual report|proceedings|untitled|personalia|miscellaneous|notices|book notes|new books|books received|calendar
    prologue|epilogue|afterword|guest editorial|case report|case reports|poster|editorial comment
    einleitung|einführung|vorwort|nachwort|geleitwort|inhalt|inhaltsverzeichnis|rezension|rezensionen|besprechungen
    buchbesprechung|buchbesprechungen|zusammenfassung|literatur|literaturverzeichnis|register|sachregister|anhang
    schluss|fazit|ausblick|mitteilungen|nachrichten|titelei|diskussion|bericht|jahresbericht|theorie|methode|methoden
    introducción|prólogo|índice|reseña|reseñas|presentación|introdução|apresentação|resumo|introduzione|prefazione
    recensioni|avant propos|préface|compte rendu|comptes rendus|sommaire|введение|предисловие|рецензия
    前言|引言|序|书评|編集後記|はじめに"""
)

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip

UNITS_OF_PARTS = _entries(
    """part|parts|pt|vol|volume|band|bd|teil|tl|book|buch|chapter|kapitel|kap|no|nr|number|tome|tomo|section|series
    serie|phase|study|studie|act|paper|lecture|edition|version|parte|partie|heft|lieferung|folge|mitt|mitteilung|memoire|communication|abteilung|abt|часть|том|выпуск"""
)

SPELLED_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "first": "1", "second": "2",
    "third": "3", "fourth": "4", "fifth": "5", "eins": "1", "zwei": "2", "drei": "3", "vier": "4", "erster": "1",
    "zweiter": "2", "dritter": "3", "erste": "1", "zweite": "2", "dritte": "3",
}  # fmt: skip

# Their titles tell the meetings apart by an ordinal in words.
SERIES_OF_MEETINGS = _entries(
    """conference|symposium|workshop|congress|meeting|colloquium|convention|assembly|seminar|school|proceedings|annual
    konferenz|kongress|tagung|kolloquium|congres|colloque|congreso|simposio|congresso|convegno|biennial|session"""
)

_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth"
)
SPELLED_ORDINALS = {word: str(number) for number, word in enumerate(_ORDINAL_WORDS.split(), 1)} | {
    "thirtieth": "30", "fortieth": "40", "fiftieth": "50",
    "erste": "1", "zweite": "2", "dritte": "3", "vierte": "4", "funfte": "5", "sechste": "6", "siebte": "7",
    "achte": "8", "neunte": "9", "zehnte": "10", "elfte": "11", "zwolfte": "12",
    "premier": "1", "deuxieme": "2", "troisieme": "3", "quatrieme": "4", "cinquieme": "5",
    "primer": "1", "segundo": "2", "tercer": "3", "cuarto": "4", "quinto": "5",
}  # fmt: skip
