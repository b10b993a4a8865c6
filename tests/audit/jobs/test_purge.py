"""What a purge takes of an account that is no longer there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.installation import Installation
from audit.jobs.purge import purge, when
from tests.audit.jobs.test_life import SWEAR, Story, status
from tests.organisation import PACK
from tests.serving import serving

RULES = """
[retention.platforms.mastodon]
source = "a test"
posts = { gone_days = 0 }
"""


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with serving() as server:
        made = Story(tmp_path, server)
        (tmp_path / "pack/guidelines.toml").write_text(PACK + RULES, encoding="utf-8")
        yield made


def purged(story: Story, day: str) -> int:
    def job(here: Installation) -> int:
        done = purge(here, when(here, day, dry_run=False))
        return sum(one.posts for one in done.accounts)

    number: int = story.do(job)
    return number


def test_what_a_suspended_account_wrote_goes_and_its_findings_stay(story: Story) -> None:
    story.masto.posts = [status("1", SWEAR)]
    story.night(2)
    story.masto.account = {"status": 503}
    story.night(3)
    assert purged(story, "2026-10-03") == 0
    story.masto.account = {"suspended": True}
    story.night(4)
    assert purged(story, "2026-10-03") == 0
    assert purged(story, "2026-10-04") == 1
    story.night(5)
    assert story.states() == ["not_rechecked"]
    assert "removed" not in story.mail().lower()
    story.masto.account = {}
    story.night(6)
    assert story.states() == ["open"]
    assert purged(story, "2026-10-06") == 0


def test_a_finding_that_ends_on_words_read_anew_is_not_told_as_an_edit(story: Story) -> None:
    story.masto.posts = [status("1", SWEAR)]
    story.night(2)
    story.masto.account = {"suspended": True}
    story.night(3)
    assert purged(story, "2026-10-03") == 1
    story.masto.account = {}
    terms = story.bayline.folder / "pack/terms"
    terms.mkdir()
    (terms / "profanity_allowed.txt").write_text("shit happens\n", encoding="utf-8")
    story.night(4)
    assert story.states() == ["resolved"]
    assert "No longer found: " in story.mail()
