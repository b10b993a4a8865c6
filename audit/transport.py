"""How a call travels: guarded connections, retries of seconds, logs without queries."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.util import Retry

from audit.addresses import shown
from audit.guard import guarded_pools

RETRIED = frozenset({429, *range(500, 600)})


class Patience(Retry):
    """Retries that do not sit out a long ``Retry-After``: then the answer comes back at once."""

    again: Callable[[int | None], None] | None = None
    """Called before each further attempt, with the status of the one that failed."""

    def new(self, **changes: Any) -> Patience:
        """Return a copy, which urllib3 makes for each attempt."""
        copy: Any = super().new(**changes)
        copy.again = self.again
        return copy  # type: ignore[no-any-return]

    def increment(  # type: ignore[override]  # the rest of the arguments is passed through
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Retry:
        """Count an attempt."""
        wait = self.get_retry_after(response) if response is not None else None
        if wait is not None and wait >= self.retry_after_max:
            # urllib3 takes this as "no attempts left" and hands the answer to the caller.
            pool: Any = kwargs.get("_pool")
            raise MaxRetryError(pool, shown(url or ""), ResponseError("the wait is too long"))
        left = super().increment(method, url, response, *args, **kwargs)
        if self.again:
            self.again(None if response is None else response.status)
        return left

    def parse_retry_after(self, retry_after: str) -> float:
        """Read the header; one that cannot be read means no wait of its own."""
        try:
            return super().parse_retry_after(retry_after)
        except InvalidHeader:
            return 0.0


def patience(
    attempts: int,
    backoff_s: float,
    longest_wait_s: float,
    again: Callable[[int | None], None] | None = None,
) -> Retry:
    """Return the retries of one call; see ``Client`` and ``Patience`` for the arguments."""
    retries = Patience(
        total=attempts - 1,
        backoff_factor=backoff_s,
        backoff_max=longest_wait_s,
        backoff_jitter=backoff_s / 2,
        status_forcelist=RETRIED,
        allowed_methods={"GET", "POST"},  # what is posted are queries
        redirect=0,
        raise_on_redirect=False,
        raise_on_status=False,
        retry_after_max=longest_wait_s,  # type: ignore[arg-type]
    )
    retries.again = again
    return retries


class GuardedAdapter(HTTPAdapter):
    """Connects to public addresses and to ``allowed`` pairs only."""

    def __init__(self, allowed: frozenset[tuple[str, int]], retries: Retry) -> None:
        self._pools = guarded_pools(allowed)
        super().__init__(max_retries=retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the manager with guarded pools."""
        super().init_poolmanager(*args, **kwargs)
        # NOTE: urllib3 keeps the classes per manager for exactly this.
        self.poolmanager.pool_classes_by_scheme = self._pools


def cause(error: BaseException) -> str:
    """Name what went wrong, from the types alone."""
    seen: BaseException | None = error
    names: list[str] = []
    while seen is not None and len(names) < 8:
        names.append(type(seen).__name__)
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        seen = inner if isinstance(inner, BaseException) else None
    if "NameResolutionError" in names:
        return "its name cannot be resolved"
    if any("Timeout" in name for name in names):
        return "no answer in time"
    return f"the connection failed ({names[-1]})"


def without_queries(record: logging.LogRecord) -> bool:
    """Take queries out of what urllib3 logs; they may hold tokens."""
    record.msg = re.sub(r"\?[^\s'\"]*", "", record.getMessage())
    record.args = ()
    return True
