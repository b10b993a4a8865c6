"""Connections to public addresses only, decided on the address that is connected to.

The name is resolved here, once, and the socket is opened to the very address that was looked
at: a name server that answers differently a moment later changes nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from audit.addresses import is_public
from audit.errors import PermanentFetchError

ADDRESSES = 3
"""All addresses of a name may take this many timeouts altogether."""
CONNECTED = "_connected_by"
"""The attribute of an answer that holds its socket."""


def guarded_pools(
    allowed: frozenset[tuple[str, int]],
) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3 pools by scheme that reach public addresses and ``allowed`` pairs only."""

    class Plain(_Guarded, HTTPConnection):
        """Over HTTP."""

        exempt = allowed

    class Secure(_Guarded, HTTPSConnection):
        """Over TLS; the certificate is checked as ever."""

        exempt = allowed

    class PlainPool(HTTPConnectionPool):
        """Of plain connections."""

        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        """Of secure connections."""

        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Guarded(HTTPConnection):
    """A connection that looks at the address before it opens the socket."""

    exempt: frozenset[tuple[str, int]] = frozenset()

    def _new_conn(self) -> socket.socket:
        """Connect to the first address that may be read and answers.

        Raises:
            PermanentFetchError: the name leads to no public address.
        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            problem = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, problem) from error
        if (self.host.lower(), self.port) not in self.exempt:
            found = [one for one in found if is_public(ipaddress.ip_address(one[4][0]))]
        if not found:
            raise PermanentFetchError(
                f"{self.host}:{self.port} is not on the public internet; correct the address, or "
                "name the pair in AUDIT_ALLOW_HOSTS"
            )
        failure: OSError = OSError("no address")
        end = None if self.timeout is None else time.monotonic() + ADDRESSES * self.timeout
        for family, kind, protocol, _, address in found:
            if end is not None and time.monotonic() > end:
                break  # some names have dozens of addresses
            try:
                return self._open(family, kind, protocol, address)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"connecting to {self.host} timed out") from failure
        raise NewConnectionError(self, f"cannot connect to {self.host}: {failure}") from failure

    def _open(self, family: int, kind: int, protocol: int, address: Any) -> socket.socket:
        opened = socket.socket(family, kind, protocol)
        try:
            for option in self.socket_options or ():
                opened.setsockopt(*option)
            opened.settimeout(self.timeout)
            opened.connect(address)
        except BaseException:
            opened.close()
            raise
        return opened

    def getresponse(self) -> Any:
        """Wait for the head of the answer, all of it within the read timeout.

        The timeout of a socket starts again with each byte; a server that sends one byte
        at a time would hold the job for hours.
        """
        if self.timeout is None or self.sock is None:
            return super().getresponse()
        connected: Any = self.sock
        with hung_up_after(self.timeout, connected) as late:
            try:
                answer: Any = super().getresponse()
            except (OSError, HTTPException):
                if late.is_set():
                    raise TimeoutError("the head of the answer takes too long") from None
                raise
        setattr(answer, CONNECTED, connected)
        return answer


def connected_by(answer: Any) -> socket.socket | None:
    """Return the socket by which an answer comes; ``None``: it is a recording."""
    return getattr(answer, CONNECTED, None)


@contextlib.contextmanager
def hung_up_after(seconds: float, connected: socket.socket | None) -> Iterator[threading.Event]:
    """End a connection when the block takes longer; the event tells that it did."""
    late = threading.Event()
    watch = threading.Timer(seconds, _hang_up, [connected, late])
    watch.daemon = True
    watch.start()
    try:
        yield late
    finally:
        watch.cancel()


def _hang_up(connected: socket.socket | None, late: threading.Event) -> None:
    late.set()
    if connected is None:
        return
    try:
        # The plain method also for TLS: its own one would take the session from under a reader.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:
        return  # closed in the meantime
