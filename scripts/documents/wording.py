"""What heads a reference list and what comes after it, by language."""

from __future__ import annotations

LIST_HEADINGS = {
    "en": (
        "References",
        "References",
        "REFERENCES",
        "Literature Cited",
        "Bibliography",
        "Works Cited",
        "Reference List",
        "List of References",
        "Cited Literature",
        "References and Notes",
        "Notes and references",
        "Literature",
        "Bibliographic References",
        "References:",
        "References Cited",
        "Sources",
    ),
    "de": (
        "Literatur",
        "Literatur",
        "Literaturverzeichnis",
        "LITERATUR",
        "Literatur:",
        "Quellen- und Literaturverzeichnis",
        "Bibliographie",
        "Bibliografie",
        "Verwendete Literatur",
        "Zitierte Literatur",
        "Literaturhinweise",
        "Literaturangaben",
        "Literatur und Quellen",
        "Quellenverzeichnis",
        "Referenzen",
        "Literaturliste",
        "Schrifttum",
    ),
    "pt": (
        "Referências",
        "REFERÊNCIAS",
        "Referências bibliográficas",
        "REFERÊNCIAS BIBLIOGRÁFICAS",
        "Bibliografia",
        "Bibliografia consultada",
        "Literatura citada",
        "Obras citadas",
        "Referências consultadas",
        "Fontes e bibliografia",
    ),
    "es": (
        "Referencias",
        "REFERENCIAS",
        "Referencias bibliográficas",
        "Bibliografía",
        "Bibliografía citada",
        "Literatura citada",
        "Obras citadas",
        "Lista de referencias",
        "Fuentes y bibliografía",
    ),
}
PARTS = {
    "en": ("Primary sources", "Secondary literature"),
    "de": ("Quellen", "Sekundärliteratur"),
    "pt": ("Fontes primárias", "Fontes secundárias"),
    "es": ("Fuentes primarias", "Fuentes secundarias"),
}
FURTHER = {
    "en": "Further reading",
    "de": "Weiterführende Literatur",
    "pt": "Leituras recomendadas",
    "es": "Lecturas recomendadas",
}

