"""Every error that this project raises on purpose.

::

    AuditError
      x ConfigError            settings, policy, registry, bad input  -> stop, exit code 2
      x FetchError             one facet of one account
        + TransientFetchError  timeout, 429, 5xx                      -> retried, then a gap
        + PermanentFetchError  refused, gone, unreadable              -> a gap
          - BudgetSpent        a limit that we keep is used up        -> a gap, and the night is red
      x StoreError             database unreachable, wrong schema     -> stop, exit code 2
      x DeliveryError          SMTP refused                           -> stays in the outbox
      x IncompleteRun          gaps or errors that a person must see  -> exit code 3

The DAGs name these classes in their retry policy, which Airflow resolves when it parses
the file: this module therefore imports nothing outside the standard library.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AuditError(Exception):
    """Base of all errors. The text says where, what, and what to do, and holds no secret."""


class ConfigError(AuditError):
    """Settings, policy, registry or another input is wrong; nothing has been changed."""


class FetchError(AuditError):
    """A facet of an account could not be read."""


class TransientFetchError(FetchError):
    """Reading failed for now; the same call may succeed later."""


class PermanentFetchError(FetchError):
    """Reading failed in a way that trying again does not change."""


class BudgetSpent(PermanentFetchError):
    """Nothing was asked, because a limit of calls, quota or money that we keep is used up."""


class StoreError(AuditError):
    """The database cannot be reached, or its schema is not the one this code knows."""


class DeliveryError(AuditError):
    """The mail server did not take a message."""


class IncompleteRun(AuditError):
    """The run is done, and something could not be seen that somebody has to know about."""


def plainly(message: str) -> str:
    """Return what pydantic says of a value in words for whoever wrote it."""
    if message == "Extra inputs are not permitted":
        return "unknown key"
    if message.startswith("Input should be a valid boolean"):
        return "write true or false"
    return message.removeprefix("Value error, ")


def suggest(wrong: str, known: Iterable[str]) -> str:
    """Return ``", did you mean 'x'?"`` for the nearest known word, or an empty text."""
    near = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f", did you mean {near[0]!r}?" if near else ""
