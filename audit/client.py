"""HTTP for the platforms: bounded in time and size, patient for seconds, public hosts only.

What is handled here: connection errors, 429 and 5xx are tried again, after what
``Retry-After`` or a platform's own header says as long as it is short, and once more an answer
that breaks off on its way. What remains for the caller: an answer of any status, also a 429 whose
wait is too long for one call; the platform turns it into a gap with the seconds to wait, and
Airflow's own retries work in minutes. Budgets per platform are the caller's too.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from audit.addresses import allowed_pairs, host_port, shown
from audit.errors import PermanentFetchError, TransientFetchError
from audit.recorder import Recorder
from audit.recordings import RecordingAdapter
from audit.settings import Settings
from audit.transport import (
    BrokenOffError,
    GuardedAdapter,
    cause,
    patience,
    read_body,
    without_queries,
)

log = logging.getLogger(__name__)

USER_AGENT = "social-account-audit (read-only compliance audit of an institution's own accounts)"
MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_MOVES = frozenset({301, 308})
BODY_TIMEOUTS = 3
"""A body may take this many read timeouts altogether."""

UNKEPT = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"

Params = Mapping[str, str | int | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, received or recorded."""

    status: int
    """0 when a recording does not say."""
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    url: str | None = None
    """Where it came from, without query; ``None`` for a recorded bare body."""
    moved_to: str | None = None
    """Where the address has moved for good (301, 308), without query: correct the registry."""

    def json(self) -> Any:
        """Parse the body, see ``parse_json``."""
        return parse_json(self.body)