_BIO = {
    "en": "Jane Example is Professor of Sociology at the University of Exeter. She has "
    "published on time use since 1998, "
    "among others Hours and Days (Oxford University Press, 2004), and was a visiting scholar in Leiden in 2011. "
    "Her current research deals with diaries. Email: jane@example.org",
    "de": "Max Muster, geb. 1967, Dr. phil., ist Professor für Soziologie an der Universität "
    "Bielefeld. Veröffentlichungen u.a.: "
    "Stunden und Tage (Opladen 1999). Seine Arbeitsschwerpunkte sind Zeitverwendung und Alltag. "
    "E-Mail: muster@example.org",
    "pt": "João Exemplo é doutor em Sociologia pela Universidade de São Paulo (2004) e "
    "professor da Universidade Federal da Bahia. "
    "Publicou, entre outros, Horas e dias (2011). E-mail: joao@example.org",
    "es": "Juan Ejemplo es doctor en Sociología por la Universidad de Salamanca (2004) y profesor titular en Valencia. "
    "Ha publicado, entre otros, Horas y días (2011). Correo electrónico: juan@example.org",
}
_ADDRESS = {
    "en": "Department of Sociology, University of Example, 12 College Road, London WC1E 6BT, "
    "UK. Tel. +44 20 7946 0321.",
    "de": "Universität Beispielstadt, Institut für Soziologie, Universitätsstraße 25, 33615 "
    "Bielefeld. Telefon 0521 106 1234.",
    "pt": "Universidade Exemplo, Departamento de Sociologia, Av. Central 1200, 40210-340 "
    "Salvador, BA, Brasil. Tel. 71 3283 1000.",
    "es": "Universidad de Ejemplo, Departamento de Sociología, Calle Mayor 12, 37008 Salamanca, "
    "España. Tel. 923 294 400.",
}
# kind: language: (heading or "", text, the text being set in bold or not)
AFTER: dict[str, dict[str, tuple[str, str]]] = {
    "about the author": {
        "en": ("About the author", _BIO["en"]),
        "de": ("Über den Autor", _BIO["de"]),
        "pt": ("Sobre o autor", _BIO["pt"]),
        "es": ("Sobre el autor", _BIO["es"]),
    },
    "biography without heading": {language: ("", text) for language, text in _BIO.items()},
    "acknowledgements": {
        "en": (
            "Acknowledgements",
            "We thank P. Nowak and two reviewers for comments. Funded by grant 1234/2008 of the Council.",
        ),
        "de": (
            "Danksagung",
            "Wir danken P. Nowak und zwei Gutachtern für Hinweise. Gefördert von der Stiftung (Az. 1234/2008).",
        ),
        "pt": ("Agradecimentos", "Agradecemos a P. Nowak e a dois pareceristas. Apoio: CNPq, processo 1234/2008-5."),
        "es": ("Agradecimientos", "Agradecemos a P. Nowak y a dos evaluadores sus comentarios. Proyecto SEJ2008-1234."),
    },
    "correspondence": {
        "en": ("Correspondence", _ADDRESS["en"]),
        "de": ("Anschrift des Verfassers", _ADDRESS["de"]),
        "pt": ("Endereço para correspondência", _ADDRESS["pt"]),
        "es": ("Dirección para correspondencia", _ADDRESS["es"]),
    },
    "dates": {
        "en": ("", "Received 12 March 2009; accepted 4 November 2009; published online 2 January 2010"),
        "de": ("", "Eingegangen am 12.3.2009, angenommen am 4.11.2009"),
        "pt": ("", "Recebido em 12/03/2009 Aprovado em 04/11/2009"),
        "es": ("", "Recibido: 12 de marzo de 2009. Aceptado: 4 de noviembre de 2009."),
    },
    "conflict of interest": {
        "en": ("Conflict of interest", "The authors declare that they have no competing interests."),
        "de": ("Interessenkonflikt", "Die Autoren geben an, dass kein Interessenkonflikt besteht."),
        "pt": ("Conflito de interesses", "Os autores declaram não haver conflito de interesses."),
        "es": ("Conflicto de intereses", "Los autores declaran no tener conflicto de intereses."),
    },
    "abstract in a second language": {
        "en": (
            "Résumé",
            "Cette étude compare les journaux de 1998 et de 2004 avec les questionnaires. Mots-clés : temps, ménages.",
        ),
        "de": (
            "Abstract",
            "This paper compares diaries of 1998 and 2004 with questionnaires of the same households. Keywords: time.",
        ),
        "pt": (
            "Abstract",
            "This paper compares diaries of 1998 and 2004 with questionnaires of the same households. Keywords: time.",
        ),
        "es": (
            "Abstract",
            "This paper compares diaries of 1998 and 2004 with questionnaires of the same households. Keywords: time.",
        ),
    },
}
APPENDIX = {
    "en": "Appendix A: Items",
    "de": "Anhang: Fragebogen",
    "pt": "Anexo A: Questionário",
    "es": "Anexo A: Cuestionario",
}
COVER = {
    "en": (
        "University of Example Research Repository",
        "Suggested citation: Example, Jane (2009): How Households Report Their Time. In: Time "
        "Studies 12(3), pp. 210-233. "
        "https://repository.example.org/1234",
        "Terms of use: This document is made available under a deposit licence. Downloaded from "
        "the repository in 2019.",
    ),
    "de": (
        "Beispielrepositorium für die Sozialwissenschaften",
        "Empfohlene Zitierung / Suggested Citation: Muster, Max (2009): Wie Haushalte über ihre Zeit berichten. In: "
        "Zeitforschung 12(3), S. 210-233. https://nbn-resolving.example.org/urn:nbn:de:0168-1234",
        "Nutzungsbedingungen: Dieser Text wird unter einer Deposit-Lizenz zur Verfügung gestellt.",
    ),
    "pt": (
        "Repositório Exemplo",
        "Como citar: EXEMPLO, J. O uso do tempo. Tempo e Sociedade, v. 12, n. 3, 2009.",
        "Licença CC BY.",
    ),
    "es": (
        "Repositorio Ejemplo",
        "Cómo citar: Ejemplo, J. (2009). El uso del tiempo. Tiempo y Sociedad, 12(3).",
        "Licencia CC BY.",
    ),
}
