"""Words that head a reference list, and words that head or begin what comes after it, in the languages we read.

All are parts of regular expressions, in small letters and for text in small letters unless said otherwise.
"""

from __future__ import annotations


def any_of(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


LIST_HEADS = any_of(
    # English
    r"references?(?: (?:and|&) (?:notes?|further reading|recommended reading|bibliography|links))?",
    r"(?:end)?notes? (?:and|&) (?:references|bibliography)",
    r"reference list|list of references|references? cited|cited references|references consulted",
    r"(?:bibliographic(?:al)?|literature|selected|key|main|additional) references",
    r"(?:selected |select |annotated |general |works? )?bibliograph(?:y|ies)",
    r"literature(?: cited| list| references)?|cited literature|works? cited|works consulted|citations",
    r"sources(?: (?:and (?:literature|references)|cited))?|(?:further|suggested|recommended) readings?",
    # German
    r"literatur(?:verzeichni[sß]s?e?|hinweise?|angaben|liste|nachweise?|quellen|auswahl|empfehlungen|bericht)?",
    r"(?:(?:zitierte|verwendete|weiterf[üu]hrende|ausgew[äa]hlte|benutzte|erw[äa]hnte|angef[üu]hrte|wichtige) )+"
    r"(?:literatur|quellen)",
    r"quellen(?:verzeichnis|angaben|nachweise?)?|referenzen|schrifttum|bibliogra(?:ph|f)ie",
    r"(?:literatur|quellen)(?:-|verzeichnis)?(?: ?(?:und|u\.|/|&|,) ?)"
    r"(?:literatur|quellen|links|internet|material|verweise|anmerkungen|darstellungen)\w*",
    r"literatur (?:zum|zur|im|in) \w+|bibliographie ?/ ?bibliography|literatur ?/ ?\w+",
    # French, Italian, Romanian
    r"r[ée]f[ée]rences(?: (?:bibliographiques|cit[ée]es|et notes|des ouvrages cit[ée]s))?|liste des r[ée]f[ée]rences",
    r"bibliographie (?:s[ée]lective|indicative|g[ée]n[ée]rale|sommaire)|(?:ouvrages|travaux|litt[ée]rature) cit[ée]e?s",
    r"sources (?:et|&) (?:bibliographie|r[ée]f[ée]rences)|notes et r[ée]f[ée]rences|litt[ée]rature",
    r"riferimenti(?: bibliografici)?|opere citate|bibliografia (?:essenziale|citata|generale)|letteratura(?: citata)?",
    r"note e riferimenti|fonti(?: e bibliografia)?|bibliografie(?: selectiv[ăa])?|referin[țţt]e(?: bibliografice)?",
    # Spanish, Portuguese, Catalan
    r"(?:lista de )?referencias(?: (?:bibliogr[áa]ficas|citadas|consultadas|y notas))?|obras (?:citadas|consultadas)",
    r"bibliograf[íi]a(?: (?:citada|consultada|general|b[áa]sica|referida|y fuentes|selecta|utilizada))?",
    r"(?:literatura|bibliograf[íi]a|trabajos) (?:citad[ao]s?|consultad[ao]s?|revisada)|notas y referencias",
    r"fuentes(?: (?:consultadas|citadas|primarias|secundarias|bibliogr[áa]ficas|y bibliograf[íi]a|documentales))?",
    r"(?:lista de )?refer[êe]ncias(?: (?:bibliogr[áa]ficas|citadas|consultadas|e notas|das obras citadas))?",
    r"(?:literatura|bibliografia|obras) (?:citadas?|consultadas?|referidas?|utilizadas?|b[áa]sica|geral)",
    r"notas e refer[êe]ncias",
    r"fontes(?: (?:consultadas|citadas|prim[áa]rias|secund[áa]rias|bibliogr[áa]ficas))?",
    r"fontes e (?:bibliografia|refer[êe]ncias)",
    r"leituras? (?:recomendadas?|complementare?s?|sugeridas?)|lecturas? (?:recomendadas?|complementarias?|sugeridas?)",
    r"refer[èe]ncies(?: bibliogr[àa]fiques)?|bibliografia citada|obres citades",
    # Dutch, Scandinavian, Finnish, Estonian
    r"literatuur(?:lijst|verwijzingen|opgave)?|referenties|bronnen(?:lijst)?|geraadpleegde (?:literatuur|bronnen)",
    r"bibliografie|(?:bronnen en literatuur|literatuur en bronnen)|aangehaalde literatuur",
    r"litteratur(?:lista|liste|förteckning|f[øo]rtegnelse|henvisninger|referanser)?",
    r"citerad litteratur|refereret litteratur",
    r"k[äa]ll(?:or|förteckning|hänvisningar)(?: och litteratur)?|k[äa]ll- och litteraturförteckning|kilder?(?:liste)?",
    r"kilder og litteratur|referenser|referanse(?:r|liste)|referencer|referenslista|bibliografi",
    r"kirjallisuus(?:luettelo)?|l[äa]hde(?:luettelo)|l[äa]hteet(?: ja kirjallisuus)?|viitteet|kasutatud kirjandus",
    # Polish, Czech, Slovak, Croatian, Hungarian, Turkish
    r"literatura(?: (?:cytowana|przedmiotu|uzupe[łl]niaj[ąa]ca))?",
    r"pi[śs]miennictwo|(?:wykaz|spis) literatury|bibliografia",
    r"[źz]r[óo]d[łl]a(?: i literatura)?|(?:pou[žz]it[áa]|citovan[áa]) literatura",
    r"(?:seznam|zoznam) (?:pou[žz]it[ée] )?literat[uú]ry",
    r"pou[žz]it[ée] zdroje|prameny a literatura|zoznam bibliografick[ýy]ch odkazov|reference",
    r"(?:popis )?literatur[ae]|izvori(?: i literatura)?|viri in literatura",
    r"(?:felhaszn[áa]lt |hivatkozott )?irodalom(?:jegyz[ée]k)?|hivatkoz[áa]sok|bibliogr[áa]fia|forr[áa]sok",
    r"kaynak(?:lar|[çc]a)(?: listesi)?|(?:kaynaklar|k[ae]ynak[çc]a) ve notlar|referanslar",
    # Russian, Ukrainian, Greek
    r"(?:использованная |цитируемая |цитированная )?литература(?: и источники)?",
    r"источники(?: и литература)?|библиография",
    r"(?:библиографический )?список(?: использованн(?:ой|ых))?(?: литературы| источников)?"
    r"(?: и (?:литературы|источников))?",
    r"библиографический список|ссылки|список использованных источников и литературы",
    r"література|(?:список )?(?:використан(?:ої|их|а) )?(?:літератури|літератур[аи]|джерел[а]?)",
    r"джерела(?: та література)?|посилання",
    r"βιβλιογραφ[ίι]α|αναφορ[έε]ς|βιβλιογραφικ[έε]ς αναφορ[έε]ς|πηγ[έε]ς",
    # Chinese, Japanese, Korean, Arabic, Persian, Hebrew
    r"(?:主要)?参考(?:文献|资料|書目|书目)|參考(?:文獻|書目|資料)|引用文献|文\s?献|引用及び参考文献|注釈・参考文献|文献(?:一覧)?",
    r"참고\s?문헌|인용\s?문헌|참고자료",
    r"(?:قائمة )?(?:ال)?مراجع(?: والمصادر)?|(?:ال)?مصادر(?: والمراجع)?|منابع(?: و مآخذ)?|فهرست منابع|کتابنامه",
    r"ביבליוגרפיה|מקורות|רשימת מקורות|רשימה ביבליוגרפית|מראי מקום",
)

AFTER_HEADS = any_of(
    # appendices, thanks
    r"(?:technical |supplementary |statistical |data )?(?:appendix|appendices)\b.{0,60}|annex(?:es)?\b.{0,40}",
    r"(?:tabellen|statistischer |methodischer )?anh[äa]nge?\b.{0,50}|acknowledge?ments?(?: and .{0,30})?",
    r"danksagung(?:en)?|dank|remerciements|agradecimientos|agradecimentos",
    # people
    r"(?:about|notes? on|information (?:about|on)) the (?:contributing )?(?:authors?|editors?|contributors?)",
    r"(?:author|contributor)s?['’]?s? (?:information|details?|notes?|biograph(?:y|ies)|bios?|contributions?|"
    r"affiliations?|address(?:es)?)",
    r"(?:zu[rm]?|über|ueber) (?:de[nrm] |die |das )?(?:person(?:en)?|autor|verfasser|herausgeber)[\w/*:-]*.{0,25}",
    r"die autor\w*\b.{0,20}|der autor|autor(?:in|en|inn?en|[*:_/-]in(?:nen)?)?(?:angaben|hinweise?|verzeichnis)?",
    r"verfasser(?:in)?|angaben zu[rm]? .{3,40}|(?:korrespondenz|kontakt|autoren)?anschrift(?:en)?\b.{0,30}",
    r"korrespondenz(?:adresse|autor(?:in)?)?|kontakt(?:adresse)?|adressen?|corresponding authors?|contacts?",
    r"(?:address for )?correspondence(?: (?:address|to))?|biographical notes?|lebenslauf|curriculum vitae",
    # other parts of a paper
    r"(?:end|foot)?notes?|(?:end|fu(?:ß|ss))noten|anmerkungen|notas",
    r"(?:list of )?(?:tables|figures|abbreviations)(?: and (?:tables|figures))?|verzeichnis der .{3,40}",
    r"(?:tabellen|abbildungs?|abk[üu]rzungs)(?:verzeichnis|en)?|glossar(?:y|es)?|(?:sach|personen|namens?)?register",
    r"abstracts?|summary|zusammenfassung|r[ée]sum[ée]|resumen|resumo|index|introduction|einleitung",
    r"key ?words?\b.{0,100}|schl[üu]sselw[öo]rter\b.{0,80}",
    r"questionnaire|fragebogen|interviewleitfaden|transkription\w*",
    r"conflicts? of interests?.{0,20}|competing interests.{0,20}|funding(?: .{0,20})?|disclosures?",
    r"ethic(?:s|al) .{0,30}",
    r"supplement(?:ary|al) (?:material|information|data|files?)s?|pre-?publication history|publisher['’]s note",
    r"impressum|imprint|zitation|citation|zitiervorschlag|how to cite.{0,40}|(?:open )?peer review.{0,30}",
    r"erkl[äa]rung(?:en)?\b.{0,30}|eidesstattliche.{0,40}|bisher erschienen.{0,60}|previously published.{0,50}",
    r"(?:buch|neuere |weitere )?(?:ver[öo]ffentlichungen|publikationen).{0,60}",
    r"publications\b.{0,60}|b[üu]cher de[rs] .{3,50}",
    r"(?:discussion|working|research|conference) papers?.{0,60}|(?:diskussions|arbeits)papiere.{0,60}",
    r"schriftenreihe.{0,60}",
    r"(?:recent|other) (?:issues|publications).{0,40}|(?:published|available) (?:working|discussion) papers?.{0,40}",
    # French, Italian
    r"annexes?\b.{0,40}|appendices?\b.{0,40}|biographie|(?:à propos|sur) (?:de l['’]|des? |l['’]|les? )?auteure?s?",
    r"notes? (?:sur l['’]|de l['’]|biographique)\w*|les auteurs?",
    r"conflits? d['’]int[ée]r[êe]ts?.{0,20}|mots[- ]cl[ée]s?\b.{0,100}",
    r"ringraziamenti|appendice\b.{0,40}|allegat[oi]\b.{0,40}|gli autori",
    r"sull['’]autore|riassunto|sommario|parole chiave\b.{0,100}",
    # Spanish, Portuguese
    r"anexos?\b.{0,60}|ap[êe]ndices?\b.{0,60}|agradecimi?e?ntos?.{0,30}",
    r"financiaci[óo]n|financiamento|fomento|apoio.{0,30}",
    r"(?:sobre|acerca del?|datos del?|dados d|informa(?:ci[óo]n|[çc][õo]es) sobre|notas? sobre) ?"
    r"(?:el|la|los|las|[oa]s?)? ?"
    r"(?:\(a\)|/a)?\s?autor\w*(?:[/(]\w+\)?)?(?: y .{0,20}| e .{0,20})?",
    r"(?:os |as |los |las )?autor(?:es|as|a)?|nota biogr[áa]fica|curr[íi]culo.{0,30}|minicurr[íi]culo|notas",
    r"(?:endere[çc]o|direcci[óo]n)(?: (?:para|de) (?:a )?correspond[êe]ncia?\w*)?|correspond[êe]ncia|correspondencia",
    r"conflictos? de inter[ée]s(?:es)?.{0,20}|conflitos? de interesses?.{0,20}|declara(?:ci[óo]n|[çc][ãa]o) de .{3,60}",
    r"contribu(?:ci[óo]n(?:es)?|i[çc](?:[ãa]o|[õo]es))(?: (?:de los|dos|das|de)? ?autor\w*)?|colaboradores",
    r"palabras? clave\b.{0,100}|palavras?[- ]chave\b.{0,100}|descri(?:p|)tores\b.{0,100}|t[ií]tulo abreviado",
    # Dutch, Scandinavian, Finnish, Polish, Czech, Hungarian, Turkish
    r"bijlagen?\b.{0,40}|dankwoord|over de auteurs?|samenvatting|bilag(?:a|or|er)?\b.{0,40}|appendiks|vedlegg\b.{0,40}",
    r"om f[öo]rfattar\w+|om forfatter\w*|takk|tack|sammanfattning",
    r"sammendrag|resum[ée]|liitteet|liite\b.{0,40}|tiivistelm[äa]",
    r"aneks\b.{0,40}|za[łl][ąa]czniki?\b.{0,40}|streszczenie|podzi[ęe]kowani[ae]|o autorach|o autorze|nota o autor\w+",
    r"p[řr][íi]loh[ay]\b.{0,40}|souhrn|shrnut[íi]|pod[ěe]kov[áa]n[íi]",
    r"mell[ée]kletek?\b.{0,40}|[öo]sszefoglal[óo]|k[öo]sz[öo]netnyilv\w+",
    r"ekler|ek \d\b.{0,40}|te[şs]ekk[üu]r|[öo]zet|extended summary",
    r"yazar(?:lar)? hakk[ıi]nda|[çc][ıi]kar [çc]at[ıi][şs]mas[ıi].{0,20}",
    # Russian, Ukrainian, Greek, Chinese, Japanese, Korean
    r"приложени[ея]\b.{0,40}|об авторах?|сведения об авторах?|благодарности|аннотация|резюме|конфликт интересов.{0,20}",
    r"додатк?[иок]+\b.{0,40}|про авторів?|відомості про автор\w+",
    r"подяки?|анотація|παρ[άα]ρτημα\b.{0,40}|περ[ίι]ληψη|ευχαριστ[ίι]ες",
    r"附录.{0,30}|附錄.{0,30}|作者(?:简介|簡介|紹介).{0,40}|致[谢謝]|摘要",
    r"付録.{0,30}|謝辞|要[旨約]|부록.{0,30}|초록|감사의 글",
)

# Capitals as printed: these begin a line that goes on.
AFTER_STARTS = any_of(
    r"Source of Support|Conflicts? of Interest|How to cite this|Cite this article|Please cite",
    r"Correspondence(?: to|:)|Corresponding author|Address for correspondence|Author(?:'s|s'|s)? address",
    r"Publish with |Publish your work|Submit your (?:next )?manuscript|Access this article online",
    r"Received:? .{3,40}(?:19|20)\d\d|Eingegangen|This is an open access|Open Access This|Copyright (?:©|\(c\))",
    r"© ?\(?(?:19|20)?\d\d|E-?mail: ?\S+@|Anschrift de[rs]|Korrespondenz(?:adresse|anschrift)",
    r"Zitation:?|Zitierhinweis",
    r"(?:Paper|Manuscript|Article|Version) (?:first )?(?:received|accepted|submitted)|Manuskript\w* eingegangen",
    r"(?:Univ\.-|Apl\. |Ao\. )?Prof\. ?(?:em\. )?Dr\b|PD Dr\.|Dr\. (?:phil|rer|med|h)?\.? ?[A-Z]\w+ [A-Z]\w+",
    r"ADDRESS:|Address:",
    # "Jane Example is a Lecturer", "Max Muster ist Professor"
    r"[A-ZÀ-Ý][\w.’'-]+(?: [\w.’'-]+){1,4},? (?:is|ist|was|war) (?:an?|the|currently|(?:Full|Associate|Assistant|"
    r"Emeritus|Senior|Junior|Visiting) |Professor|Lecturer|Reader|Research|Director|Head|Ph\.?D|Doctoral|Doktorand|"
    r"Dozent|eine?|wissensch)",
    r"The authors? (?:declare|is |are |has |have )|Supplementary (?:material|information)",
    r"Additional (?:file|material)",
    # dates and addresses in the other languages that we meet
    r"(?:Recebido|Recibido|Received|Submetido|Enviado|Artigo recebido|Art[íi]culo recibido|Re[çc]u|Eingereicht)"
    r"\b.{0,6} .{0,40}(?:\d\d?[/.-]\d\d?|(?:19|20)\d\d)",
    r"(?:Aprovado|Aceito|Aceptado|Aceite|Accept[ée]|Accepted|Published(?: online)?|Publicado|Angenommen|Revised"
    r"|Revisado)(?::| (?:em|on|el|le|en|am|for publication)\b:?) .{0,30}(?:19|20)\d\d",
    r"(?:Endere[çc]o|Direcci[óo]n) (?:para|de) correspond",
    r"Correspond[êe]ncia:|Correspondencia:|Autor (?:para|de) correspond",
    r"(?:Os|Las|Los|As) autor[ea]s declaram|(?:Los|Las) autor[ea]s declaran",
    r"Conflito de interesses:|Conflicto de inter[ée]s",
    r"Como citar|C[óo]mo citar|Pour citer|Zitierweise|Publisher['’]s [Nn]ote",
    r"This article is licensed|Este (?:é um )?art[íi](?:go|culo)",
    r"Поступила в редакцию|Получен[оа] |Принят[оа] |Надійшла до|收稿日期|作者简介|基金项目",
)
