"""How many blameless texts the checks report, and how fast they judge.

    python benchmarks/benign.py TEXTS.jsonl [--level post] [--limit 10000] [--stock]

Each line of the file is an object with ``text``. With ``--stock``, presidio-analyzer as it comes
(blank spaCy, no model) reads the same texts in the same process, for comparison.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import random
import time
from collections import Counter
from pathlib import Path

from audit import catalogue, engine, policy
from audit.model.account import Account
from audit.model.item import Item, ItemKind, ItemText, TextSource
from audit.model.verdict import Kind

NOW = dt.datetime(2026, 8, 3, 9, tzinfo=dt.UTC)
ACCOUNT = Account(account_id="a", platform="x", handle="a", unit="Neurology", spokesperson=False)
BATCH = 500


def main() -> None:
    """Print the share reported by each check, and texts per second of processor time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("texts", type=Path)
    parser.add_argument("--level", default="post", choices=["post", "reply", "comment"])
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--stock", action="store_true")
    given = parser.parse_args()
    lines = given.texts.read_text(encoding="utf-8").rstrip("\n").split("\n")
    texts = [json.loads(line)["text"] for line in lines]
    random.Random(1).shuffle(texts)
    texts = texts[: given.limit]
    report(texts, ItemKind(given.level))
    if given.stock:
        print(f"stock presidio: {stock(texts[:3000]):,.0f} texts/s")


def report(texts: list[str], kind: ItemKind) -> None:
    """Judge the texts and print."""
    bound = policy.load("ucsf", catalogue.checks())
    bench = engine.Bench(
        checks=bound.checks,
        as_of=NOW,
        today=NOW.date(),
        fingerprint=lambda check, subject, anchor: f"{check}/{subject.subject_id}/{anchor}",
        lexicon=bound.lexicon(),
    )
    items = [
        Item(
            item_id=str(number),
            kind=kind,
            texts=(ItemText(source=TextSource.BODY, text=text),),
            created_at=NOW,
        )
        for number, text in enumerate(texts)
    ]
    threads = {item.item_id: None for item in items}
    engine.judge_items(bench, ACCOUNT, items[:50], threads)  # builds the analyzer, reads lists
    started = time.process_time()
    results = [
        result
        for start in range(0, len(items), BATCH)
        for result in engine.judge_items(bench, ACCOUNT, items[start : start + BATCH], threads)
    ]
    spent = time.process_time() - started
    found = [
        (result.code, result.subject.subject_id)
        for result in results
        for finding in result.findings
        if finding.kind is not Kind.WEAK
    ]
    for code, count in sorted(Counter(code for code, _ in set(found)).items()):
        print(f"{code}: {count} ({count / len(items):.3%})")
    wording = {item for code, item in found if not code.startswith("A.")}
    print(f"any but accessibility: {len(wording)} ({len(wording) / len(items):.3%})")
    print(f"{len(items):,} texts, {len(items) / spent:,.0f} texts/s")


def stock(texts: list[str]) -> float:
    """Return how many texts per second stock presidio reads without a model."""
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
            self.nlp = {"en": spacy.blank("en")}

        def load(self) -> None:
            """Nothing to download."""

    # Its e-mail recognizer asks the network for the public suffix list, once, in vain or not.
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)
    analyzer = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
    for text in texts[:50]:
        analyzer.analyze(text, language="en")
    started = time.process_time()
    for text in texts:
        analyzer.analyze(text, language="en")
    return len(texts) / (time.process_time() - started)


if __name__ == "__main__":
    main()