def parse_json(text: str | bytes) -> Any:
    """Parse JSON that a platform wrote.

    NUL and halves of surrogate pairs, which JSON can hold and no database keeps, come out as
    replacement characters.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if isinstance(value, str):
        return UNKEPT.sub(REPLACEMENT, value)
    # Not by recursion: a thread may be nested as deep as the parser goes.
    waiting = [value]
    while waiting:
        waiting += _mend(waiting.pop())
    return value


def _mend(node: Any) -> list[Any]:
    """Replace what cannot be kept in one object or list; returns what lies inside it."""
    if isinstance(node, dict):
        for name in [name for name in node if UNKEPT.search(name)]:
            node[UNKEPT.sub(REPLACEMENT, name)] = node.pop(name)
        places = list(node.items())
    elif isinstance(node, list):
        places = list(enumerate(node))
    else:
        return []
    inside = []
    for place, value in places:
        if isinstance(value, str):
            node[place] = UNKEPT.sub(REPLACEMENT, value)
        elif isinstance(value, (dict, list)):
            inside.append(value)
    return inside


class Client:
    """One session for one run; use it as a context manager. Not for several threads."""

    def __init__(
        self,
        settings: Settings,
        *,
        as_of: dt.date | None = None,
        recorder: Recorder | None = None,
        attempts: int = 3,
        backoff_s: float = 0.5,
        longest_wait_s: float = 20.0,
        pause_s: float = 0.1,
    ) -> None:
        """Set up the session.

        Args:
            settings: time, size, allowed pairs; ``recordings`` replaces the network.
            as_of: the night whose recordings answer; the newest without it.
            recorder: keeps every answer in a folder, to be replayed later.
            attempts: how often a call is made altogether.
            backoff_s: the first wait between two attempts; it doubles.
            longest_wait_s: a ``Retry-After`` above it is left to the caller.
            pause_s: between two calls to one host.
        """
        self._limit = settings.max_body_mb * 1024 * 1024
        self._timeout = (min(10.0, settings.http_timeout_s), settings.http_timeout_s)
        self._allowed = allowed_pairs(settings.allow_hosts)
        self._recorder = recorder
        self._pause = 0.0 if settings.recordings else pause_s
        self._asked: dict[tuple[str, int], float] = {}
        self._session = requests.Session()
        # No proxy, .netrc or certificates from the environment: a proxy would resolve names
        # itself, and .netrc would hand passwords to whoever is asked.
        self._session.trust_env = False
        self._session.headers.update(
            {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}
        )
        adapter: BaseAdapter
        if settings.recordings:
            adapter = RecordingAdapter(settings.recordings, as_of)
        else:
            adapter = GuardedAdapter(self._allowed, patience(attempts, backoff_s, longest_wait_s))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(without_queries)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def get(
        self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Ask; answers of any status come back.

        Raises:
            TransientFetchError: no answer, after retries.
            PermanentFetchError: the address may not be read at all, the answer is too large,
                or it leads on where it must not.
        """
        return self._call("GET", url, params, dict(headers or {}))

    def post(
        self,
        url: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        json_body: Mapping[str, Any],
    ) -> Response:
        """Ask with a query in the body: for calls that only read. Follows no redirect."""
        sent = {**dict(headers or {}), "Content-Type": "application/json"}
        return self._call("POST", url, params, sent, json.dumps(json_body).encode())

    def _call(
        self,
        method: str,
        url: str,
        params: Params | None,
        sent: dict[str, str],
        query: bytes | None = None,
    ) -> Response:
        host_port(url)
        try:
            full = requests.Request(method, url, params=dict(params or {})).prepare().url or url
        except requests.RequestException:
            raise PermanentFetchError(f"{shown(url)}: not a usable address") from None
        asked, moved = full, True
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(method, asked, sent, query)
            onward = answer.headers.get("location")
            if answer.status not in REDIRECTS or not onward or query is not None:
                break
            moved = moved and answer.status in PERMANENT_MOVES
            asked, sent = self._follow(asked, urljoin(asked, onward), sent)
        else:
            raise PermanentFetchError(f"{shown(url)}: more than {MAX_REDIRECTS} redirects")
        if self._recorder:
            self._recorder.write(
                method, full, answer.status, answer.headers, answer.body, query or b""
            )
        if moved and asked != full:
            log.warning("%s has moved for good to %s", shown(url), shown(asked))
            return replace(answer, moved_to=shown(asked))
        return answer

    def _follow(
        self, asked: str, target: str, headers: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        """Say where to go on, and with which headers."""
        origin, goal = host_port(asked), host_port(target)
        if urlsplit(asked).scheme == "https" and urlsplit(target).scheme == "http":
            raise PermanentFetchError(f"{shown(asked)}: leads from https to http, not followed")
        if goal == origin:
            return target, headers
        if goal in self._allowed:
            # The exemption is for addresses in the registry, not for those a stranger names.
            raise PermanentFetchError(f"{shown(asked)}: leads to a private address, not followed")
        # Credentials and validators belong to the host that they were meant for.
        return target, {name: headers[name] for name in headers if name.lower() == "accept"}

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], query: bytes | None
    ) -> Response:
        """Make one call; an answer that breaks off on its way is asked for once more."""
        try:
            return self._once(method, url, headers, query)
        except BrokenOffError:
            # The retries of the transport end where the body begins.
            return self._once(method, url, headers, query)

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], query: bytes | None
    ) -> Response:
        host = host_port(url)
        self._wait(host)
        try:
            with self._session.request(
                method,
                url,
                data=query,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                longest = BODY_TIMEOUTS * self._timeout[1]
                return Response(
                    status=answer.status_code,
                    body=read_body(answer.raw, url, limit=self._limit, seconds=longest),
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    url=shown(url),
                )
        # Not chained: the library's messages hold the whole address with its query.
        except requests.exceptions.SSLError:
            raise PermanentFetchError(f"{shown(url)}: its certificate is not valid") from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
            raise PermanentFetchError(f"{shown(url)}: not a usable address") from None
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise TransientFetchError(f"{shown(url)}: no answer in time") from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise TransientFetchError(f"{shown(url)}: {cause(error)}") from None
        finally:
            self._asked[host] = time.monotonic()

    def _wait(self, host: tuple[str, int]) -> None:
        last = self._asked.get(host)
        if last is not None:
            time.sleep(max(0.0, last + self._pause - time.monotonic()))
