"""How lines are worded that say of a text that it goes along with a work, in folded letters."""

from __future__ import annotations

import re

_SUPPLEMENTS = r"""
    (?:online|data) supplements?|supplement(?:ary|al) \w+|supporting (?:online )?(?:information|materials?|text|file)
    |appendix|appendices|annex(?:es|e|i)?|additional (?:file|material|information)s?
    |(?:online|electronic) (?:resource|supplement)s?|esm|web extra|extended data|anhang|anhange
    |anhange und materialien|zusatzmaterial(?:ien)?|erganzendes? material(?:ien)?|anexos?|apendices?|allegat[oi]
    |appendic[ei]|bijlagen?|bilag(?:a|or|e)?|prilohy?|zalacznik(?:i)?|приложени[ея]|附录|付録
    |material(?:es)? (?:supplementair|complementair|suplementari|complementari)\w*|materiel supplementaire
    |questionnaires?|survey (?:instrument|questionnaire)s?|interview (?:guide|schedule|protocol)s?|code ?book
    |data dictionary|fragebogen|interviewleitfaden|leitfaden|cuestionarios?|questionarios?|vragenlijst(?:en)?
    |ankieta|анкета|опросник|read ?me|replication (?:files?|package|materials?|code|data)|data set|dataset
    |source code"""
_REPORTS = r"""
    (?:open |transparent )?peer[ -]review(?: (?:file|history|reports?|information|comments|process file))?
    |(?:review|referee|editor|author)(?:er)?s?[’']?s?[’']? (?:comments?|reports?|responses?)(?: (?:and|to|&) .{3,40})?
    |decision letter|responses? to (?:the )?(?:reviewers?|referees?|editors?)(?:[’']? comments)?
    |point[- ]by[- ]point .{3,20}|revision notes?|gutachten|rapports? (?:d[’']evaluation|des rapporteurs)
    |informes? de (?:los )?revisores|рецензия"""
_PLANS = r"""
    (?:(?:study|trial|research|review|clinical trial|systematic review) )?protocols?(?: (?:and|with) .{3,40})?
    |statistical analysis plan
    |(?:pre-?)?analysis plan|pre-?registration(?: report)?|(?:stage 1 )?registered report protocol
    |(?:research|thesis|dissertation|project|grant|phd|doctoral|funding) proposal|expose|studienprotokoll
    |forschungsantrag|protocolo (?:de|del) \w+|protocole (?:d[’']etude|de recherche)|protocollo di studio
    |projet de these|projeto de pesquisa"""
_SUMMARIES = r"""
    executive summary|(?:plain[- ]language|lay|non-?technical|management|policy) summary
    |research (?:brief|summary)|graphical abstract|(?:extended|conference|structured) abstract
    |summary of (?:the )?.{0,30}(?:thesis|dissertation)|(?:thesis|dissertation) (?:summary|abstract)
    |auto-?referat\w*|автореферат.{0,40}|resumen (?:ejecutivo|ampliado)
    |resume (?:executif|non technique|de (?:la )?these)|sintesi|management ?zusammenfassung
    |kurzfassung der .{3,30}|zusammenfassung der (?:dissertation|arbeit|studie)|samenvatting van .{3,30}"""
_TEACHING = r"""
    (?:lecture|course|class) (?:notes|slides)|lecture|scribe notes
    |journal club(?: \w+)?|critical appraisal|(?:lecture )?slides|(?:course |slide )?hand-?outs?|work-?book
    |study guide|(?:student |instructor[’']?s? |complete )?solutions? (?:manual|guide)|solutions to .{3,40}
    |answer (?:key|book)|answers to .{3,30}
    |(?:instructor|teacher|lecturer|tutor)[’']?s?[’']? (?:manual|guide|notes|book|resources?(?: \w+)?)
    |(?:teaching|reading) (?:notes?|guide)|losungen|losungs(?:heft|buch)|arbeits(?:heft|buch)
    |ubungs(?:heft|buch)|lehrerhand(?:buch|reichung)|begleit(?:heft|buch)|vorlesungs(?:skript|folien)
    |cahier d[’']exercices|livre du (?:professeur|maitre)|guide (?:pedagogique|du maitre)
    |corrige(?:s)?(?: des exercices)?|solucionario|cuaderno de (?:ejercicios|trabajo)
    |guia (?:del profesor|didactica)|libro degli esercizi|werkboek|antwoordenboek
    |poster(?:s| presented.*| presentation)?"""
_ANNOUNCEMENTS = r"""
    (?:press|news|media) release|for immediate release|pressemitteilung|pressetext|communique de presse
    |nota de prensa|comunicato stampa|persbericht|pressmeddelande|newsletter|mitteilungsblatt|flyer|faltblatt
    |call for (?:papers|applications)|new publications?|recent publications?|neuerscheinung(?:en)?
    |nouvelles? publications?|publicaciones recientes"""
_POINTERS = r"""
    (?:linked|related|associated|companion) (?:research|articles?|papers?|content|publications?|reading)
    |original publication|see also|read more|further reading|mehr zum thema"""
