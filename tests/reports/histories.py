"""Nine invented nights as data frames; every row is counted by hand in the tests that use it."""

import datetime as dt

from audit.model.finding import Decision, Sight
from audit.model.verdict import Kind, Outcome, Severity
from audit.store.runs import Run
from reports.history import History
from reports.trends.frames import frame
from tests.reports import nights

DAYS = [dt.date(2027, 3, 23) + dt.timedelta(weeks=week) for week in range(9)]
NIGHTS = frame(
    "nights",
    [{"night": day, "as_of": f"{day}T09:00Z", "policy_version": "1"} for day in DAYS],
)
LETTERS = {"s": Sight.SEEN, "c": Sight.CLEARED, "g": Sight.GONE}


def row(name, seen, kind=Kind.DIRECT, severity=Severity.MEDIUM, clause="BP08"):
    return name, seen, kind, severity, clause


def sightings(*rows):
    """Each row: fingerprint, then one letter a night: s(een), c(leared), g(one) or ``-``."""
    found = [
        {
            "night": day,
            "fingerprint": name,
            "sight": LETTERS[letter].value,
            "kind": kind.value,
            "severity": severity.value,
            "clause": clause,
            "unit": "Sleep Clinic",
            "platform": "instagram",
        }
        for name, seen, kind, severity, clause in rows
        for day, letter in zip(DAYS, seen, strict=False)
        if letter != "-"
    ]
    return frame("sightings", found)


def reviews(*rows):
    """Each row: fingerprint, decision, day, and for a waiver its last day."""
    found = [
        {
            "fingerprint": name,
            "code": "BP08.1",
            "decision": decision.value,
            "decided_at": f"{day}T20:00Z",
            "expires_on": until[0] if until else None,
        }
        for name, decision, day, *until in rows
    ]
    return frame("reviews", found)


def outcomes(*rows):
    """Each row: night, outcome, subjects, and what differs."""
    found = [
        {
            "night": DAYS[night],
            "account_id": "ig",
            "kind": Kind.DIRECT.value,
            "outcome": outcome.value,
            "reason": "",
            "unit": "Sleep Clinic",
            "subjects": subjects,
            **(more[0] if more else {}),
        }
        for night, outcome, subjects, *more in rows
    ]
    return frame("outcomes", found)


def history(**changes):
    """Nine nights: a rule change on the fourth, nothing readable on the sixth."""
    runs = tuple(
        Run(
            night=day.isoformat(),
            as_of=dt.datetime.combine(day, dt.time(9), dt.UTC),
            backfill=False,
            baseline=at == 0,
            policy_version="1" if at < 3 else "2",
            code_version="1",
            window_start=dt.datetime.combine(day, dt.time(9), dt.UTC) - dt.timedelta(days=30),
            closed=True,
        )
        for at, day in enumerate(DAYS)
    )
    judged = [
        line
        for at in range(9)
        if at != 5
        for line in (
            (at, Outcome.PASS, 90 + at),
            (at, Outcome.FAIL, 10 - at),
            (at, Outcome.NOT_ASSESSED, 2, {"reason": "not offered"}),
            (at, Outcome.PASS, 4, {"unit": "Campus Shuttle"}),
        )
    ]
    lost = {"reason": "X refused our access"}
    values = {
        "runs": runs,
        "accounts": nights.night().accounts,
        "nights": frame(
            "nights",
            [
                {"night": one.night, "as_of": one.as_of, "policy_version": one.policy_version}
                for one in runs
            ],
        ),
        "sightings": sightings(
            row("a", "sssssssss"),
            row("b", "-sssc----"),
            row("c", "--sssssss", Kind.PROXY, Severity.HIGH, "BP05"),
            row("d", "-s-------", clause="BP10"),
            *[row(f"f{number}", "-ssc-----") for number in range(12)],
        ),
        "reviews": reviews(
            *[(f"f{number}", Decision.CONFIRM, DAYS[4]) for number in range(9)],
            *[(f"f{number}", Decision.FALSE_POSITIVE, DAYS[4]) for number in range(9, 12)],
        ),
        "outcomes": outcomes(*judged, (5, Outcome.NOT_ASSESSED, 96, lost)),
        "gaps": frame(
            "gaps",
            [
                {
                    "night": DAYS[5],
                    "account_id": "ig",
                    "gap_kind": "denied",
                    "gap_reason": lost["reason"],
                },
                *[
                    {
                        "night": day,
                        "account_id": "ig",
                        "gap_kind": "unsupported",
                        "gap_reason": "not offered",
                    }
                    for day in DAYS
                ],
            ],
        ),
    }
    return History(**{**values, **changes})
