"""The sample organisation keeps what its README promises."""

import csv
import datetime as dt
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from examples import archives, expected
from examples.story import BAYLINE, load

CODES = {
    *("A.1", "A.5", "BP01.1", "BP01.3", "BP02.1", "BP02.3", "BP04.1", "BP05.1", "BP05.2"),
    *("BP06.1", "BP06.3", "BP10.1", "BP10.2", "BP10.9", "BP12.1"),
}


@pytest.fixture(scope="module")
def sample():
    return load()


@pytest.fixture(scope="module")
def registry():
    with (BAYLINE / "registry.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def directory():
    with (BAYLINE / "registers" / "directory.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def owners(row):
    return [owner for owner in row["owners"].split(";") if owner]


def test_every_registered_account_has_a_story(sample, registry):
    assert {row["account_id"] for row in registry} == set(sample.stories)


def test_the_organisation_is_large_enough(registry):
    platforms = Counter(row["platform"] for row in registry)
    assert len(registry) >= 16
    assert len({row["unit"] for row in registry}) >= 6
    assert platforms["bluesky"] >= 4
    assert platforms["wordpress"] >= 3
    assert platforms["feed"] >= 3
    assert platforms["archive"] >= 6


def test_owners_are_of_every_kind(registry, directory):
    active = {row["email"] for row in directory if row["active"] == "true"}
    accounts = Counter(owner for row in registry for owner in owners(row))
    assert len(accounts.keys() & active) >= 9
    assert max(accounts.values()) == 3
    assert any(len(owners(row)) == 2 for row in registry)
    assert any(not owners(row) for row in registry)
    assert accounts.keys() - active


def test_directory_is_fresh_on_every_night(sample, directory):
    (day,) = {dt.date.fromisoformat(row["as_of"]) for row in directory}
    ages = [night.astimezone(sample.zone).date() - day for night in sample.nights]
    assert min(ages) >= dt.timedelta(0)
    assert max(ages) <= dt.timedelta(days=90)


def test_nights_are_weekly_and_then_one_more(sample):
    names = [dt.date.fromisoformat(sample.name(night)) for night in sample.nights]
    assert len(names) == 9
    assert all(after - before == dt.timedelta(days=7) for before, after in pairwise(names[:-1]))
    assert {night.astimezone(sample.zone).hour for night in sample.nights} == {2}


def test_posts_span_the_eight_weeks(sample):
    times = [
        entry.at
        for story in sample.stories.values()
        for entry in story.entries
        if entry.at > sample.nights[0] - sample.lookback
    ]
    assert 250 <= len(times) <= 350
    weeks = Counter((sample.nights[-1] - time).days // 7 for time in times)
    assert len(weeks) >= 8
    assert max(times) < sample.nights[-1]


def test_most_items_are_blameless(sample):
    entries = [entry for story in sample.stories.values() for entry in story.entries]
    blamed = [entry for entry in entries if any(version.expect for version in entry.versions)]
    assert len(blamed) <= 0.2 * len(entries)


def test_every_check_finds_something_and_has_a_near_miss_where_items_are_judged(sample):
    rows = expected.rows(sample)
    assert {row["code"] for row in rows} == CODES
    near = {code for story in sample.stories.values() for e in story.entries for code in e.near}
    of_items = {"A.1", "A.5", "BP02.1", "BP02.3", "BP04.1", "BP06.1", "BP06.3"}
    assert near >= of_items | {"BP10.1", "BP10.2", "BP12.1"}
    assert near <= CODES


def test_every_labelled_finding_is_seen_on_some_night(sample):
    seen = {(row["account"], row["item"], row["code"]) for row in expected.rows(sample)}
    labelled = {
        (story.account, entry.key, code)
        for story in sample.stories.values()
        for entry in (story.profile, *story.entries)
        for version in entry.versions
        for code in version.expect
    }
    assert labelled <= seen


def test_findings_end_in_every_way_and_one_comes_back(sample):
    rows = expected.rows(sample)
    assert {row["end"] for row in rows} == {"fixed", "deleted", "window", "unreadable", "open"}
    subjects = Counter((row["account"], row["item"], row["code"]) for row in rows)
    assert max(subjects.values()) == 2


def test_new_findings_rise_in_early_october_and_fall_after_the_lesson(sample):
    new = Counter(row["from"] for row in expected.rows(sample))
    assert new["2026-10-11"] > new["2026-10-04"]
    assert new["2026-10-11"] > 2 * new["2026-11-01"]


def test_one_account_is_unreadable_on_the_last_two_nights_only(sample):
    unreadable = {
        story.account: [night for night in sample.nights if not story.readable(night)]
        for story in sample.stories.values()
    }
    assert [nights for nights in unreadable.values() if nights] == [list(sample.nights[-2:])]


def test_expected_is_up_to_date(sample):
    written = expected.FILE.read_text("utf-8")
    assert written == expected.text(sample), "run python -m examples.expected"
    assert json.loads(written) == expected.rows(sample)


TEXTS = [
    *(BAYLINE / "story").glob("*"),
    *(BAYLINE / "pack").rglob("*.toml"),
    *(BAYLINE / "registers").glob("*"),
    *(BAYLINE / "archive").glob("*"),
    BAYLINE / "registry.csv",
]


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_nobody_real_can_be_reached(file: Path):
    text = file.read_text("utf-8")
    hosts = re.findall(r"(?:https?://|@)([\w-]+(?:\.[\w-]+)+)", text)
    assert all(host.endswith((".example", ".test")) for host in hosts)
    numbers = re.findall(r"\b\d{3}-(\d{3}-\d{4})\b", text)
    assert all(re.fullmatch(r"555-01\d\d", number) for number in numbers)


def test_times_tell_the_items_of_an_account_apart(sample):
    for story in sample.stories.values():
        times = Counter(entry.at for entry in story.entries)
        assert max(times.values()) == 1, story.account


def test_archives_are_up_to_date():
    written = {path: path.read_text("utf-8") for path in (BAYLINE / "archive").iterdir()}
    assert written == archives.files(), "run python -m examples.archives"


def test_no_night_was_recorded_with_what_came_after_it(sample):
    written = re.compile(r'"(?:createdAt|date_gmt)": "([\d:T-]+)')
    for night in sample.nights:
        files = list((BAYLINE / "recordings" / sample.name(night)).rglob("*.json"))
        assert files
        for file in files:
            times = written.findall(file.read_text("utf-8"))
            moments = [dt.datetime.fromisoformat(time).replace(tzinfo=dt.UTC) for time in times]
            assert all(moment < night for moment in moments), file


def test_recordings_are_small():
    sizes = [file.stat().st_size for file in (BAYLINE / "recordings").rglob("*") if file.is_file()]
    assert sum(sizes) < 3_000_000