_PARTS = r"""
    lese-?probe(?: aus)?|vorschau|sample (?:chapter|pages)|book sample|excerpts?(?: from)?|auszug(?: aus)?
    |extraits?(?: de)?|extracto|inhaltsverzeichnis|estratto(?: da)?|blick ins buch|look inside|fragment(?: van)?"""
_BRIEFS = r"(?:policy|issue|research|information) (?:brief|note)|briefing (?:note|paper)|fact ?sheets?|merkblatt"
_LINE_BREAK = r"\s*\n\s*"
_BEFORE = r"(?:(?:the|an?|online|web|electronic|technical|full|final|draft|selected|data|zum|zur|der|die|das) )*"
_BEHIND = (
    r"(?:\W*(?:no|nr|number|n|vol)?\W*(?:[\divx]{1,4}|[a-z]))?"
    r"(?: (?:for|to|of|on|zu|zum|zur|von|de|du|a|the|article|paper|book|accompany))*"
)


def _lines(kinds: str) -> re.Pattern[str]:
    return re.compile(rf"\W*{_BEFORE}(?:{re.sub(_LINE_BREAK, '', kinds)}){_BEHIND}\W*")


ALWAYS = _lines("|".join((_SUPPLEMENTS, _REPORTS, _SUMMARIES, _TEACHING, _ANNOUNCEMENTS, _PARTS)))
UNLESS_ITS_DOI_IS_THERE = _lines(_PLANS)
UNLESS_A_REPORT = _lines(_BRIEFS)
BEHIND_AUTHORS = _lines(
    "|".join((_TEACHING, _PARTS, r"(?:summary|abstract) of (?:the |a )?.{0,30}(?:thesis|dissertation)"))
)
# In print that stands out, behind the authors; a button for the supplement has no number.
SUPPLEMENT_BEHIND = re.compile(
    r"\W*(?:(?:electronic )?(?:additional|supplement(?:ary|al)|supporting|appendix|appendices|annex|esm|anhang|anexo)"
    r"(?: (?:files?|materials?|information|data|tables?|texts?|methods|appendix))?\W*(?:no|nr)?\W*(?:s?\d{1,2}|[a-z])\b"
    r"(?:\W.{0,60})?"
    r"|(?:online|web|internet|technical|electronic|statistical|supplement(?:ary|al))"
    r" (?:appendix|appendices|annex|supplement)"
    r"(?:\W{1,2}(?:\d{1,2}|[a-z]))?)\W*"
)
SUMMARIES = _lines(  # on a cover
    rf"{_SUMMARIES}|summary for .{{4,30}}|(?:short|abridged) (?:version|summary)|summary"
    r"|kurz(?:fassung|bericht)"
    r"|zusammenfassung(?: fur .{4,30})?|synthese|sommaire executif|resume pour .{4,30}|resumen para .{4,30}"
)
POINTERS = _lines(_POINTERS)  # right above the title
# What a larger heading begins with where the title is one of many.
HEADLINES = re.compile(
    r"\W*(?:.{0,30}\bnewsletter\b|(?:book of )?abstracts\b|abstract book"
    r"|(?:.{0,20}\b(?:workshop|conference|congress|meeting) )?programme?\b.{0,30}"
    r"(?:workshop|conference|congress|meeting|symposium|seminar|tagung|days?\b)"
    r"|(?:workshop|conference|congress|meeting) programme?\b|tagungsprogramm|call for (?:papers|abstracts))"
)
# What it begins with where a form or a list is about the title.
FORMS = re.compile(
    r"\W*(?:.{0,25}\b(?:agreement|vereinbarung|vertrag|contrat|contrato)\W*$"
    r"|.{0,25}\b(?:transfer|consent|submission|release|deposit|declaration) form|curriculum vitae|publications of)"
)
# Behind the title: a text that came before the work itself.
SOONER = re.compile(
    r"\W*(?:an? |the |ein |eine |une? |una |results of (?:an? )?)?"
    r"(?:(?:study|trial|research|review|survey|\w+ trial) protocols?\b"
    r"|protocol[eo]? (?:for|of|and|de|del|pour|d[’'])|(?:studien|prufplan)protokoll|pilot\w*studie"
    r"|(?:\w+ )?(?:pilot|feasibility|preliminary) "
    r"(?:stud|trial|test|report|result|finding|investigation|survey|evidence)"
    r"|(?:etude|estudio|studio|estudo) (?:pilot|prelim|de faisab|de viabil)\w*"
    r"|(?:(?:study|trial) )?(?:rationale and design|design and rationale)\b|(?:study|trial) design\b"
    r"|(?:statistical )?analysis plan|pre-?registration)"
)
# Captions and headings in a supplement; what an article has before its figures.
NUMBERED_S = re.compile(
    r"\W*(?:(?:fig|figure|table|scheme|movie|video|text|note|dataset|data|appendix)s?\W{0,2}s\d+\b"
    r"|s\d+(?:\.\d+)*[.:]? \w)"
)
OF_AN_ARTICLE = re.compile(
    r"\W*(?:\d\W{0,2})?(?:abstract|summary|introduction|zusammenfassung|resume|resumen|(?:fig|figure|table)s?\W{0,2}1\b)"
)
