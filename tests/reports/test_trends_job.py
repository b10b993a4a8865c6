"""From stored nights to the page: the same figures as the mails, the same files every time."""

import csv
import datetime as dt
import json

import pytest

from audit.jobs.findings import standings
from audit.jobs.plan import opened as the_night
from audit.model.finding import Decision, Review
from audit.store import findings
from reports import history
from reports.compliance.digest import digest
from reports.jobs.digest import digest as write_digest
from reports.jobs.send import send
from reports.jobs.trends import trends
from reports.night import read
from tests.organisation import Organisation, post, profile
from tests.reports.test_jobs import PLAIN, SWEARING, TAG, command

NIGHTS = ("2026-10-05", "2026-10-06", "2026-10-07")


@pytest.fixture
def organisation(tmp_path):
    """Three nights: something found, something fixed, one verdict of a person."""
    made = Organisation(tmp_path)
    made.account("desk", profile(), post("p1", SWEARING))
    made.account("rooms", profile(), post("p2", TAG, 2), owners="")
    made.night(NIGHTS[0])
    made.account("rooms", profile(), post("p2", PLAIN, 2), owners="")
    made.night(NIGHTS[1])
    made.do(confirm)
    made.night(NIGHTS[2])
    return made


def confirm(opened):
    with opened.store.write() as session:
        found = findings.read(session)
        (profanity,) = [one for one in found.values() if one.code == "BP04.1"]
        findings.add_review(
            session,
            Review(
                fingerprint=profanity.fingerprint,
                decision=Decision.CONFIRM,
                reviewer="m@bayline.example",
                reason="yes",
                decided_at=dt.datetime(2026, 10, 6, 17, tzinfo=dt.UTC),
            ),
        )


def at_night(organisation, night, job):
    return organisation.do(lambda opened: job(opened, the_night(opened, night)))


def table(organisation, name):
    file = organisation.settings().home / "site" / "data" / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_page_mails_and_states_agree_on_every_night(organisation):
    at_night(organisation, NIGHTS[-1], trends)
    for night, line in zip(NIGHTS, table(organisation, "trends"), strict=True):
        known = at_night(organisation, night, read)
        said = digest(known).counts
        states = at_night(organisation, night, standings)
        still = [
            where for finding, where in states if where.state.open and finding.kind.value != "W"
        ]
        assert line["night"] == night
        assert int(line["open_n"]) == said.open == len(still)


def test_the_chart_in_the_mail_shows_the_same_nights(organisation):
    known = at_night(organisation, NIGHTS[-1], read)
    at_night(organisation, NIGHTS[-1], trends)
    bars = [bar.value for bar in digest(known).chart.bars]
    assert bars == [int(line["open_n"]) for line in table(organisation, "trends")]


def test_a_verdict_of_a_person_is_measured_from_the_next_night_on(organisation):
    assert at_night(organisation, NIGHTS[1], read).precision == {}
    assert at_night(organisation, NIGHTS[2], read).precision == {"profanity": (1, 1)}
    at_night(organisation, NIGHTS[-1], trends)
    (line,) = table(organisation, "precision")
    assert (line["code"], line["right_n"], line["n"]) == ("BP04.1", "1", "1")


def test_the_page_of_an_earlier_night_knows_nothing_later(organisation):
    known = at_night(organisation, NIGHTS[0], history.read)
    assert len(known.nights) == 1
    assert known.sightings["night"].nunique() == 1


def test_drawn_again_nothing_changes(organisation):
    at_night(organisation, NIGHTS[-1], trends)
    folder = organisation.settings().home / "site"
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    at_night(organisation, NIGHTS[-1], trends)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


def test_the_first_page_leads_to_the_mails_that_are_files(organisation):
    at_night(organisation, NIGHTS[-1], write_digest)
    at_night(organisation, NIGHTS[-1], send)
    at_night(organisation, NIGHTS[-1], trends)
    folder = organisation.settings().home / "site"
    html = (folder / "index.html").read_text("utf-8")
    (mail,) = (organisation.settings().home / "mail").glob("*.html")
    assert f'href="../mail/{mail.name}"' in html


def test_no_word_that_was_published_is_on_the_page(organisation):
    at_night(organisation, NIGHTS[-1], trends)
    for path in (organisation.settings().home / "site").rglob("*.*"):
        assert "damn" not in path.read_text("utf-8")
        assert "@bayline.example" not in path.read_text("utf-8")


def test_the_command_draws_the_page(organisation):
    done = json.loads(command(organisation, "trends", "--json").output)
    assert done["nights"] == 3
    assert done["page"].endswith("site/index.html")
    said = command(organisation, "trends", "--as-of", NIGHTS[0])
    assert "1 night drawn" in said.output
