"""How a call travels: guarded connections, retries of seconds, logs without queries."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, MaxRetryError, ResponseError
from urllib3.util import Retry

from audit import waiting
from audit.addresses import host_port, shown
from audit.errors import PermanentFetchError, TransientFetchError
from audit.guard import connected_by, guarded_pools, hung_up_after

USER_AGENT = "social-account-audit (read-only compliance audit of an institution's own accounts)"
CHUNK = 1 << 16
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
        if wait is not None and wait > self.retry_after_max:
            # urllib3 takes this as "no attempts left" and hands the answer to the caller.
            pool: Any = kwargs.get("_pool")
            raise MaxRetryError(pool, shown(url or ""), ResponseError("the wait is too long"))
        left = super().increment(method, url, response, *args, **kwargs)
        if self.again:
            self.again(None if response is None else response.status)
        return left

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Read how long to wait: not by our own clock, and also from the resets of limits."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return waiting.seconds(headers, limited=response.status == 429)


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


def until_connected(attempts: int, backoff_s: float) -> Retry:
    """Return the retries of a call that must not arrive twice: only while nobody was reached."""
    return Retry(
        total=attempts - 1,
        read=0,
        status=0,
        redirect=0,
        other=0,  # what TLS complains of may follow a request that has arrived
        backoff_factor=backoff_s,
        backoff_jitter=backoff_s / 2,
        status_forcelist=(),
        raise_on_status=False,
        raise_on_redirect=False,
        respect_retry_after_header=False,
    )


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


class _Unled(requests.Session):
    """Looks at no redirect: to say where one leads, the library reads its body without bounds."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that there is none; ``Client`` follows them itself."""


def bare_session() -> requests.Session:
    """Return a session that takes nothing from its surroundings."""
    session = _Unled()
    # No proxy, .netrc or certificates from the environment: a proxy would resolve names
    # itself, and .netrc would hand passwords to whoever is asked.
    session.trust_env = False
    session.headers.update(
        {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}
    )
    return session


def full_address(url: str, params: Mapping[str, str | int | list[str]]) -> str:
    """Return an address with its query.

    Raises:
        PermanentFetchError: it is no usable address.
    """
    try:
        return requests.Request("GET", url, params=dict(params)).prepare().url or url
    except requests.RequestException:
        raise PermanentFetchError(f"{shown(url)}: not a usable address") from None


def followed(
    asked: str, onward: str, headers: dict[str, str], allowed: frozenset[tuple[str, int]]
) -> tuple[str, dict[str, str]]:
    """Say where to go on after a redirect to ``onward``, and with which headers.

    Raises:
        PermanentFetchError: it leads on where it must not, or nowhere.
    """
    try:
        target = urljoin(asked, onward)
    except ValueError:
        raise PermanentFetchError(f"{shown(asked)}: leads to what is no address") from None
    origin, goal = host_port(asked), host_port(target)
    if urlsplit(asked).scheme == "https" and urlsplit(target).scheme == "http":
        raise PermanentFetchError(f"{shown(asked)}: leads from https to http, not followed")
    if goal == origin:
        return target, headers
    if goal in allowed:
        # The exemption is for addresses in the registry, not for those a stranger names.
        raise PermanentFetchError(f"{shown(asked)}: leads to a private address, not followed")
    # Credentials and validators belong to the host that they were meant for.
    return target, {name: headers[name] for name in headers if name.lower() == "accept"}


class BrokenOffError(TransientFetchError):
    """The head of an answer came, its body did not come in full."""


def read_body(raw: Any, url: str, *, limit: int, seconds: float) -> bytes:
    """Read a body within its bounds, counted after decompression.

    Args:
        raw: the answer, not yet read.
        url: for messages.
        limit: bytes.
        seconds: for all of it.

    Raises:
        BrokenOffError: it stopped, or takes too long.
        PermanentFetchError: it is longer than ``limit``.
    """
    parts: list[bytes] = []
    size = 0
    # A single read may last as well: it takes in a chunk's head up to its end.
    with hung_up_after(seconds, connected_by(raw)) as late:
        try:
            # read1 returns what has come so far; other ways wait for a full chunk.
            while not late.is_set() and (part := raw.read1(CHUNK, decode_content=True)):
                parts.append(part)
                size += len(part)
                if size > limit:
                    raise PermanentFetchError(
                        f"{shown(url)}: more than {limit // 1024**2} MB (AUDIT_MAX_BODY_MB)"
                    )
        except (HTTPError, OSError) as error:
            if not late.is_set():
                raise BrokenOffError(f"{shown(url)}: {cause(error)}") from None
    if late.is_set():
        raise BrokenOffError(f"{shown(url)}: the answer takes too long to arrive")
    return b"".join(parts)


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
