"""Filler prose for the stand-in papers, in English and German: our own sentences with the nouns of a field."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

Words = dict[str, tuple[str, ...]]

SECTIONS = {
    "en": ("Introduction", "Background", "Data and methods", "Results", "Discussion", "Conclusion"),
    "de": ("Einleitung", "Forschungsstand", "Daten und Methoden", "Ergebnisse", "Diskussion", "Fazit"),
}

VOCABULARY: dict[tuple[str, str], Words] = {
    ("en", "computing"): {
        "subject": ("sequence models", "image classifiers", "learned representations", "ranking functions"),
        "unit": ("benchmarks", "training runs", "held-out documents", "test images"),
        "measure": ("accuracy", "calibration error", "perplexity", "recall at ten"),
        "cause": ("depth", "label noise", "the size of the vocabulary", "the optimiser's step size"),
    },
    ("en", "statistics"): {
        "subject": ("shrinkage estimators", "resampling schemes", "mixed models", "imputation methods"),
        "unit": ("simulated samples", "survey waves", "clusters", "registers"),
        "measure": ("coverage", "mean squared error", "bias", "power"),
        "cause": ("missing values", "heavy tails", "small groups", "correlated errors"),
    },
    ("en", "life"): {
        "subject": ("expression profiles", "alignment tools", "treatment effects", "cell lines"),
        "unit": ("samples", "patients", "cohorts", "sequencing libraries"),
        "measure": ("fold change", "survival", "mapping rate", "effect size"),
        "cause": ("batch effects", "read depth", "comorbidity", "publication bias"),
    },
    ("en", "physics"): {
        "subject": ("exchange functionals", "thin films", "entangled states", "surface reactions"),
        "unit": ("supercells", "samples", "measured spectra", "simulation runs"),
        "measure": ("the band gap", "the binding energy", "visibility", "the lattice constant"),
        "cause": ("dispersion", "the choice of cut-off", "thermal noise", "lattice strain"),
    },
    ("en", "economics"): {
        "subject": ("wage floors", "credit markets", "growth regressions", "settler institutions"),
        "unit": ("counties", "firms", "country pairs", "household panels"),
        "measure": ("employment", "output per worker", "the price spread", "the savings rate"),
        "cause": ("measurement error", "market power", "unobserved ability", "the legal tradition"),
    },
    ("en", "social"): {
        "subject": ("weak ties", "party attachments", "school tracks", "voluntary associations"),
        "unit": ("respondents", "municipalities", "birth cohorts", "classrooms"),
        "measure": ("trust", "turnout", "attainment", "the density of contacts"),
        "cause": ("residential mobility", "class background", "institutional change", "selective exposure"),
    },
    ("de", "social"): {
        "subject": ("Bildungswege", "soziale Milieus", "Erwerbsverläufe", "professionelle Kompetenzen"),
        "unit": ("Befragten", "Geburtskohorten", "Schulklassen", "Kommunen"),
        "measure": ("Bildungsbeteiligung", "Statusvererbung", "Zufriedenheit", "Unterrichtsqualität"),
        "cause": ("Herkunft", "institutionelle Übergänge", "regionale Arbeitsmärkte", "Erwartungen der Eltern"),
    },
}

_SENTENCES = {
    "en": (
        "Over the last decades {subject} have moved from the margin of the field to its centre.",
        "Few would dispute that {measure} depends on {cause}, but how strongly it does so is far from settled.",
        "We therefore look at {subject} in {n} {unit} and ask which part of the variation {cause} can explain.",
        "Earlier work treated {cause} as a nuisance, whereas we treat it as the object of study.",
        "In {share} per cent of the {unit} the difference in {measure} was too small to matter in practice.",
        "The picture changes once {cause} is taken into account.",
        "Two readings of this pattern are possible, and the {unit} at hand do not decide between them.",
        "A stricter definition of {subject} leaves {n} {unit}, and the estimate hardly moves.",
        "It would be rash to conclude from this that {cause} plays no role.",
        "The comparison rests on {unit} that were selected before {measure} was known.",
        "Where the {unit} are few, the intervals are wide and should be read with care.",
        "What looks like an effect of {cause} may simply reflect how {measure} was recorded.",
        "None of this is new, yet the consequences for {subject} have rarely been spelt out.",
        "We return to this point when we discuss the limits of our design.",
        "The procedure was fixed in advance and applied to all {unit} alike.",
        "Taken together, the findings suggest a modest but stable relation between {cause} and {measure}.",
        "A second analysis without the {n} most extreme {unit} led to the same ordering.",
        "The argument has two steps, and only the first of them can be tested directly.",
        "For {subject} the gain in {measure} levels off after the first {n} {unit}.",
        "Readers who are mainly interested in the results may skip this section.",
    ),
    "de": (
        "In den vergangenen Jahrzehnten sind {subject} vom Rand in die Mitte der Forschung gerückt.",
        "Dass {cause} eine Rolle spielen, ist kaum umstritten; offen ist, wie groß ihr Gewicht ausfällt.",
        "Der Beitrag fragt deshalb, welchen Anteil der Unterschiede {cause} erklären können.",
        "Frühere Arbeiten haben diesen Zusammenhang eher vorausgesetzt als geprüft.",
        "Bei {share} Prozent der {unit} bleibt der Unterschied so klein, dass er praktisch bedeutungslos ist.",
        "Das Bild ändert sich, sobald man {cause} gesondert betrachtet.",
        "Zwei Lesarten dieses Befundes sind möglich, und die vorliegenden Daten entscheiden nicht zwischen ihnen.",
        "Eine strengere Abgrenzung lässt {n} Fälle übrig, ohne dass sich das Ergebnis wesentlich verschiebt.",
        "Daraus zu schließen, {cause} seien belanglos, wäre allerdings voreilig.",
        "Die Auswahl der {unit} stand fest, bevor die abhängige Größe erhoben wurde.",
        "Wo die Fallzahlen klein sind, sollten die Schätzungen mit Vorsicht gelesen werden.",
        "Was wie eine Wirkung aussieht, kann auch der Art der Erhebung geschuldet sein.",
        "Neu ist diese Überlegung nicht, doch wurden ihre Folgen für {subject} selten ausbuchstabiert.",
        "Auf diesen Punkt kommen wir bei der Erörterung der Grenzen unserer Untersuchung zurück.",
        "Das Vorgehen wurde vorab festgelegt und auf alle {n} Fälle gleichermaßen angewandt.",
        "Insgesamt sprechen die Befunde für einen schwachen, aber beständigen Zusammenhang.",
        "Als abhängige Größe dient dabei das Merkmal {measure}, das in allen Wellen gleich erhoben wurde.",
        "Das Argument hat zwei Schritte, von denen sich nur der erste unmittelbar prüfen lässt.",
    ),
}

_CITING = {
    "en": (
        "This has been argued from several sides{cite}.",
        "The point is an old one{cite}.",
        "Similar observations have been made elsewhere{cite}.",
        "We follow the usual practice here{cite}, with one exception.",
        "On {measure} in particular the literature is rich{cite}.",
        "Others have come to a different view of {subject}{cite}.",
        "The formal treatment goes back further{cite} than is often remembered.",
        "For {cause} the evidence is mixed{cite}, and it has not become clearer since.",
    ),
    "de": (
        "Darauf ist verschiedentlich hingewiesen worden{cite}.",
        "Der Gedanke ist nicht neu{cite}.",
        "Ähnliche Beobachtungen finden sich auch an anderer Stelle{cite}.",
        "Wir folgen hier der üblichen Praxis{cite}, mit einer Ausnahme.",
        "Für {subject} liegen dazu zahlreiche Arbeiten vor{cite}.",
        "Andere Autorinnen und Autoren kommen zu einer abweichenden Einschätzung{cite}.",
        "Die begriffliche Klärung reicht weiter zurück{cite}, als oft erinnert wird.",
        "Was {cause} betrifft, ist die Befundlage gemischt{cite}.",
    ),
}


class Prose:
    """Writes paragraphs for one paper; the same `rng` state gives the same text."""

    def __init__(self, language: str, field: str, rng: random.Random) -> None:
        self._language = language
        self._words = VOCABULARY.get((language, field)) or VOCABULARY[(language, "social")]
        self._rng = rng
        self._plain = self._endless(_SENTENCES[language])
        self._citing = self._endless(_CITING[language])

    def _endless(self, sentences: Sequence[str]) -> Iterator[str]:
        """Each sentence once before any comes again."""
        while True:
            order = list(sentences)
            self._rng.shuffle(order)
            yield from order

    def _fill(self, template: str, cite: str = "") -> str:
        slots: dict[str, object] = {name: self._rng.choice(words) for name, words in self._words.items()}
        slots |= {"n": self._rng.randint(12, 480), "share": self._rng.randint(3, 61), "cite": cite}
        text = template.format(**slots)
        return text[0].upper() + text[1:]

    def sentences(self, count: int) -> list[str]:
        return [self._fill(next(self._plain)) for _ in range(count)]

    def paragraph(self, cites: Sequence[str], length: int = 6) -> str:
        """`length` sentences and one more for each of `cites` ("(Kohli 1985)", "[3, 4]"), mixed."""
        plain = self.sentences(length)
        for cite in cites:
            place = self._rng.randint(1, len(plain))
            plain.insert(place, self._fill(next(self._citing), cite))
        return " ".join(plain)
