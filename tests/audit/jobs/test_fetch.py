"""Which of several gaps counts, and what an account with gaps is asked again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit import catalogue
from audit.jobs.plan import opened
from audit.model.item import Facet, GapKind
from audit.model.record import GapRecord, Record
from audit.store import runs
from tests.organisation import Organisation, profile


def fetched(
    folder: Path, patch: pytest.MonkeyPatch, *gaps: GapRecord, apart: bool = False
) -> dict[str, str]:
    """Return the gaps of an account whose platform tells of these."""

    def gather(target: object, client: object) -> list[Record]:
        return list(gaps)

    archive = replace(catalogue.platform("archive"), gather=gather, comments_apart=apart)
    patch.setitem(catalogue.platforms(), "archive", archive)
    bayline = Organisation(folder)
    bayline.account("library", profile())
    bayline.night("2026-10-02")

    def rows(one: object) -> dict[str, str]:
        with one.store.read() as session:  # type: ignore[attr-defined]  # an installation
            found = runs.fetched(session, opened(one, "2026-10-02").night)  # type: ignore[arg-type]
        return {x.facet.value: x.gap.kind.value for x in found if x.gap}

    return dict(bayline.do(rows))


def gap(kind: GapKind, facet: Facet = Facet.COMMENTS) -> GapRecord:
    return GapRecord(facet=facet, kind=kind, reason=kind.value)


def test_a_gap_that_may_close_is_not_hidden_by_a_lasting_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [gap(kind) for kind in (GapKind.BROKEN, GapKind.DENIED, GapKind.UNSUPPORTED)]
    assert fetched(tmp_path, monkeypatch, *told) == {"comments": "broken"}
    assert fetched(tmp_path / "b", monkeypatch, *reversed(told)) == {"comments": "broken"}
    assert fetched(tmp_path / "c", monkeypatch, *told[1:]) == {"comments": "denied"}


def test_comments_under_posts_that_were_not_read_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = gap(GapKind.RATE_LIMITED, Facet.POSTS)
    both = {"posts": "rate_limited", "comments": "rate_limited"}
    assert fetched(tmp_path, monkeypatch, posts) == both
    assert fetched(tmp_path / "b", monkeypatch, posts, apart=True) == {"posts": "rate_limited"}
    known = gap(GapKind.DENIED)
    assert fetched(tmp_path / "c", monkeypatch, posts, known) == {**both, "comments": "denied"}


@pytest.mark.parametrize("kind", [GapKind.BROKEN, GapKind.RATE_LIMITED])
def test_a_later_try_that_meets_a_platform_that_is_down_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: GapKind
) -> None:
    assert fetched(tmp_path, monkeypatch, gap(kind)) == {"comments": kind.value}
    down = [gap(kind, facet) for facet in (Facet.PROFILE, Facet.POSTS, Facet.COMMENTS)]
    assert fetched(tmp_path, monkeypatch, *down) == {"comments": kind.value}
    assert fetched(tmp_path, monkeypatch) == {}
