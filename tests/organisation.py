"""A small organisation in a folder, of archives only; for tests of whole nights."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit import registry
from audit.installation import Installation, open_installation
from audit.jobs.findings import listing
from audit.jobs.plan import Plan, plan
from audit.jobs.reconcile import reconcile
from audit.jobs.registry import take_over
from audit.jobs.shard import audit_shard
from audit.settings import Settings

PACK = """
[pack]
id = "small"
version = "1"
title = "Small"
source = "here"
inherits = "ucsf"

[institution]
names = ["Bayline University", "Bayline"]
domains = ["bayline.example"]

[people]
university_relations = ["relations@bayline.example"]

[registers.directory]
max_age_days = 90
"""
STAFF = ("ann@bayline.example", "Ann Lee"), ("bo@bayline.example", "Bo Ray")
DIRECTORY = "as_of,email,name\n" + "".join(f"2026-10-01,{mail},{name}\n" for mail, name in STAFF)
REGISTRY = "account_id,platform,handle,url,unit,owners,administrators,website,spokesperson\n"


@dataclass
class Organisation:
    """Files of an invented organisation."""

    folder: Path
    accounts: dict[str, str] = field(default_factory=dict)
    """Registry rows by account id."""

    def __post_init__(self) -> None:
        for name, text in (("pack/guidelines.toml", PACK), ("registers/directory.csv", DIRECTORY)):
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def account(
        self, account_id: str, *rows: dict[str, Any], owners: str = "ann@bayline.example"
    ) -> None:
        """Register an account whose archive holds these rows, or replace its archive."""
        self.accounts[account_id] = (
            f"{account_id},archive,{account_id},{account_id}.jsonl,Library,{owners},"
            "ann@bayline.example;bo@bayline.example,https://library.bayline.example,no\n"
        )
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (self.folder / f"{account_id}.jsonl").write_text(lines, encoding="utf-8")
        (self.folder / "registry.csv").write_text(
            REGISTRY + "".join(self.accounts.values()), encoding="utf-8"
        )

    def operators(self, *addresses: str) -> None:
        """Name the operators in the policy."""
        file = self.folder / "pack/guidelines.toml"
        named = f"[people]\noperators = {json.dumps(addresses)}\n"
        file.write_text(PACK.replace("[people]\n", named), encoding="utf-8")

    def settings(self, **changes: Any) -> Settings:
        """Return settings of an installation in this folder."""
        values = {
            "home": self.folder / "home",
            "policy": str(self.folder / "pack"),
            "registers": self.folder / "registers",
        }
        return Settings.model_validate({**values, **changes})

    def night(self, as_of: str, *, backfill: bool = False, **changes: Any) -> list[dict[str, Any]]:
        """Audit one night without Airflow; returns its findings."""
        return self.do(lambda opened: self._night(opened, as_of, backfill), **changes)

    def do(self, job: Callable[[Installation], Any], **changes: Any) -> Any:
        """Run a job in the installation."""
        with open_installation(self.settings(**changes)) as opened:
            take_over(opened, registry.read(self.folder / "registry.csv"))
            return job(opened)

    def _night(self, opened: Installation, as_of: str, backfill: bool) -> list[dict[str, Any]]:
        planned: Plan = plan(opened, as_of, backfill=backfill)
        for shard in planned.shards:
            audit_shard(opened, shard)
        reconcile(opened, planned.run)
        return listing(opened, planned.run)


def post(post_id: str, text: str, day: int = 1, **more: Any) -> dict[str, Any]:
    """Return an archive row of a post of October 2026."""
    created = f"2026-10-{day:02}T17:00:00Z"
    return {"type": "post", "post_id": post_id, "created_at": created, "text": text, **more}


def comment(comment_id: str, post_id: str, text: str, day: int = 1, **more: Any) -> dict[str, Any]:
    """Return an archive row of a comment by a member of the public."""
    return {
        "type": "comment",
        "comment_id": comment_id,
        "post_id": post_id,
        "created_at": f"2026-10-{day:02}T18:00:00Z",
        "text": text,
        "author": "public",
        "author_id": f"author-of-{comment_id}",
        "author_name": f"Name of {comment_id}",
        **more,
    }


def profile(**more: Any) -> dict[str, Any]:
    """Return an archive row of a blameless profile."""
    return {
        "type": "profile",
        "display_name": "Bayline University Library",
        "bio": "The library of Bayline University.",
        "url": "https://library.bayline.example",
        **more,
    }


def codes(found: Iterable[dict[str, Any]], *states: str) -> list[str]:
    """Return the codes of findings of items, in given states or any."""
    return [
        one["code"]
        for one in found
        if one["level"] in ("post", "reply", "comment") and (not states or one["state"] in states)
    ]
