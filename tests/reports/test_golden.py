"""The mails of an invented night, compared with how they were when somebody last looked."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from audit.model.notice import Notice, NoticeKind
from reports.compliance.digest import digest
from reports.compliance.operations import operators_note
from reports.render import render
from tests.reports import nights

GOLDEN = Path(__file__).parents[1] / "golden" / "reports"
FILES = {"subject": "subject.txt", "text": "txt", "html": "html"}
REWRITE = "AUDIT_TEST_GOLDEN=write python -m pytest tests/reports/test_golden.py"


def first_owner(night):
    report = nights.danas(night)
    assert report is not None
    return report


def operations():
    night = replace(
        nights.night(),
        notices=(
            Notice(
                kind=NoticeKind.CREDENTIAL,
                subject="library-tiktok",
                detail="the credential ends on May 30 and cannot be renewed; authorise it anew: "
                "account-audit credentials authorise tiktok --account library-tiktok",
                since="2027-05-18",
            ),
            Notice(
                kind=NoticeKind.LIMIT,
                subject="X",
                detail="the 100 USD of this month are used up; reading goes on on June 1",
                since="2027-05-16",
            ),
        ),
    )
    report = operators_note(night)
    assert report is not None
    return report


MAILS = {
    "operations": lambda: render("operations", operations()),
    "owner": lambda: render("owner", first_owner(nights.night())),
    "owner_first": lambda: render("owner", first_owner(nights.first_night())),
    "owner_unread": lambda: render("owner", first_owner(nights.unread_night())),
    "relations": lambda: render("relations", digest(nights.night())),
    "relations_first": lambda: render("relations", digest(nights.first_night(), held=2)),
}


@pytest.mark.parametrize("name", MAILS)
def test_mail_is_as_it_was_last_looked_at(name):
    mail = MAILS[name]()
    for part, suffix in FILES.items():
        file = GOLDEN / f"{name}.{suffix}"
        content = getattr(mail, part).rstrip("\n") + "\n"
        if os.environ.get("AUDIT_TEST_GOLDEN") == "write":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8")
        expected = file.read_text("utf-8") if file.exists() else None
        assert content == expected, f"{file.name} differs; look at it, then run:\n  {REWRITE}"
