"""Words, and beginnings and endings of words, that tell a misprint from another word."""

from __future__ import annotations


def _entries(text: str) -> frozenset[str]:
    return frozenset(text.replace("\n", " ").split())


# Left out when a journal's name is shortened. Single letters are not: they name sections ("Phys. Rev. E").
SMALL_WORDS = _entries("the of and for in on de la le les des du der die das und für fur an et en al den del di to")

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
