"""HTTP for the platforms: bounded in time and size, patient for seconds, public hosts only.

What is handled here: connection errors, 429 and 5xx are tried again, after what
``Retry-After`` or a platform's own header says as long as it is short, and once more an answer
that breaks off on its way. What remains for the caller: an answer of any status, also a 429 whose
wait is too long for one call; the platform turns it into a gap with the seconds to wait, and
Airflow's own retries work in minutes. What may be asked at all is up to the ``meter``.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import urlencode

import requests
import urllib3
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from audit.addresses import allowed_pairs, host_port, shown
from audit.errors import PermanentFetchError, TransientFetchError
from audit.recorder import Recorder
from audit.recordings import RecordingAdapter
from audit.response import Response
from audit.settings import Settings
from audit.transport import (
    BrokenOffError,
    GuardedAdapter,
    bare_session,
    cause,
    followed,
    full_address,
    patience,
    read_body,
    until_connected,
    without_queries,
)

log = logging.getLogger(__name__)

MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_MOVES = frozenset({301, 308})
BODY_TIMEOUTS = 3
"""A body may take this many read timeouts altogether."""

LASTS_S = 8_100.0
"""Seconds, 2 h 15 min: with a meter's longest wait on top, and what was read still to be judged,
a task ends before ``audit.orchestration.EXECUTION_TIMEOUT`` does so and loses what it holds."""

Params = Mapping[str, str | int | list[str]]


class Meter(Protocol):
    """Is told of every call that leaves, retries and redirects included; see ``audit.metering``."""

    def before(self, url: str) -> None:
        """Let a call go, perhaps after a wait, or raise a ``FetchError`` in its place."""

    def after(self, url: str, response: Response | None) -> None:
        """Take note of what it brought; ``None``: no answer, or none that could be read."""


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
        lasts_s: float = LASTS_S,
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
            lasts_s: after which each further call fails at once.
        """
        self._limit = settings.max_body_mb * 1024 * 1024
        self._timeout = (min(10.0, settings.http_timeout_s), settings.http_timeout_s)
        self._allowed = allowed_pairs(settings.allow_hosts)
        self._recorder = recorder
        self._pause = 0.0 if settings.recordings else pause_s
        self._asked: dict[tuple[str, int], float] = {}
        self._asking = ""
        self._end = time.monotonic() + lasts_s
        self.meter: Meter | None = None
        self._session, self._once = bare_session(), bare_session()
        adapter: BaseAdapter
        once: BaseAdapter
        if settings.recordings:
            adapter = once = RecordingAdapter(settings.recordings, as_of)
        else:
            retries = patience(attempts, backoff_s, longest_wait_s, self._again)
            adapter = GuardedAdapter(self._allowed, retries)
            once = GuardedAdapter(self._allowed, until_connected(attempts, backoff_s))
        for scheme in ("http", "https"):
            self._session.mount(f"{scheme}://", adapter)
            self._once.mount(f"{scheme}://", once)
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
        self._once.close()

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

    def exchange(
        self,
        method: str,
        url: str,
        fields: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask about tokens: once, following no redirect; neither side is ever recorded.

        A second call would spend a token that is replaced at each use; only a connection that
        did not come about is tried again.

        Args:
            method: ``POST`` sends ``fields`` as a form, ``GET`` as the query.
            url: the address.
            fields: may hold secrets, which stand in no message.
            headers: what else is sent.

        Raises:
            TransientFetchError: no answer; whether the call arrived is not known.
            PermanentFetchError: no usable address, or too large an answer.
        """
        host_port(url)
        if method == "GET":
            return self._ask(
                "GET", full_address(url, fields), dict(headers or {}), None, self._once
            )
        sent = {**(headers or {}), "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask(method, url, sent, urlencode(fields).encode(), self._once)

    def _call(
        self,
        method: str,
        url: str,
        params: Params | None,
        sent: dict[str, str],
        query: bytes | None = None,
    ) -> Response:
        host_port(url)
        asked = full = full_address(url, params or {})
        moved = True
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(method, asked, sent, query, self._session)
            onward = answer.headers.get("location")
            if answer.status not in REDIRECTS or not onward or query is not None:
                break
            moved = moved and answer.status in PERMANENT_MOVES
            asked, sent = followed(asked, onward, sent, self._allowed)
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

    def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        query: bytes | None,
        session: requests.Session,
    ) -> Response:
        """Make one call; an answer that breaks off on its way is asked for once more."""
        try:
            return self._attempt(method, url, headers, query, session)
        except BrokenOffError:
            if session is self._once:
                raise  # a token would be spent twice
            # The retries of the transport end where the body begins.
            return self._attempt(method, url, headers, query, session)

    def _attempt(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        query: bytes | None,
        session: requests.Session,
    ) -> Response:
        host, brought = host_port(url), None
        if time.monotonic() > self._end:
            late = "reading takes too long altogether; the next try goes on from here"
            raise TransientFetchError(f"{shown(url)}: not asked: {late}")
        # Calls about tokens count towards no limit of reading, and must not fail for one.
        meter = self.meter if session is self._session else None
        if meter:
            meter.before(url)
        self._asking = url
        self._wait(host)
        try:
            with session.request(
                method,
                url,
                data=query,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                longest = BODY_TIMEOUTS * self._timeout[1]
                brought = Response(
                    status=answer.status_code,
                    body=read_body(answer.raw, url, limit=self._limit, seconds=longest),
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    url=shown(url),
                )
                return brought
        # Not chained: the library's messages hold the whole address with its query.
        except requests.exceptions.SSLError as error:
            if "Cert" in cause(error):
                raise PermanentFetchError(f"{shown(url)}: its certificate is not valid") from None
            raise TransientFetchError(f"{shown(url)}: {cause(error)}") from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
            raise PermanentFetchError(f"{shown(url)}: not a usable address") from None
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise TransientFetchError(f"{shown(url)}: no answer in time") from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise TransientFetchError(f"{shown(url)}: {cause(error)}") from None
        finally:
            self._asked[host] = time.monotonic()
            if meter:
                meter.after(url, brought)

    def _again(self, status: int | None) -> None:
        """Note that the call under way is made once more, after an error or no answer at all."""
        if self.meter:
            failed = None if status is None else Response(status=status, body=b"")
            self.meter.after(self._asking, failed)
            self.meter.before(self._asking)

    def _wait(self, host: tuple[str, int]) -> None:
        last = self._asked.get(host)
        if last is not None:
            time.sleep(max(0.0, last + self._pause - time.monotonic()))
