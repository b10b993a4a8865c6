"""The presidio analyzer of this project: few recognizers, no language model, no network.

Stock presidio brings dozens of recognizers and a spaCy pipeline; a night needs the few below,
which find what they find by pattern and checksum. Its e-mail recognizer fetches the public
suffix list on first use; ours is given the copy that ships with tldextract.
"""

from __future__ import annotations

import functools
from typing import Any

THRESHOLD = 0.4
"""Lowest score kept; presidio's telephone recognizer gives .4, its bare digit patterns less."""

_LABEL_END = (
    r"(?:\s*(?:number|numbers|no\.?|nr\.?|num\.?|id|#)){0,2}\s*(?:is|was|are|=|:|#|-)?\s*#?\s*"
)

LABELLED: dict[str, tuple[str, ...]] = {
    "LABELLED_SSN": (
        # "SSN 387526014", "social 387 52 6014"; structure: no area 000, 666 or 9xx.
        r"(?:\bss#|\b(?:ssns?|social(?:\s+security)?)\b)" + _LABEL_END
        + r"(?!000|666|9)\d{3}[\s.-]?(?!00)\d{2}[\s.-]?(?!0000)\d{4}\b",
    ),
    "BANK_ACCOUNT": (
        r"\b(?:routing|aba|rtn)\b" + _LABEL_END
        + r"(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}\b",
        r"\b(?:bank|checking|savings|deposit|wire)\s+(?:acct|account|a/c)\b" + _LABEL_END
        + r"\d(?:[\s-]?\d){5,16}\b",
    ),
    "DOCUMENT": (
        r"\b(?:driver'?s?'?\s+licen[cs]e|dl|cdl|licen[cs]e\s+(?:number|no\.?|#))" + _LABEL_END
        + r"[A-Z]\d{7}\b",
        r"\bpassport\b" + _LABEL_END + r"(?=\w*\d{5})[A-Z]{0,2}\d{6,9}\b",
    ),
    "MEDICAL_RECORD": (
        r"\b(?:mrn|mr\s?#|med(?:ical)?\.?\s+rec(?:ord)?s?|patient\s+rec(?:ord)?|"
        r"patient\s+id(?:entifier)?|pt\s+id|hospital\s+(?:number|no\.?|id)|chart|csn|encounter|"
        r"unit\s+(?:number|no\.?|#))"
        + _LABEL_END + r"(?:[A-Z]{1,3}-?)?\d(?:[\s-]?\d){5,9}\b(?![-/]\d)",
    ),
    "HEALTH_PLAN": (
        r"\b(?:medi-?cal|medicare|medicaid|mbi|health\s+plan|insurance|member|subscriber|policy|"
        r"beneficiary|group|kaiser|blue\s+(?:cross|shield)|aetna|cigna)(?:\s+(?:member|subscriber|"
        r"policy|plan|card|group|beneficiary)){0,2}(?:\s*(?:number|no\.?|id|#)){1,2}\s*(?:is|was|"
        r"=|:|-)?\s*#?\s*(?=[A-Z0-9-]*\d{4})[A-Z0-9][A-Z0-9-]{6,18}[A-Z0-9]\b",
    ),
    "ACCOUNT": (
        r"\b(?:acct|account|billing\s+account|guarantor|invoice\s+account)\b" + _LABEL_END
        + r"(?:[A-Z]{1,3}-?)?\d(?:[\s-]?\d){5,16}\b",
    ),
    "DEVICE": (
        r"\b(?:(?:implant|device|pacemaker|pump|valve|stent|icd|stimulator)(?:'s)?\s+"
        r"(?:serial|s/n|udi|lot|id)|udi)\b" + _LABEL_END
        + r"(?=[A-Z0-9()-]*\d{3})[A-Z0-9()-]{6,40}",
    ),
    "BIRTH_DATE": (
        r"\b(?:dob|d\.o\.b\.?|date\s+of\s+birth|birth\s?date|birthday|born(?:\s+on)?)\b\s*(?:is|"
        r"was|=|:|-|on)?\s*(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|(?:jan|"
        r"feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|"
        r"th)?(?:,?\s+\d{4})?|\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
        r"dec)[a-z]*(?:\s+\d{4})?)\b",
    ),
    "PLACE": (
        r"\b(?:room|rm\.?|bed|bay|icu|nicu|picu|ward)\s*(?:number|no\.?|"
        r"#)?\s*(?:[A-Z]-?)?\d{1,4}[A-Z]?\b(?!\s*(?:,?\s*\d{1,2}(?::\d\d)?\s*[ap]\.?m|%|patients|"
        r"beds|people|years))",
    ),
    "STREET_ADDRESS": (
        r"\b(?:lives?|living|home|house|resid(?:es|ing)|"
        r"address)\b[^.\n]{0,30}?\b\d{1,5}\s+(?:[A-Za-z0-9]+\s){1,3}(?:st|street|ave|avenue|blvd|"
        r"boulevard|road|rd|drive|dr|lane|ln|court|ct|way|place|pl|terrace)\b",
    ),
    "AGE": (
        r"\b(?:9\d|1[01]\d)(?:[\s-]?(?:years?|yrs?)[\s-]?old|[\s-]?(?:y/?o|"
        r"yo))\b(?!\s+(?:\w+\s+)?(?:building|hospital|school|tradition|campus|program|tree|"
        r"history|institution|organi[sz]ation|society|journal|record|theory|law|mystery|clinic|"
        r"house|institute|company))",
        r"\b(?:age[d]?|turns|turned|turning|is)\s(?:9\d|1[01]\d)\b(?!\s*(?:%|percent|of|days|"
        r"minutes|\d|to\b|and (?:over|older|up)|or (?:over|older)))",
    ),
}  # fmt: skip
"""Patterns that only count beside their label.

Source: 45 CFR 164.514(b)(2) for the kinds; routing numbers: the Federal Reserve's prefixes, the
checksum is tested apart; driver's licenses: the California form, a letter and seven digits.
"""


