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

_DEATH = (
    r"(?:kill myself|kms|end it(?: all)?|end my (?:own )?life|end things|hurt myself|harm myself|"
    r"cut myself|take my (?:own )?life|disappear forever|never wake(?: up)?|jump off|hang myself|"
    r"shoot myself|overdose|drown myself|do it tonight|be with (?:him|her|them) again|"
    r"be done with (?:life|living|it all)|leave this (?:world|earth)|fall asleep forever)"
)
_WAY = (
    r"(?:ending|killing|dying|taking my|jumping|hanging|overdosing|driving (?:off|into)|"
    r"walking into|stepping (?:off|in front|into)|crashing|drowning|cutting|shooting|swallowing|"
    r"not being (?:here|alive)|suicide|death|the bridge|how to do it)"
)
_STRONG = any_of(
    # wish, plan, intent
    r"\b(?:i|im|ive|id|ill)(?:\s\w+){0,4}?\s(?:want(?:ed)?|wanna|going|gonna|gunna|plan(?:ning)?|"
    r"ready|about|decided|thinking|tempted|need|wish|hope|have)\s(?:(?:to|about|of|i could|"
    rf"i can)\s)?(?:just\s)?{_DEATH}\b",
    # "going to die" is also said of an illness that one fears
    r"\b(?:i|im|ive|id)(?:\s\w+){0,3}?\s(?:want(?:ed)?|wanna|ready|decided|tempted|wish|"
    r"hope)\s(?:(?:to|i could|i can|i would)\s)?(?:just\s)?(?:die|be dead)\b",
    r"\b(?:cant|cannot|wont|couldnt)?\s?(?:stop|keep|kept|been|started|always|"
    r"constantly)\s(?:on\s)?(?:think\w*|dream\w*|fantasi\w+)\s(?:about|of)\s(?:just\s|me\s|"
    rf"simply\s)?{_WAY}\b",
    rf"\b(?:my|i|im|ive|id|having|getting)\b[^.!?]{{0,25}}\bthoughts (?:about|of) {_WAY}\b|"
    r"\bthinking (?:about|of) (?:ending|killing|taking) (?:it all|my|myself)\b",
    r"\b(?:kill|killing|hang|hanging|shoot|shooting|drown|drowning) myself\b|\bkms\b|"
    r"\bunaliv\w* myself\b",
    r"\b(?:end|ending|take|taking|took) my (?:own )?life\b",
    r"\b(?:hurt|hurting|harm|harming|cut|cutting|starving) myself (?:again|tonight|every|to|so|"
    r"because|and)\b|\b(?:started |been )?(?:cutting|self[- ]harming) again\b",
    r"\b(?:im|i am|i feel|feeling|ive been|been feeling|been)\s(?:\w+\s){0,2}suicidal\b",
    r"\bid (?:rather be|be better off) dead\b|\bi (?:wish|wished|hope) i (?:was|were) (?:dead|"
    r"never born)\b",
    r"\bwish (?:id|i had) never (?:been born|woken up)\b",
    # not being there any more
    r"\b(?:dont|do not|didnt|no longer|never) (?:really )?(?:want|wanna|plan|intend|"
    r"care) to (?:live|wake up|be alive|be here|exist|be around|see tomorrow)\b(?! in | near )",
    r"\b(?:could|would|can|might|may|will) (?:just )?(?:not|never) wake up\b|"
    r"\bnot wake up (?:tomorrow|again|any ?more)\b",
    r"\b(?:ill|i will|i am going to|im going to|im gonna|and|"
    r"then) (?:just )?be (?:gone (?:for good|forever|by (?:then|morning|tomorrow|tonight|monday))|"
    r"dead (?:soon|by|before|tomorrow|tonight))\b",
    r"\b(?:wont|will not|not going to|not gonna) be (?:around|here|alive|"
    r"in this world) (?:any ?more|much longer|by then|to see|after tonight)\b",
    r"\bby the time (?:you|anyone|anybody|they|this|someone|people)\b[^.!?]{0,40}\b(?:ill|i will|"
    r"i wont|itll|it will)\b",
    r"\b(?:no|any|a single|one) (?:reason|point)(?: left)?(?: for me)? (?:to live|to go on|"
    r"in living|in going on|to keep going|to stay alive)\b",
    r"\b(?:dont|do not|cant|cannot) (?:see|picture|imagine) (?:myself|me) (?:making it|living|"
    r"being (?:here|alive)|getting) (?:to|past|after|until|next|by|at)\b",
    r"\bthis (?:year|month|week|christmas|birthday|summer) (?:is|will be) my last\b",
    r"\b(?:sleep|go to bed|close my eyes) and (?:just )?(?:not|never) wake(?: up)?\b",
    r"\b(?:dont|cant|do not|cannot)(?: think i can)? stay alive\b|\b(?:have|got) (?:the|all the|"
    r"enough) pills\b",
    r"\bif i (?:jumped|died|killed|was dead|were dead|was gone|wasnt here|disappeared|"
    r"ended)\b[^.!?]{0,60}\b(?:would|will|maybe|then|who|nobody|notice|care|answer|listen)\b",
    r"\b(?:death|dying|suicide) (?:is|feels like|seems like|looks like) (?:the|my|a|an) (?:only|"
    r"best|easy|easier|last|better)\b",
    r"\b(?:reason|reasons) to stay(?: alive| here| around)?\s*(?:$|[.!,])",
    r"\bnot (?:planning|going) (?:on|to) be(?:ing)? (?:around|here|alive)\b",
    r"\blast time (?:you|anyone|any of you)(?: will|ll)? (?:hear|see|hears|sees)(?: from)? me\b|"
    r"\bsaid my goodbyes\b",
    r"\b(?:holding|have|got) a (?:knife|blade|razor)\b[^.!?]{0,20}\b(?:rn|right now|in my hand|"
    r"to my|and crying|tonight)\b",
    r"\b(?:wrote|written|left) (?:the|my) note\b",
    r"\b(?:dont|do not|didnt) deserve to (?:live|be alive|exist)\b|\bwhat i(?:ll| will|"
    r" might) do to myself\b",
    r"\b(?:be|reunited) with my (?:\w+ )?(?:\w+) (?:in heaven|again (?:soon|tonight))\b|"
    r"\bhurt to (?:overdose|die by|hang)\b",
    r"\b(?:drank|drinking|swallowed) (?:bleach|everything under|the whole|poison|antifreeze)\b",
    # goodbye and means
    r"\b(?:this|here) is my (?:goodbye|last (?:post|message|comment|note|words))\b|"
    r"\bmy last (?:goodbye|words|wish)\b",
    r"\bgoodbye (?:cruel world|world|forever)\b",
    r"\b(?:took|taken|swallowed|taking|take) (?:all|the whole|a whole|every|the entire|"
    r"a bottle)(?: \w+){0,4} (?:pills?|bottle|meds|tablets|tylenol|insulin|xanax|oxy\w*)\b|"
    r"\ball (?:of )?my (?:pills|meds|medication) at once\b",
    r"\bthe pills are\b|\bpills (?:lined up|in front of me|in my hand|counted|ready)\b",
    r"\b(?:have|got|bought|found|loaded|holding|ordered) (?:a |the |my |some )?(?:rope|noose|"
    r"means(?! to (?!end|do it|die|kill))|razor blades?|lethal \w+|helium)\b",
    r"\b(?:have|got|bought|loaded|holding|cleaned) (?:a|the|my|his|dads) (?:\w+ )?(?:gun|pistol|"
    r"blade|knife)\b(?=.*\b(?:tonight|ready|goodbye|sorry|any ?more|done|end|over|myself)\b)",
    r"\b(?:standing|sitting|im|i am|am|writing (?:this )?) ?(?:on|from|at) (?:the|"
    r"a) (?:edge of the )?(?:\w+ )?(?:bridge|ledge|roof|rooftop|overpass|railing|tracks|"
    r"platform edge)\b",
    r"\b(?:wrote|written|left|writing|leaving) (?:my|a|the) (?:suicide |goodbye )notes?\b|\b(?:my|"
    r"a) suicide note\b",
    r"\b(?:picked|chose|set|have) (?:the|a|my) (?:day|date|spot|place|method|way)\b(?=.*\b(?:die|"
    r"do it|end|goodbye|plan|over)\b)|\bplan(?:ning|ned)? (?:how|when|where) (?:to do it|to die|"
    r"ill do it|i would do it|to end)\b",
    r"\b(?:everyone|everybody|they|he|she|my (?:\w+\s)?(?:kids?|family|parents|mom|wife|husband|"
    r"children|friends|son|daughter)|world|you all|yall)(?:d| would| will|"
    r"ll) (?:all )?be (?:better off|happier|fine|ok|okay|relieved)(?: if i\b| without me| once im|"
    r" when im)",
    r"\bwalk(?:ing)? into (?:traffic|the ocean|the sea|the bay)\b|\b(?:in front of|under) (?:a|"
    r"the) (?:train|bus|bart|truck|muni)\b(?=.*\b(?:i|me|myself)\b)",
)
_WEAK = any_of(
    r"\b(?:nobody|no one|noone|not one person) (?:would|will|d|ll) (?:even )?(?:miss me|notice|"
    r"care (?:if|when) i)\b",
    r"\bi(?:m| am)? (?:just |such |only )?(?:a|such a) burden\b|\b(?:not|stop|done) (?:being|"
    r"be) a burden\b",
    r"\bdoing (?:everyone|everybody|the world|you all|my family) a favou?r\b",
    r"\bi (?:cant|cannot|can not) (?:go on|do this|keep going|keep doing this|live like this|"
    r"keep living|take (?:it|this|the pain)|fight)(?: any ?more| much longer| like this)?\b",
    r"\b(?:theres|there is|whats|what is|see) (?:no|the) (?:point|hope|way out|future)(?: in|"
    r" of)?\b",
    r"\b(?:tonight is|today is|tonights|tomorrow is) the (?:night|day|end)\b|\b(?:it|this|"
    r"everything) (?:ends|is over|will be over) (?:tonight|today|tomorrow|soon)\b",
    r"\bfinally (?:be|have|find|get)? ?(?:quiet|free|over|peace|rest|at peace|done|sleep)\b",
    r"\b(?:gave|giving|given|give) away (?:all )?(?:my|everything)\b|\bgave (?:my|the) (?:cat|dog|"
    r"guitar|keys|ring|watch|plants|records|birds?)\b[^.!?]{0,25}\bto\b|\b(?:someone|anyone|who|"
    r"somebody) (?:please )?(?:takes?|wants?|adopts?|feeds?|"
    r"looks? after)\b[^.!?]{0,12}\bmy (?:cat|dog|pets?|birds?|plants|kids)\b",
    r"\b(?:wrote|written|left|finished) (?:my|the|all the|all my) (?:letters?|notes?|will)\b|"
    r"\beverything is (?:arranged|in order|ready|set)\b",
    r"\b(?:im|i am|finally|feel) (?:finally )?at peace(?: with (?:it|my decision|leaving))?\b",
    r"\bgoodbye,? (?:everyone|everybody|all|friends|family)\b|\bfarewell,? (?:everyone|all|"
    r"friends)\b|(?:^|[.!?]\s*)goodbye\s*[.!]*$",
    r"\b(?:tell|let) (?:my )?(?:mom|mother|dad|kids|wife|husband|family|son|daughter|everyone|"
    r"sister|brother)(?: know)?(?: that)? i (?:love|loved|am sorry|tried)\b",
    r"\b(?:im |i am )?sorry (?:everyone|everybody|mom|dad|to everyone|for everything|to all|"
    r"guys)\b|\bforgive me\b",
    r"\bmy last (?:night|day|birthday|christmas|week|summer)(?: here| alive| on earth)?\b",
    r"\b(?:im|i am) (?:so |just )?(?:tired of|done with|sick of) (?:living|life|being alive|"
    r"existing|breathing|everything|it all)\b|\bim (?:so |just )?done\s*(?:$|[.!,]| with)",
    r"\b(?:i|we) wont be (?:here|around|needing|coming back)\b|\bwont be (?:around|needing)\b|"
    r"\b(?:when|after|once) im gone\b",
    r"\btook (?:all|too many) (?:of )?my (?:pills|meds)\b|\btook all (?:of )?(?:my|the|them)\b|"
    r"\bhave (?:enough|plenty of|saved up) (?:pills|meds|insulin)\b",
    r"\bi have a plan\b(?! b\b| to (?:apply|visit|go|get|make|finish))|\bdont know who (?:to|"
    r"i can) (?:tell|talk to)\b",
    r"\bonly way (?:out|to (?:stop|end|escape))\b|\btake care of my (?:dog|cat|kids|birds?|mom|"
    r"plants)\b",
    r"\bthis is it for me\b|\bsorry to (?:the|my|all|everyone) (?:\w+ )?(?:who|that)\b",
    r"\bnobody (?:can|could|will) (?:help|save|stop) me\b|\bits too late for me\b|"
    r"\bdont bother (?:calling|looking)\b",
    r"\bi (?:want|just want) (?:it|the pain|everything) to (?:stop|end|be over)\b|\bmake (?:it|"
    r"the pain) stop\b",
    r"\bwish i could (?:disappear|vanish)\b|\bi dont (?:even )?want to\s*(?:$|[.!])",
    r"\bi(?:ve| have)? (?:made my (?:decision|peace)|decided|said my goodbyes)\b",
)
_OVER = re.compile(
    r"\b(?:used to|years ago|months ago|back then|back in|in (?:19|20)\d\d|when i was (?:\d+|a|"
    r"young|younger|in)|once (?:felt|wanted|was|tried)|i survived|survivor|(?:im|so|am) glad (?:i|"
    r"to be)|no longer feel|not suicidal|never been suicidal|it gets better|got help|"
    r"saved my life|in recovery|grateful to be (?:here|alive)|almost lost|last year i (?:wanted|"
    r"tried)|i was suicidal)\b"
)
_OTHERS = re.compile(
    r"\b(?:lost|losing) (?:my|our|a|his|her) \w+|\bmy (?:\w+\s)?(?:brother|sister|son|daughter|"
    r"friend|dad|mom|mother|father|husband|wife|uncle|cousin|roommate|student|"
    r"patient)\b[^.!?]{0,20}\b(?:died|took|killed|said|told|was|is|wants|has been|feels|tried)\b|"
    r"\b(?:a|talk to a|help a|someone|anyone|people|students|teens|veterans|"
    r"those) (?:friend )?(?:who|is|are|feeling)\b(?! (?:reads|feeds|looks|takes|wants my))|"
    r"\b(?:he|she|they) (?:took|ended|killed|wanted|said)\b"
)
_IDIOM = re.compile(
    r"\b(?:lol|lmao|lmfao|haha\w*|rofl|jk|just kidding|homework|finals?|exams?|midterms?|"
    r"traffic jam|laugh\w*|embarrass\w*|cute\w*|of pride|of boredom|this song|the game|the gym|"
    r"leg day|squats|parking fee\w*|hold music|on hold|phone (?:tree|line)|wi-?fi|password|login|"
    r"the line|this line|website|cafeteria|coffee|muffins?|donuts?|spoiler\w*|season finale|heat|"
    r"this weather|my last day (?:at|of|as|in|with|before|on the job)|retir\w+|moving (?:to|out|"
    r"away)|new job|graduat\w+|semester|shift|clinic is|garage sale|textbooks?|raffle|giveaway|"
    r"tickets?|diet|chocolate|sugar|old (?:building|hospital|logo|website)|the (?:quarter|season)|"
    r"costume|muni|zoom link|reschedule|vacation|out of town)\b|[\U0001F602\U0001F923\U0001F606]|"
    r"\bxd\b"
)
_PLAIN_INTENT = re.compile(r"\bkill(?:ing)? myself (?:tonight|today|now)\b")


def weigh(text: str) -> int:
    """Return the weight of the signs in a comment; ``ENOUGH`` or more counts."""
    text = text.casefold().replace("'", "")  # in haste, people leave apostrophes out
    if _PLAIN_INTENT.search(text):
        return ENOUGH  # believed even among idioms
    if _IDIOM.search(text) or _OVER.search(text) or _OTHERS.search(text):
        return 0
    strong = len({match[0] for match in _STRONG.finditer(text)})
    weak = len({match[0] for match in _WEAK.finditer(text)})
    return ENOUGH * strong + weak


def _crises(texts: Sequence[Text], lexicon: Lexicon) -> list[bool]:
    return [weigh(text[PLAIN]) >= ENOUGH for text in texts]


CRISIS: Fact[bool] = Fact(name="crisis", compute=_crises, after=(PLAIN,))
"""Whether a text holds signs of a crisis."""
