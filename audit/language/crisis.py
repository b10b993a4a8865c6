"""Signs, in the first person, that somebody may be about to harm themselves.

Signs of intent count alone; signs of farewell, burden and hopelessness, which have many
harmless readings, count in pairs. Recovery, grief for others, and idioms take them away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.terms import any_of

ENOUGH = 2
"""Weight at which a comment counts: one strong sign or two weak ones."""

_I = r"(?:i(?:'m|'ve|'d|'ll| am| have| would| will| just)?|im|ive|ill)"
_DEATH = (
    r"(?:die|be dead|kill myself|kms|end it(?: all)?|end my (?:own )?life|end things|hurt myself|"
    r"harm myself|cut myself|take my (?:own )?life|disappear forever|"
    r"go to sleep and never wake(?: up)?|"
    r"jump off|hang myself|shoot myself|overdose|drown myself|do it tonight|be with (?:him|her|"
    r"them) again)"
)
_STRONG = any_of(
    # wish, plan, intent
    rf"\b{_I}(?:\s[\w']+){{0,4}}?\s(?:want(?:ed)?|wanna|going|gonna|gunna|plan(?:ning)?|ready|"
    r"about|decided|"
    r"thinking|tempted|need|wish|hope|have)\s(?:(?:to|about|of|i could|"
    rf"i can)\s)?(?:just\s)?{_DEATH}\b",
    r"\b(?:thinking|thoughts|dreaming|think) (?:about|of) (?:ending|killing|dying|"
    r"taking) (?:it all|my|myself)?\b",
    r"\b(?:kill|killing|hang|hanging|shoot|shooting|drown|drowning) myself\b|\bkms\b|"
    r"\bunaliv\w* myself\b",
    r"\b(?:end|ending|take|taking|took) my (?:own )?life\b",
    r"\b(?:hurt|hurting|harm|harming|cut|cutting|starving) myself (?:again|tonight|every|to|so|"
    r"because|and)\b"
    r"|\bcutting again\b|\bself[- ]harming again\b",
    r"\b(?:i'm|i am|im|i feel|feeling|i've been|been feeling|been)\s(?:[\w]+\s){0,2}suicidal\b",
    r"\bi(?:'d| would) (?:rather be|be better off) dead\b|\bi (?:wish|wished|hope) i (?:was|"
    r"were) (?:dead|never born)\b",
    r"\bwish i(?:'d| had) never (?:been born|woken up)\b",
    # not being there any more
    r"\b(?:don't|do not|dont|didn't|no longer|never) (?:really )?(?:want|wanna|plan|intend|"
    r"care) to (?:live|wake up|"
    r"be alive|be here|exist|be around|see tomorrow|make it to)\b(?! in (?:this|the) (?:city|"
    r"dorm|bay|area|state)| in san)",
    r"\b(?:could|would|can|might|may|will) (?:just )?(?:not|never) wake up\b|"
    r"\bnot wake up (?:tomorrow|again|any ?more)\b",
    r"\bi(?:'ll| will| am going to|'m going to|'m gonna)? be (?:gone (?:for good|forever|"
    r"by (?:then|morning|tomorrow|tonight|monday))|"
    r"dead (?:soon|by|before|tomorrow|tonight))\b",
    r"\b(?:won't|will not|not going to|not gonna) be (?:around|here|alive|"
    r"in this world)(?: (?:any ?more|much longer|tomorrow|"
    r"by then|to see|next \w+|when you|after tonight))\b",
    r"\bby the time (?:you|anyone|anybody|they|this|someone|people)\b[^.!?]{0,40}\b(?:i(?:'ll|"
    r" will| won't)|it(?:'ll| will))\b",
    r"\b(?:no|any|a single|one) (?:reason|point)(?: left)?(?: for me)? (?:to live|to go on|"
    r"in living|in going on|to keep going|to stay alive)\b",
    # goodbye and means
    r"\b(?:this|here) is my (?:goodbye|last (?:post|message|comment|note|words))\b|"
    r"\bmy last (?:goodbye|words)\b",
    r"\bgoodbye (?:cruel world|world|forever|to (?:you )?all,? (?:forever|i))\b",
    r"\b(?:took|taken|swallowed|taking|take) (?:all|the whole|a whole|every|the entire|"
    r"a bottle)(?: \w+){0,4} (?:pills?|bottle|meds|"
    r"tablets|tylenol|insulin|xanax|oxy\w*)\b|\ball (?:of )?my (?:pills|meds|medication) at once\b",
    r"\bthe pills are\b|\bpills (?:lined up|in front of me|in my hand|counted|ready)\b",
    r"\b(?:have|got|bought|loaded|holding) (?:a|the|my|his|dad's) (?:\w+ )?(?:gun|rope|noose|"
    r"razor|blade)\b(?=.*\b(?:i|me|my|tonight|ready|goodbye|sorry|anymore)\b)",
    r"\b(?:standing|sitting|i'm|im|am) on (?:the|a) (?:\w+ )?(?:bridge|ledge|roof|overpass|"
    r"railing)\b",
    r"\b(?:wrote|written|left|writing|leaving) (?:my|a|the) (?:suicide |goodbye )(?:notes?|"
    r"letters?)\b|\b(?:my|a) suicide note\b",
    r"\b(?:picked|chose|set|have) (?:the|a|my) (?:day|date|spot|place|method|way)\b(?=.*\b(?:die|"
    r"do it|end|goodbye|plan|over)\b)"
    r"|\bplan(?:ning|ned)? (?:how|when|where) (?:to do it|to die|i'll do it|i would do it|"
    r"to end)\b",
    r"\b(?:everyone|everybody|they|he|she|my (?:\w+\s)?(?:kids?|family|parents|mom|wife|husband|"
    r"children|friends|son|daughter)|world|you all|y'all)"
    r"(?:'d| would| will|'ll) (?:all )?be (?:better off|happier|fine|ok|okay|relieved)(?: if i\b|"
    r" without me| once i'm| when i'm)",
)
_WEAK = any_of(
    r"\b(?:nobody|no one|noone|not one person) (?:would|will|'d|'ll) (?:even )?(?:miss me|notice|"
    r"care (?:if|when) i)\b",
    r"\bi(?:'m| am)? (?:just |such |only )?(?:a|such a) burden\b|\b(?:not|stop|done) (?:being|"
    r"be) a burden\b",
    r"\bi (?:can't|cannot|cant|can not) (?:go on|do this|keep going|keep doing this|"
    r"live like this|keep living|take (?:it|this|the pain)|fight)"
    r"(?: any ?more| much longer| like this)?\b",
    r"\b(?:there's|there is|what's|see) no (?:point|hope|way out|future)\b|"
    r"\bwhat's the point (?:of|in) (?:living|anything|trying|going on)\b",
    r"\b(?:tonight is|today is|tonight's) the (?:night|day|end)\b|\b(?:it|this|"
    r"everything) (?:ends|is over|will be over) (?:tonight|today|tomorrow|soon)\b",
    r"\b(?:gave|giving|given|give) away (?:all )?(?:my|everything)\b|\bgave (?:my|the) (?:cat|"
    r"dog|guitar|keys|ring|watch|plants|records)\b[^.!?]{0,25}\bto\b"
    r"|\b(?:someone|anyone|who) (?:please )?(?:take|want|adopt)s? (?:care of )?my (?:cat|dog|"
    r"pets?)\b",
    r"\b(?:wrote|written|left|finished) (?:my|the|all the|all my) (?:letters?|notes?|will)\b",
    r"\b(?:i'm|i am|im|finally|feel) (?:finally )?at peace(?: with (?:it|my decision|leaving))?\b",
    r"\bgoodbye,? (?:everyone|everybody|all|friends|family)\b|\bfarewell,? (?:everyone|all|"
    r"friends)\b",
    r"\b(?:tell|let) (?:my )?(?:mom|mother|dad|kids|wife|husband|family|son|daughter|everyone|"
    r"sister|brother)(?: know)?(?: that)? i (?:love|loved|am sorry|tried)\b",
    r"\b(?:i'm |i am )?sorry (?:everyone|everybody|mom|dad|to everyone|for everything|to all|"
    r"guys)\b|\bforgive me\b",
    r"\bmy last (?:night|day|birthday|christmas|week|summer)(?: here| alive| on earth)?\b",
    r"\b(?:i'm|i am|im) (?:so |just )?(?:tired of|done with|sick of) (?:living|life|being alive|"
    r"existing|breathing|everything|it all)\b",
    r"\b(?:i|we) won't be (?:here|around|needing)\b|\bwon't be around\b|\bwhen i'm gone\b|"
    r"\bafter i'm gone\b|\bonce i'm gone\b",
    r"\btook (?:all|too many) (?:of )?my (?:pills|meds)\b|\btook all (?:of )?(?:my|the|them)\b|"
    r"\bhave (?:enough|plenty of|saved up) (?:pills|meds|insulin)\b",
    r"\bnobody (?:can|could|will) (?:help|save|stop) me\b|\bit's too late for me\b|"
    r"\bdon't bother (?:calling|looking)\b",
    r"\bi (?:want|just want) (?:it|the pain|everything) to (?:stop|end|be over)\b|\bmake (?:it|"
    r"the pain) stop\b",
    r"\bwish i could (?:disappear|vanish|fall asleep forever|sleep forever)\b",
    r"\bi(?:'ve| have)? (?:made my (?:decision|peace)|decided|said my goodbyes)\b",
)  # fmt: skip
_OVER = re.compile(
    r"\b(?:used to|years ago|months ago|back then|back in|in (?:19|20)\d\d|when i was (?:\d+|a|"
    r"young|younger|in)|"
    r"once (?:felt|wanted|was|tried)|i survived|survivor|(?:i'm|so|am) glad (?:i|to be)|"
    r"no longer|not suicidal|"
    r"never been suicidal|it gets better|got help|saved my life|in recovery|"
    r"grateful to be (?:here|alive)|"
    r"almost lost|last year i (?:wanted|tried)|i was suicidal)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:lost|losing) (?:my|our|a|his|her) \w+|\bmy (?:\w+\s)?(?:brother|sister|son|daughter|"
    r"friend|dad|mom|mother|father|husband|"
    r"wife|uncle|cousin|roommate|student|patient)\b[^.!?]{0,20}\b(?:died|took|killed|said|told|"
    r"was|is|wants|has been|feels|tried)\b"
    r"|\b(?:a|talk to a|help a|someone|anyone|people|students|teens|veterans|"
    r"those) (?:friend )?(?:who|is|are|feeling)\b"
    r"|\b(?:he|she|they) (?:took|ended|killed|wanted|said)\b",
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"\b(?:lol|lmao|lmfao|haha\w*|rofl|jk|just kidding|homework|finals?|exams?|midterms?|traffic|"
    r"laugh\w*|embarrass\w*|"
    r"cute\w*|of pride|of boredom|this song|the game|the gym|leg day|squats|parking\w*|garage|"
    r"hold music|on hold|phone (?:tree|line)|"
    r"wi-?fi|password|login|the line|website|cafeteria|coffee|muffins?|donuts?|spoiler\w*|"
    r"season finale|heat|this weather|"
    r"my last day (?:at|of|as|in|with|before|on the job)|retir\w+|moving (?:to|out|away)|new job|"
    r"graduat\w+|semester|shift|clinic is|"
    r"garage sale|textbooks?|raffle|giveaway|tickets?|diet|chocolate|sugar|old (?:building|"
    r"hospital|logo|website)|the (?:quarter|season))\b"
    r"|[😂🤣😆]|\bxd\b",
    re.IGNORECASE,
)


def weigh(text: str) -> int:
    """Return the weight of the signs in a comment; ``ENOUGH`` or more counts."""
    if _IDIOM.search(text):
        # Even then a plain statement of intent is believed, unless it is past or of others.
        return (
            0 if not re.search(r"\bkill(?:ing)? myself (?:tonight|today|now)\b", text, re.I) else 2
        )
    if _OVER.search(text) or _OTHERS.search(text):
        return 0
    strong = len({match[0] for match in _STRONG.finditer(text)})
    weak = len({match[0] for match in _WEAK.finditer(text)})
    return ENOUGH * strong + weak


def _crises(texts: Sequence[Text], lexicon: Lexicon) -> list[bool]:
    return [weigh(text[PLAIN]) >= ENOUGH for text in texts]


CRISIS: Fact[bool] = Fact(name="crisis", compute=_crises, after=(PLAIN,))
"""Whether a text holds signs of a crisis."""
