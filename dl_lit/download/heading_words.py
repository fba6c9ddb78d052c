"""Words that tell whether a heading goes on: on the next line, from the line before, or in a subtitle."""

from __future__ import annotations

import re


def entries(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A heading that breaks before one of these, capital or not, goes on.
GOES_ON = entries("of for and with or by und mit oder für des et y e")
# One that ends so is not over.
OPEN_ENDS = GOES_ON | entries(
    """a an the der die das den dem la le les el los las do da
    on in to from at as about towards toward beyond against into under after rethinking replicating revisiting
    zu zur zum über uber von vom im am nach gegen fur aus bei jenseits de du sur pour del en sobre dos"""
)
# One with one of these on its next line is one sentence; few subtitles begin so.
CONTINUES = GOES_ON | entries(
    """in among amongst during between across within throughout under over through before since until without around
    along inside outside via against into upon versus amid despite beneath behind
    unter während wahrend zwischen bei im am aus seit durch gegen ohne auf vor nach
    dans chez entre parmi pendant sous en durante bajo según segun nel nella nei tra fra presso"""
)
NO_SENTENCE = re.compile(r"(?i)in (?:press|memoriam|honou?r|print|collaboration|cooperation)\b|in:|by\b|\W*$")
# Left alone on a line, it wants an object.
BEGINS = re.compile(
    r"(?i)(?:.*\b)?(?:how|why|what|when|where|does|do|did|is|are|can|should|will|must|warum|wie|was|comment|pourquoi)"
    r"|(?!.*(?:engineering|nursing|meeting|marketing|accounting|housing|farming|banking|planning|training|computing"
    r"|publishing|manufacturing|processing|briefing|proceeding)$)(?:\w+\W+){0,2}\w{2,}ing|.*[^\W\d],"
)
# Of a sentence, and of no row of names.
SAYING = entries("the a an of in on for to from with as at by or über zur zum der die das des le la les une")
# What stands near a title and is no part of it.
BESIDE_A_TITLE = re.compile(
    r"(?i)\b(?:universit\w*|institut\w*|department|faculty|school of|college|ministry|press|journal|review|society"
    r"|series|report|paper|thesis|dissertation|submitted|presented|edited|edition|translated|volume|vol|received"
    r"|available)\b"
)
