"""One installation, opened: its settings, its policy and its store together."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from audit import catalogue, policy
from audit.clock import night_of
from audit.policy import Policy
from audit.settings import Settings
from audit.store.database import Store, open_store
from audit.store.runs import Run


@dataclass(frozen=True)
class Installation:
    """What every job works with."""

    settings: Settings
    policy: Policy
    store: Store

    def today(self, run: Run) -> dt.date:
        """Return the local date of a night."""
        return dt.date.fromisoformat(night_of(run.as_of, self.policy.zone))


@contextlib.contextmanager
def open_installation(settings: Settings) -> Iterator[Installation]:
    """Open everything, the policy first, so that a typing error in it changes nothing.

    Raises:
        ConfigError: settings or policy are wrong.
        StoreError: the database cannot be used.
    """
    bound = policy.load(settings.policy, catalogue.checks())
    store = open_store(settings)
    try:
        yield Installation(settings, bound, store)
    finally:
        store.close()