@functools.cache
def analyzer() -> Any:
    """Return the analyzer, built once per process: importing presidio costs seconds."""
    import tldextract
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import NoOpNlpEngine
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        EmailRecognizer,
        IbanRecognizer,
        IpRecognizer,
        PhoneRecognizer,
        UsItinRecognizer,
        UsSsnRecognizer,
    )

    suffixes = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())

    class OfflineEmail(EmailRecognizer):
        def validate_result(self, pattern_text: str) -> bool:
            return bool(suffixes(pattern_text.rpartition("@")[2]).suffix)

    class IssuedSsn(UsSsnRecognizer):
        def invalidate_result(self, pattern_text: str) -> bool:
            return pattern_text.startswith("9") or super().invalidate_result(pattern_text)

    class Routing(PatternRecognizer):
        def invalidate_result(self, pattern_text: str) -> bool:
            digits = "".join(c for c in pattern_text if c.isdigit())
            labelled = pattern_text.lower().startswith(("routing", "aba", "rtn"))
            return labelled and not checks_out(digits[-9:])

    class NoContext(ContextAwareEnhancer):
        """Our patterns carry their labels; there are no lemmas to enhance by."""

        def __init__(self) -> None:
            super().__init__(0.0, 0.0, 0, 0)

        def enhance_using_context(
            self,
            text: str,
            raw_results: Any,
            nlp_artifacts: Any,
            recognizers: Any,
            context: Any = None,
        ) -> Any:
            return raw_results

    def labelled(entity: str, forms: tuple[str, ...]) -> Any:
        kind = Routing if entity == "BANK_ACCOUNT" else PatternRecognizer
        return kind(
            supported_entity=entity,
            name=entity.title(),
            patterns=[Pattern(f"{entity} {n}", form, 0.9) for n, form in enumerate(forms)],
        )

    own = [labelled(entity, forms) for entity, forms in LABELLED.items()]
    registry = RecognizerRegistry(
        recognizers=[
            IssuedSsn(patterns=[p for p in UsSsnRecognizer.PATTERNS if p.score >= THRESHOLD]),
            UsItinRecognizer(
                patterns=[p for p in UsItinRecognizer.PATTERNS if p.score >= THRESHOLD]
            ),
            CreditCardRecognizer(),
            IbanRecognizer(),
            OfflineEmail(),
            PhoneRecognizer(supported_regions=("US",)),
            IpRecognizer(),
            *own,
        ]
    )
    return AnalyzerEngine(
        registry=registry,
        nlp_engine=NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}]),
        context_aware_enhancer=NoContext(),
    )


def checks_out(routing: str) -> bool:
    """Whether nine digits carry the checksum of a routing number.

    Source: American Bankers Association, weights 3 7 1 modulo 10.
    """
    weights = (3, 7, 1) * 3
    return (
        len(routing) == 9
        and sum(int(d) * w for d, w in zip(routing, weights, strict=True)) % 10 == 0
    )
