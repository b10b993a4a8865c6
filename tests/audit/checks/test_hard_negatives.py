"""Texts that no check may take for a finding, and texts that some check must.

Source: the table of hard negatives in the guideline catalogue, one test for each row whose
guard belongs to a check that exists.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from audit import cases, catalogue, policy, trial
from audit.model.verdict import Kind

POLICY = policy.load("ucsf", catalogue.checks())
NOW = dt.datetime(2026, 9, 20, 17, tzinfo=dt.UTC)
NAMES = {"spokesperson": False, "clinical": True, "unit": "UCSF Surgery"}


def fired(text: str, level: str = "post", **more: Any) -> set[str]:
    values = {"text": text, "level": level, "posted_at": NOW.isoformat(), "account": NAMES, **more}
    results = trial.results(cases.read(json.dumps(values), 1, NOW), POLICY)
    return {found.code for one in results for found in one.findings if found.kind is not Kind.WEAK}


@pytest.mark.parametrize(
    "text",
    [
        "New drug kills cancer cells",
        "Flu shots today in the lobby",
        "Blast crisis in leukemia, explained",
        "Gunshot wounds down 12 % since the program began",
        "Breast, cervical and anal cancer screening",
        "Our erectile dysfunction clinic has moved",
        "STI testing, free and walk-in",
        "September is Suicide Prevention Month. Call or text 988.",
        "Call 415-555-0100 to book",
        "Room S-214, 12 March, 5 pm",
        "Adults aged 50\u201375 should be screened",
        "A 95-year-old building gets a new roof",
        "Congratulations to Dr. Maria Lopez on her award",
        "Register to vote by 19 October. All candidates were invited.",
        "UCSF researchers believe the gene may explain early onset",
        "The future of cancer care",
        "The study was stopped early for benefit (NEJM link)",
        "He is not a fool, and not a quack either",
        "#UCSF #COVID19 #MedTwitter",
        "NIH R01 AI123456",
        "Order 4471982 has arrived, grant 5U54CA123456-03 too",
        "Don't call patients 'frequent flyers'. Words matter.",
    ],
)
@pytest.mark.parametrize("level", ["post", "reply"])
def test_harmless(text: str, level: str) -> None:
    assert fired(text, level) == set()


def test_a_story_with_an_authorization_is_harmless() -> None:
    text = "Thank you to our patient partner Elena Ruiz, who agreed to share her story of a stroke"
    assert fired(text, authorization_ref="AUTH-2026-1") == set()


def test_a_safe_template_is_harmless() -> None:
    text = "We can't discuss care here. Please call Patient Relations."
    assert fired(text, "reply", thread=[{"by": "public", "text": "my surgery was awful"}]) == set()


def test_an_apology_of_ones_own_is_harmless() -> None:
    assert fired("Sorry, I was stupid", "reply", thread=[]) == set()


def test_a_link_to_the_statement_is_harmless() -> None:
    text = "UCSF condemns the attack: https://chancellor.ucsf.edu/statement"
    assert fired(text) == set()
    assert fired(text.partition(":")[0]) == {"BP06.1"}


@pytest.mark.parametrize(
    "text",
    [
        "I was diagnosed with lupus in March and my MRN is 12345678",
        "September is Suicide Prevention Month. Call or text 988.",
        "Blast crisis is a scary name",
        "This book kills me",
    ],
)
def test_a_comment_is_harmless(text: str) -> None:
    assert fired(text, "comment") == set()


@pytest.mark.parametrize(
    ("level", "text", "codes"),
    [
        (
            "post",
            "Ms. Alvarez's surgery on March 3 went great, room 1142 #bestpatient",
            {"BP10.1", "A.5"},
        ),
        (
            "reply",
            "Sorry your March visit with Dr. Lee went badly, we checked your chart",
            {"BP10.2"},
        ),
        ("post", "Vote YES on Prop 99!", {"BP06.3"}),
        ("post", "not yet public: embargoed until next week", {"BP02.3"}),
        (
            "post",
            "\U0001d4e6\U0001d4ee\U0001d4f5\U0001d4ec\U0001d4f8\U0001d4f6\U0001d4ee "
            "#welcometoucsfnursing",
            {"A.5"},
        ),
    ],
)
def test_positive_controls(level: str, text: str, codes: set[str]) -> None:
    assert fired(text, level) == codes
