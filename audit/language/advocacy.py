"""Words that ask for votes or support in a public election.

Express words ("vote yes on", "elect", "#NoOn") are told apart from those that usually mean it;
contests, neutral explanations, research and history are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.language.facts import Fact, Lexicon, Text
from audit.language.normalise import PLAIN
from audit.language.sentences import QUOTES, Span
from audit.language.terms import any_of

_MEASURE = (
    r"(?:(?:props?\.?|propositions?|measures?|amendments?|initiatives?|referendum|issue|question|"
    r"bond)\s(?:no\.?\s|number\s)?(?:\d{1,3}[A-Z]?|(?-i:[A-Z]{1,2}))\b|(?:the\s|this\s|"
    r"that\s)?(?:\w+\s)?(?:recall\b(?! (?:of )?(?:\w+ )?(?:drug|food|product|device|vaccine|"
    r"peanut|lot|notice)s?)|bond measure|ballot measure|ballot initiative|school bond|"
    r"hospital bond|parcel tax|soda tax measure))"
)
_OFFICE = (
    r"(?:governor|mayor|president|vice president|congress(?:man|woman)?|(?:us |state |"
    r"u\.s\. )?senat(?:e|or)|(?:state )?assembly(?:man|woman|member)?|(?:board of )?supervisors?|"
    r"attorney general|district attorney|da|sheriff|city council|council(?:man|woman|member)?|"
    r"school board|board of education|treasurer|controller|insurance commissioner|"
    r"lieutenant governor|house|house of representatives|judge|superior court)"
)
_WHO = (
    r"(?-i:(?:(?:Dr|Sen|Rep|Gov)\.?\s|Mayor\s|Governor\s|Senator\s|Supervisor\s|Congress\w+\s|"
    r"Councilmember\s)?[A-Z][\w'-]+(?:\s[A-Z][\w'.-]+){0,2})"
)
_START = (
    r"(?:^|[.!?:;,\u2026]\s*|\b(?:please|let's|lets|we|to|must|we'll|should|and|so|help|help us|"
    r"all|you|time to|vote to|urge you to|need to|just|everyone|proudly)\s+)"
)

_EXPRESS = any_of(
    r"\bvot(?:e|ing)\s(?:an?\s)?(?:emphatic(?:ally)?\s|big\s|hard\s)?[\"']?(?:yes|"
    r"no)\b[\"']?(?!\s?(?:or|/|and)\s)(?!\s(?:matter|later|earlier|more|longer|one|vote))",
    r"\b(?:say|says|saying|mark|marks|check|it's|its|that's|be|i'm|we're)\s(?:an?\s)?(?:yes|no|"
    rf"hell no|hell yes|big yes|firm no)\s(?:to|on)\s{_MEASURE}",
    rf"(?:^|[.!?:;,]\s*|\b(?:and|so|a|urge|urges|vote)\s)(?:yes|no)\son\s(?:{_MEASURE}|"
    r"\d{1,3}\b|(?-i:[A-Z])\b)",
    r"#(?:yes|no)on\w+|#vote(?:yes|no|for|them|him|her)\w*|#(?:re-?)?elect(?!ion|or|ri|ro|"
    r"iv)[a-z]\w+|#re-elect\w+|#\w+for(?:governor|mayor|president|congress|senate|supervisor|"
    r"assembly|sheriff|da|sf|ca|california)\d*\b",
    rf"{_START}(?:support|oppose|back|pass|defeat|reject|stop|kill|approve|fight|endorse|"
    rf"recommend|sink|get behind|say no to|say yes to|turn out for)\s{_MEASURE}",
    r"\b(?:vote|votes|cast your (?:vote|ballot)|your vote|your ballot|ballots?)\s(?:is\s)?(?:for|"
    rf"against)\s(?:\w+\s){{0,2}}?{_MEASURE}",
    rf"\b(?:re-?elect|elect)\s{_WHO}\s?(?:for|to|as|,)\s(?:our\s|the\s|"
    rf"next\s)*(?:[\w-]+\s){{0,3}}?{_OFFICE}\b",
    r"\bvote (?:him|her|them|those \w+|these \w+|the \w+) (?:out|in|into office|out of office)\b|"
    r"\bvote (?:blue|red|democrat\w*|republican|gop)\b|\bvote (?:the )?straight ticket\b",
    r"\bpaid for by (?:the )?(?:committee|friends|\w+ for)\b",
)
_LIKELY = any_of(
    r"(?:^|[.!?]\s*)vote\s(?-i:(?!Yes|No|Now|Today|Here|Early|By|For|On|In|At|Like|Smart|Your|The|"
    r"Safely|Once|Up|Down|Tuesday|Online|Daily|Again|Local|Then|And|"
    r"Or)[A-Z][a-z]+)(?:\s(?-i:[A-Z][a-z]+))?\s?(?:[!.]|$)",
    rf"\b(?:support|back|join|help|fund|cheer on|behind|endorse)\s{_WHO}(?:'s)?\s(?:run|bid|race|"
    rf"campaign|candidacy)\sfor\s(?:the\s)?{_OFFICE}\b",
    r"\b(?:mark|check|bubble in|fill in)\s(?-i:YES|NO)\b|\byard signs?\b|\blawn signs?\b",
    rf"{_MEASURE}\s(?:is|are|will be|would be)\s(?:an?\s|the\s|so\s|simply\s|just\s)?(?:bad|good|"
    r"wrong|right|dangerous|disaster|essential|win|mistake|terrible|great|cruel|reckless|best|"
    r"worst|necessary|scam|sham)\b",
    r"\bvote it (?:down|up|in)\b|#(?:prop|measure)\w*(?:yes|no)\b",
    r"\b(?:one|only one|a|the) (?:name|choice|box|candidate) (?:on|for) (?:the|this|your) ballot\b",
    r"\b(?:donate|chip in|contribute|give)\b[^.!?\n]{0,40}\bre-?election\b",
    r"(?-i:\b(?!Candidates?|Race|Running|Run|Bid|Vote|Votes|Contribution|Care|Pay|Plan|Plans|Deal|"
    r"Test|Time|Questions?|Letter|Advice|Hearing|Search|"
    r"Nominee)[A-Z][\w'-]+\b)\sfor\s(?-i:(?:Governor|Mayor|Congress|Senate|Senator|State Senate|"
    r"Assembly|Supervisor|President|Sheriff|District Attorney|DA|Attorney General|City Council|"
    r"School Board|Board of Supervisors))\b(?!\s(?:of|elect|and CEO|Emerit|for))",
    rf"{_START}(?:re-?elect|elect)\s{_WHO}",
    rf"(?:{_START}|\b(?:i|we|we're|i'm|nurses|all|lab|team|is|are|will|i'll|we'll|who|"
    r"residents)\s)(?:vote|voting|voted early|my vote is|our vote is|cast your (?:vote|"
    rf"ballot))\s(?:for|against)\s(?-i:(?!You|The|Best|Your|Our|Us|Most|Which)){_WHO}",
    r"\b(?:we|i|our \w+|proudly|proud to|happy to|i'm|we're|faculty|nurses|residents|"
    rf"doctors)\s(?:\w+\s)?endors(?:e|es|ed|ing)\s(?:{_MEASURE}|candidates?\b|{_WHO})",
    r"\b(?:donate|chip in|contribute|give)\b[^.!?\n]{0,40}\b(?:the|his|her|their|"
    rf"{_WHO}(?:'s)?)\s(?:re-?election\s)?(?:campaign\b(?!\sfor)|pac\b)",
    r"\b(?:best|only|right|obvious|clear|better)\s(?:\w+\s)?(?:choice|candidate|person|pick|woman|"
    rf"man|one)\sfor\s(?:\w+\s)?{_OFFICE}\b",
    r"\b(?:support|supporting|supports|rooting for|behind|back|backing|backs|with|behind|"
    rf"all in for)\s(?:candidate\s)?{_WHO}\s(?:for|as|in (?:her|his|their) (?:race|run|"
    rf"bid) for)\s(?:our\s|the\s|next\s)*{_OFFICE}\b",
    r"\b(?:phone ?bank\w*|canvass(?:ing)?|knock(?:ing)? on doors|door-?knock\w*|"
    rf"text ?bank\w*)\b[^.!?\n]{{0,60}}\b(?:(?:for|against)\s(?:{_WHO}|our candidate)|campaign|"
    rf"(?:for|against|yes on|no on)?\s?{_MEASURE})",
    rf"\bwe need\s{_WHO}\s(?:in|as)\s(?:the\s)?(?:our\s)?(?:next\s)?(?:{_OFFICE}|office|"
    r"sacramento|washington|city hall)\b",
    rf"\b(?:send|keep|put)\s{_WHO}\s(?:back\s)?(?:to|in|into)\s(?:congress|sacramento|washington|"
    r"office|city hall|the senate|the white house|the governor's)\b",
)
_CONTEST = re.compile(
    r"\b(?:favou?rites?|contest|photos?|poster|pumpkins?|mascot|logo|t-?shirt|recipe|bake|chili|"
    r"costumes?|bracket|people's choice|webby|awards?|finalists?|naming|name the|puppy|puppies|"
    r"therapy dog|team name|our poll|poll:|playlist|competition|cutest|flavor|song|design|bylaws|"
    r"motion|minutes|faculty senate|academic senate|top doctors?|best (?:in|of|hospital|place|lab|"
    r"doctor)|image of the|title|cover|mural|snack|menu|fan|mvp|society|association|college of)\b",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"\b(?:an?\s[\"']?(?:yes|no)[\"']?\svote\s(?:means|would|keeps|is|on|was)|whether (?:to|you|"
    r"they|people|we) vot|how (?:to|you|they|people|i) vot|yes or no|no or yes|"
    r"what (?:an? )?[\"']?(?:yes|no)\b|no matter (?:how|whom|who)|however you vote|both sides|"
    r"for and against|explains?|explained|explainer|neutral|non-?partisan|pros and cons|debates?|"
    r"forum|stud(?:y|ies|ied)|researchers?|research|history|historical|in (?:1[89]|200|"
    r"201)\d{1,2}\b|voted (?:yes|no)\b|would change|what would|asked voters|poll(?:s|ed|"
    r"ing) (?:found|showed|of)|analysis|archive|exhibit|ruled|court|supreme court|funded by|"
    r"thanks to prop|takes? no position|if (?:it |prop\w* \w+ |measure \w+ )?pass(?:es|ed)|"
    r"impact of)\b",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"\bvot|elect|\bballot|\bprop|\bmeasure|\bno on\b|\byes on\b|#no|#yes|#elect|#re|endors|"
    r"campaign|candidate|recall|canvass|phone ?bank|\bfor (?:governor|mayor|congress|senat|"
    r"assembl|supervis|president|sheriff|district|da\b|attorney|city|school|judge)|paid for by|"
    r"yard sign|lawn sign|\b(?:send|keep|put|need)\b|for(?:mayor|governor|congress|senate|"
    r"president)|amendment|initiative|referendum|bond",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Advocacy:
    """Words that ask for votes, by position."""

    start: int
    end: int
    express: bool
    """Whether the words can hardly mean anything else."""


def find(text: str, quotes: Sequence[Span] = ()) -> Iterator[Advocacy]:
    """Yield such words in a ``PLAIN`` text, express ones first."""
    if not _GATE.search(text):
        return
    for pattern, express in ((_EXPRESS, True), (_LIKELY, False)):
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - 90) : match.end() + 90]
            political = re.search(_MEASURE, match[0], re.IGNORECASE) is not None
            if (_CONTEST.search(around) and not political) or _NEUTRAL.search(around):
                continue
            if any(quote.holds(match.start()) for quote in quotes):
                express = False
            yield Advocacy(match.start(), match.end(), express)


def _advocacies(texts: Sequence[Text], lexicon: Lexicon) -> list[tuple[Advocacy, ...]]:
    return [tuple(find(text[PLAIN], text[QUOTES])) for text in texts]


ADVOCACY: Fact[tuple[Advocacy, ...]] = Fact(
    name="advocacy", compute=_advocacies, after=(PLAIN, QUOTES)
)
"""Words that ask for votes, express ones first."""
