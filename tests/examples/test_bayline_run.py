"""The audit of the recorded sample finds what the story says, on the nights it says, no more."""

import datetime as dt
from collections import defaultdict

import pytest

from audit import registry
from audit.errors import IncompleteRun
from audit.installation import open_installation
from audit.jobs.plan import plan
from audit.jobs.reconcile import reconcile
from audit.jobs.registry import take_over
from audit.jobs.shard import audit_shard
from audit.jobs.verify import verify
from audit.model.finding import Sight
from audit.settings import Settings
from audit.store import findings, items
from examples import expected
from examples.story import BAYLINE, load

SAMPLE = load()
NIGHTS = [SAMPLE.name(night) for night in SAMPLE.nights]
LAST = dt.timedelta(days=200)


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """All nights, audited from the recordings; what was seen, and which nights were complete."""
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        policy=str(BAYLINE / "pack"),
        registers=BAYLINE / "registers",
        recordings=BAYLINE / "recordings",
    )
    incomplete = {}
    with open_installation(settings) as installation:
        take_over(installation, registry.read(BAYLINE / "registry.csv"))
        for moment in SAMPLE.nights:
            night = plan(installation, moment)
            for shard in night.shards:
                audit_shard(installation, shard)
            reconcile(installation, night.run)
            try:
                verify(installation, night.run)
            except IncompleteRun as error:
                incomplete[night.run.night] = str(error)
        with installation.store.read() as session:
            yield _seen(session), incomplete


def _seen(session):
    keys = _keys(session)
    known = findings.read(session)
    seen = defaultdict(set)
    for sighting in findings.sightings(session):
        if sighting.sight is Sight.SEEN:
            finding = known[sighting.fingerprint]
            subject = finding.subject
            item = keys.get((subject.account_id, subject.subject_id), subject.subject_id)
            seen[subject.account_id, item, finding.code].add(sighting.night)
    return dict(seen)


def _keys(session):
    """Items are told apart by their times; their ids are the platforms', or hashes of them."""
    keys = {}
    for account, story in SAMPLE.stories.items():
        times = {entry.at: entry.key for entry in story.entries}
        for moment in SAMPLE.nights:
            for item in items.read(session, account, as_of=moment, since=moment - LAST):
                if item.created_at in times:
                    keys[account, item.item_id] = times[item.created_at]
    return keys


def test_the_audit_finds_what_the_story_says(audited):
    wanted = defaultdict(set)
    for row in expected.rows(SAMPLE):
        nights = {night for night in NIGHTS if row["from"] <= night <= row["until"]}
        wanted[row["account"], row["item"], row["code"]] |= nights
    seen, _ = audited
    differing = {
        key: {"found": sorted(seen.get(key, ())), "story": sorted(wanted.get(key, ()))}
        for key in seen.keys() | wanted.keys()
        if seen.get(key) != wanted.get(key)
    }
    assert differing == {}


def test_only_the_deactivated_account_leaves_nights_incomplete(audited):
    _, incomplete = audited
    assert list(incomplete) == NIGHTS[-2:]
    for reason in incomplete.values():
        lines = reason.splitlines()[1:]
        assert lines
        assert all(line.startswith("collections-bluesky: ") for line in lines)
