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
    r"bond)"
    r"\s(?:no\.?\s|number\s)?(?:\d{1,3}[A-Z]?|(?-i:[A-Z]{1,2}))\b"
    r"|(?:the\s|this\s|that\s)?(?:\w+\s)?(?:recall|bond measure|ballot measure|ballot initiative|"
    r"school bond|"
    r"hospital bond|parcel tax|soda tax measure))"
)
_OFFICE = (
    r"(?:governor|mayor|president|vice president|congress(?:man|woman)?|(?:us |state |"
    r"u\.s\. )?senat(?:e|or)|"
    r"(?:state )?assembly(?:man|woman|member)?|(?:board of )?supervisors?|attorney general|"
    r"district attorney|"
    r"da|sheriff|city council|council(?:man|woman|member)?|school board|board of education|"
    r"treasurer|"
    r"controller|insurance commissioner|lieutenant governor|house|house of representatives|judge|"
    r"superior court)"
)
_WHO = (
    r"(?-i:(?:(?:Dr|Sen|Rep|Gov)\.?\s|Mayor\s|Governor\s|Senator\s|Supervisor\s|Congress\w+\s|"
    r"Councilmember\s)?"
    r"[A-Z][\w'-]+(?:\s[A-Z][\w'.-]+){0,2})"
)
_START = (
    r"(?:^|[.!?:;,\u2026]\s*|\b(?:please|let's|lets|we|to|must|we'll|should|and|so|help|help us|"
    r"all|you|time to|"
    r"vote to|urge you to|need to|just|everyone|proudly)\s+)"
)

