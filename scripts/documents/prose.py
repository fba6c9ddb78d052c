"""Running text with citations, numbered lists, tables of years: all that a reference list might be confused with."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_SENTENCES = {
    "en": """The survey asked every household twice about hours of work; the answers were compared with diaries {cite}.
Differences were small on weekdays and largest in {year}, when {number} of {number2} respondents moved.
What respondents recall depends on how often a thing happens and on how much it matters to them.
Such a view takes for granted that time is a resource which can be divided, spent and saved like any other.
It is not clear whether the two groups differ in what they do or only in what they are willing to say about it.
The argument of this section is simple: wherever work is paid by the hour, hours will be written down.
According to {name}, the effect should vanish once age and schooling are held constant {cite}.
We therefore estimated the model again for {year}–{year2} and report standard errors in Table {small}.
This result agrees with earlier findings {cite}, but it does not hold for the smaller of the two samples (n = {number}).
In the second step, the items were coded by two raters who did not know each other (kappa = 0.{number}).
Samples were kept at −20 °C for {small} days and measured with a spectrometer (Example Instruments, Boston, MA, USA).
Others have argued that the measure is biased towards the urban population {cite}.
Figure {small} shows how the share rose from {number} to {number2} percent between {year} and {year2}.
The remaining part of the paper is organised as follows: section 2 reviews the literature, section 3 describes the data.
As {name} put it in {year}, "what is counted is not what counts" (p. {number}).
No difference was found between men and women (p = 0.{number}), which {name} had expected {cite}.""",
    "de": """Die Befragung erfasste jeden Haushalt zweimal, und die Angaben wurden mit Tagebüchern verglichen {cite}.
Zwischen {year} und {year2} stieg der Anteil von {number} auf {number2} Prozent, was {name} schon früh vermutet hatte.
Dieser Befund deckt sich mit älteren Arbeiten {cite}, gilt aber nicht für die kleinere Stichprobe (n = {number}).
Woran sich Befragte erinnern, hängt davon ab, wie oft etwas geschieht und wie wichtig es ihnen ist.
Diese Sicht setzt voraus, dass Zeit ein Gut ist, das man teilen, ausgeben und sparen kann wie jedes andere auch.
Ob sich die Gruppen in ihrem Handeln unterscheiden oder nur in dem, was sie davon erzählen, bleibt dabei offen.
Wo Arbeit nach Stunden bezahlt wird, da werden Stunden aufgeschrieben, und was aufgeschrieben wird, das gilt.
Im Folgenden wird zunächst der Forschungsstand dargestellt; Abschnitt 3 beschreibt die Daten und das Vorgehen.
Demgegenüber betont {name}, dass die Unterschiede zwischen den Kohorten überwiegend auf die Bildung zurückgehen {cite}.
Tabelle {small} zeigt die Ergebnisse der Schätzung für die Jahre {year} bis {year2} getrennt nach Geschlecht.
Für die Auswertung wurden {number} Interviews geführt, aufgezeichnet und vollständig verschriftlicht (vgl. Anhang).
So heißt es bei {name}: „Gezählt wird nicht, was zählt“ (S. {number}).
Die Gültigkeit der Messung ist umstritten, weil ländliche Räume in der Erhebung von {year} fehlen {cite}.
Ähnliche Überlegungen finden sich in der neueren Literatur zur Übertragung von Maßen zwischen Sprachen {cite}.""",
    "pt": """A pesquisa ouviu cada família duas vezes, e as respostas foram comparadas com diários {cite}.
Entre {year} e {year2}, a proporção passou de {number}% para {number2}%, como já havia observado {name}.
Esse resultado está de acordo com estudos anteriores {cite}, mas não se confirma na amostra menor (n = {number}).
O que as pessoas lembram depende da frequência com que algo acontece e da importância que lhe atribuem.
Não está claro se os dois grupos diferem no que fazem ou apenas naquilo que estão dispostos a contar.
Essa perspectiva supõe que o tempo é um bem que se pode dividir, gastar e poupar como qualquer outro.
Segundo {name}, a diferença entre homens e mulheres desaparece quando se controla a escolaridade {cite}.
A Tabela {small} apresenta as características dos participantes por sexo, idade e região de residência.
Trata-se de um estudo transversal, realizado em {year}, com {number} usuários das unidades básicas de saúde.
Os dados foram analisados no programa R, versão 3.{small}, adotando-se nível de significância de 5%.
O projeto foi aprovado pelo Comitê de Ética em Pesquisa (parecer nº {number}/{year}).
Outros autores sustentam que a medida favorece a população urbana {cite}.""",
    "es": """La encuesta preguntó dos veces a cada hogar, y las respuestas se compararon con diarios {cite}.
