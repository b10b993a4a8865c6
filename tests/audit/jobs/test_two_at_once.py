"""Two processes that work through the same night at the same time."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from audit.jobs.findings import listing
from audit.jobs.plan import opened
from audit.settings import Settings
from audit.store import migrate, schema
from audit.store.database import connect
from tests.conftest import KEY
from tests.organisation import Organisation, comment, post, profile

POSTS = 40


def _audit(folder: Path, changes: dict[str, Any], barrier: Any) -> None:
    barrier.wait(timeout=60)
    Organisation(folder).night("2026-10-02", **changes)


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_they_lose_and_double_nothing(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    changes: dict[str, Any] = {"key": KEY}
    if database == "postgres":
        settings: Settings = request.getfixturevalue("postgres")
        changes["database_url"] = settings.database_url
        engine = connect(settings)
        migrate.upgrade(engine)
        engine.dispose()
    bayline = Organisation(tmp_path)
    posts = [post(str(number), f"Well, shit happens {number} times.") for number in range(POSTS)]
    comments = [comment(f"c{number}", str(number), "Hm.") for number in range(POSTS)]
    bayline.account("library", profile(), *posts, *comments)
    bayline.do(lambda one: None, **changes)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    both = [context.Process(target=_audit, args=(tmp_path, changes, barrier)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=120)
    assert [one.exitcode for one in both] == [0, 0]

    def count(one: Any) -> tuple[int, int]:
        with one.store.read() as session:
            versions = session.connection.scalar(
                select(func.count()).select_from(schema.item_version)
            )
        found = listing(one, opened(one, "2026-10-02"))
        return versions, sum(row["code"] == "BP04.1" for row in found)

    assert bayline.do(count, **changes) == (2 * POSTS + 1, POSTS)