_EXPRESS = any_of(
    r"\bvot(?:e|ing)\s(?:an?\s)?(?:emphatic(?:ally)?\s|big\s|hard\s)?[\"']?(?:yes|no)\b[\"']?"
    r"(?!\s?(?:or|/|and)\s)(?!\s(?:matter|later|earlier|more|longer|one|vote))",
    r"\b(?:say|saying|it's|its|that's|be|i'm|we're)\s(?:an?\s)?(?:yes|no|hell no|hell yes|"
    rf"big yes|firm no)\s(?:to|on)\s{_MEASURE}",
    rf"(?:^|[.!?:;,]\s*|\b(?:and|so|a|urge|urges|vote)\s)(?:yes|no)\son\s(?:{_MEASURE}|"
    rf"\d{{1,3}}\b|(?-i:[A-Z])\b)",
    r"#(?:yes|no)on\w+|#vote(?:yes|no|for|them|him|her)\w*|#(?:re-?)?elect(?!ion|or|ri|ro|iv)[a-z]\w+|#re-elect\w+"
    r"|#\w+for(?:governor|mayor|president|congress|senate|supervisor|assembly|sheriff|da|sf|ca|"
    r"california)\d*\b",
    rf"{_START}(?:support|oppose|back|pass|defeat|reject|stop|kill|approve|fight|endorse|"
    r"recommend|sink|get behind|"
    rf"say no to|say yes to|turn out for)\s{_MEASURE}",
    r"\b(?:vote|votes|cast your (?:vote|ballot)|your vote|your ballot|"
    rf"ballots?)\s(?:is\s)?(?:for|against)\s(?:\w+\s){{0,2}}?{_MEASURE}",
    rf"\b(?:re-?elect|elect)\s{_WHO}\s?(?:for|to|as|,)\s(?:our\s|the\s|"
    rf"next\s)*(?:[\w-]+\s){{0,3}}?{_OFFICE}\b",
    r"\bvote (?:him|her|them|those \w+|these \w+|the \w+) (?:out|in|into office|out of office)\b"
    r"|\bvote (?:blue|red|democrat\w*|republican|gop)\b|\bvote (?:the )?straight ticket\b",
    r"\bpaid for by (?:the )?(?:committee|friends|\w+ for)\b",
)
_LIKELY = any_of(
    rf"{_MEASURE}\s(?:is|are|will be|would be)\s(?:an?\s|the\s|so\s|simply\s|just\s)?(?:bad|good|"
    r"wrong|right|"
    r"dangerous|disaster|essential|win|mistake|terrible|great|cruel|reckless|best|worst|"
    r"necessary|scam|sham)\b",
    r"\bvote it (?:down|up|in)\b|#(?:prop|measure)\w*(?:yes|no)\b",
    r"\b(?:one|only one|a|the) (?:name|choice|box|candidate) (?:on|for) (?:the|this|"
    r"your) ballot\b",
    r"\b(?:donate|chip in|contribute|give)\b[^.!?\n]{0,40}\bre-?election\b",
    r"(?-i:\b[A-Z][\w'-]+\b)\sfor\s(?-i:(?:Governor|Mayor|Congress|Senate|Senator|State Senate|"
    r"Assembly|Supervisor|"
    r"President|Sheriff|District Attorney|DA|Attorney General|City Council|School Board|"
    r"Board of Supervisors))\b"
    r"(?!\s(?:of|elect|and CEO|Emerit|for))",
    rf"{_START}(?:re-?elect|elect)\s{_WHO}",
    r"\b(?:vote|voting|votes|voted early|my vote is|our vote is|cast your (?:vote|"
    rf"ballot))\s(?:for|against)\s(?-i:(?!You|The|Best|Your|Our|Us|Most|Which)){_WHO}",
    r"\b(?:we|i|our \w+|proudly|proud to|happy to|i'm|we're|faculty|nurses|residents|"
    r"doctors)\s(?:\w+\s)?endors(?:e|es|ed|ing)\s"
    rf"(?:{_MEASURE}|candidates?\b|{_WHO})",
    rf"\b(?:donate|chip in|contribute|give)\b[^.!?\n]{{0,40}}\b(?:the|his|her|their|"
    rf"{_WHO}(?:'s)?)\s(?:re-?election\s)?(?:campaign\b(?!\sfor)|pac\b)",
    r"\b(?:best|only|right|obvious|clear|better)\s(?:\w+\s)?(?:choice|candidate|person|pick|"
    rf"woman|man|one)\sfor\s(?:\w+\s)?{_OFFICE}\b",
    r"\b(?:support|supporting|supports|rooting for|behind|back|backing|backs|with|behind|"
    rf"all in for)\s(?:candidate\s)?{_WHO}\s(?:for|as|in (?:her|his|their) (?:race|run|"
    rf"bid) for)\s(?:our\s|the\s|next\s)*{_OFFICE}\b",
    r"\b(?:phone ?bank\w*|canvass\w*|knock(?:ing)? on doors|door-?knock\w*|"
    rf"text ?bank\w*)\b[^.!?\n]{{0,60}}\b(?:for|against|yes|no|campaign|{_MEASURE})\b",
    rf"\bwe need\s{_WHO}\s(?:in|as)\s(?:the\s)?(?:our\s)?(?:next\s)?(?:{_OFFICE}|office|"
    r"sacramento|washington|city hall)\b",
    rf"\b(?:send|keep|put)\s{_WHO}\s(?:back\s)?(?:to|in|into)\s(?:congress|sacramento|washington|"
    r"office|city hall|the senate|the white house|the governor's)\b",
)
_CONTEST = re.compile(
    r"\b(?:favou?rites?|contest|photos?|poster|pumpkins?|mascot|logo|t-?shirt|recipe|bake|chili|"
    r"costumes?|bracket|"
    r"people's choice|webby|awards?|finalists?|naming|name the|puppy|puppies|therapy dog|"
    r"team name|our poll|poll:|playlist|"
    r"competition|cutest|flavor|song|design|bylaws|motion|minutes|faculty senate|academic senate|"
    r"top doctors?|"
    r"best (?:in|of|hospital|place|lab|doctor)|image of the|title|cover|mural|snack|menu|fan|mvp|"
    r"society|association|college of)\b",
    re.IGNORECASE,
)
_NEUTRAL = re.compile(
    r"\b(?:an?\s[\"']?(?:yes|no)[\"']?\svote\s(?:means|would|keeps|is|on|was)|whether (?:to|you|"
    r"they|people|we) vot|"
    r"how (?:to|you|they|people|i) vot|yes or no|no or yes|what (?:an? )?[\"']?(?:yes|no)\b|"
    r"no matter (?:how|whom|who)|however you vote|"
    r"both sides|for and against|explains?|explained|explainer|neutral|non-?partisan|"
    r"pros and cons|debates?|forum|stud(?:y|ies|ied)|"
    r"researchers?|research|history|historical|in (?:1[89]|200|201)\d{1,2}\b|voted (?:yes|no)\b|"
    r"would change|what would|"
    r"asked voters|poll(?:s|ed|ing) (?:found|showed|of)|analysis|archive|exhibit|ruled|court|"
    r"supreme court|funded by|thanks to prop|takes? no position|if (?:it |prop\w* \w+ |"
    r"measure \w+ )?pass(?:es|ed)|impact of)\b",
    re.IGNORECASE,
)
_GATE = re.compile(
    r"\bvot|elect|\bballot|\bprop|\bmeasure|\bno on\b|\byes on\b|#no|#yes|#elect|#re|endors|"
    r"campaign|"
    r"candidate|recall|canvass|phone ?bank|"
    r"\bfor (?:governor|mayor|congress|senat|assembl|supervis|president|sheriff|district|da\b|"
    r"attorney|city|school|judge)|paid for by|"
    r"\b(?:send|keep|put|need)\b|for(?:mayor|governor|congress|senate|president)|amendment|"
    r"initiative|referendum|bond",
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