Entre {year} y {year2} la proporción pasó del {number}% al {number2}%, como ya había señalado {name}.
Este resultado coincide con estudios anteriores {cite}, pero no se confirma en la muestra menor (n = {number}).
Lo que las personas recuerdan depende de la frecuencia con que algo ocurre y de la importancia que le dan.
No está claro si los dos grupos difieren en lo que hacen o solo en lo que están dispuestos a contar.
Esta perspectiva supone que el tiempo es un bien que se puede dividir, gastar y ahorrar como cualquier otro.
Según {name}, la diferencia entre hombres y mujeres desaparece cuando se controla la escolaridad {cite}.
La Tabla {small} presenta las características de los participantes por sexo, edad y región de residencia.
Se trata de un estudio transversal, realizado en {year}, con {number} usuarios de los servicios de salud.
Los datos se analizaron con el programa R, versión 3.{small}, con un nivel de significación del 5%.
Otros autores sostienen que la medida favorece a la población urbana {cite}.""",
}
_NAMES = [
    "Adler",
    "Brandt",
    "Castell",
    "Dornbusch",
    "Esping",
    "Fuchs",
    "Grün",
    "Hartmann",
    "Ivens",
    "Jansen",
    "König",
    "Lorenz",
    "Maier",
    "Nowak",
    "Silva",
    "Souza",
]
HEADINGS = {
    "en": ("Introduction", "Related work", "Data and methods", "Results", "Discussion", "Conclusion"),
    "de": ("Einleitung", "Forschungsstand und Literatur", "Daten und Methoden", "Ergebnisse", "Diskussion", "Fazit"),
    "pt": ("Introdução", "Revisão da literatura", "Métodos", "Resultados", "Discussão", "Considerações finais"),
    "es": ("Introducción", "Revisión de la literatura", "Métodos", "Resultados", "Discusión", "Conclusiones"),
}
TITLES = {
    "en": "How Households Report Their Time: Diaries and Questionnaires Compared",
    "de": "Wie Haushalte über ihre Zeit berichten: Tagebücher und Fragebögen im Vergleich",
    "pt": "O uso do tempo nas famílias: comparação entre diários e questionários",
    "es": "El uso del tiempo en los hogares: comparación entre diarios y cuestionarios",
}
FLOATS = {
    "en": ("Table", "Figure"),
    "de": ("Tabelle", "Abbildung"),
    "pt": ("Tabela", "Figura"),
    "es": ("Tabla", "Figura"),
}
_ITEMS = {
    "en": (
        "The household is counted once.",
        "Answers given by telephone are left out.",
        "Years without a survey are filled in.",
    ),
    "de": (
        "Der Haushalt wird einmal gezählt.",
        "Telefonische Antworten bleiben außer Betracht.",
        "Jahre ohne Erhebung fehlen.",
    ),
    "pt": (
        "O domicílio é contado uma vez.",
        "As respostas por telefone são excluídas.",
        "Anos sem pesquisa são estimados.",
    ),
    "es": (
        "El hogar se cuenta una vez.",
        "Se excluyen las respuestas por teléfono.",
        "Los años sin encuesta se estiman.",
    ),
}

Cite = Callable[[], str]


def numbered_citations(chance: random.Random, count: int, form: str) -> Cite:
    """`form` is "[{}]", "({})" or "{}"."""

    def cite() -> str:
        numbers = sorted(chance.sample(range(1, count + 1), min(count, chance.randint(1, 3))))
        return form.format(", ".join(map(str, numbers)))

    return cite


def dated_citations(chance: random.Random, raws: Sequence[str]) -> Cite:
    def cite() -> str:
        raw = chance.choice(raws)
        year = re.search(r"(?:1[5-9]|20)\d\d", raw)
        family = re.match(r"[^\W\d_][\w-]*", raw)
        return f"({family[0] if family else chance.choice(_NAMES)} {year[0] if year else 1999})"

    return cite


def paragraph(chance: random.Random, language: str, cite: Cite, sentences: int) -> str:
    texts = [_sentence(chance, text, cite) for text in _some(chance, _SENTENCES[language].split("\n"), sentences)]
    return " ".join(texts)


def _some(chance: random.Random, texts: Sequence[str], count: int) -> list[str]:
    return [chance.choice(texts) for _ in range(count)]


def _sentence(chance: random.Random, text: str, cite: Cite) -> str:
    year = chance.randint(1950, 2015)
    cited = cite() if chance.random() < 0.5 else ""
    text = text.format(
        cite=cited,
        name=chance.choice(_NAMES),
        year=year,
        year2=year + chance.randint(1, 9),
        number=chance.randint(11, 99),
        number2=chance.randint(100, 999),
        small=chance.randint(1, 9),
    )
    return re.sub(r" +(?=[.,;]|$)|(?<= ) ", "", text)


def items(language: str) -> list[str]:
    return list(_ITEMS[language])


def table(chance: random.Random, language: str) -> list[str]:
    """A caption, and lines of names, years and numbers."""
    title = TITLES[language].split(":")[0]
    caption = f"{FLOATS[language][0]} {chance.randint(1, 9)}. {title}, {chance.randint(1960, 1990)}–2010"
    rows = [
        f"{chance.choice(_NAMES)} {chance.randint(1960, 2015)} {chance.randint(1, 99)}.{chance.randint(0, 9)} "
        f"({chance.randint(1, 99)}) {chance.randint(100, 999)}"
        for _ in range(chance.randint(3, 9))
    ]
    return [caption, *rows]


def footnote(chance: random.Random, language: str, number: int) -> str:
    text = _sentence(
        chance, chance.choice(_SENTENCES[language].split("\n")), lambda: f"({chance.choice(_NAMES)} 2001: 12)"
    )
    return f"{number} {text}"
