"""One installation, opened: its settings, its policy and its store together."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from audit import catalogue, policy
from audit.policy import Policy
from audit.settings import Settings
from audit.store.database import Store, open_store


@dataclass(frozen=True)
class Installation:
    """What every job works with."""

    settings: Settings
    policy: Policy
    store: Store


@contextlib.contextmanager
def open_installation(settings: Settings) -> Iterator[Installation]:
    """Open everything, the policy first, so that a typing error in it changes nothing.

    Raises:
        ConfigError: settings or policy are wrong.
        StoreError: the database cannot be used.
    """
    bound = policy.load(settings.policy, catalogue.checks(), catalogue.ceilings())
    store = open_store(settings)
    try:
        yield Installation(settings, bound, store)
    finally:
        store.close()
