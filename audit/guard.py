"""Connections to public addresses only, decided on the address that is connected to.

The name is resolved here, once, and the socket is opened to the very address that was looked
at: a name server that answers differently a moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from audit.addresses import is_public
from audit.errors import PermanentFetchError


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
        for family, kind, protocol, _, address in found:
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
        fired = threading.Event()
        watch = threading.Timer(self.timeout, _hang_up, [self.sock, fired])
        watch.daemon = True
        watch.start()
        try:
            return super().getresponse()
        except (OSError, HTTPException):
            if fired.is_set():
                raise TimeoutError("the head of the answer takes too long") from None
            raise
        finally:
            watch.cancel()


def _hang_up(connected: socket.socket, fired: threading.Event) -> None:
    fired.set()
    try:
        # The plain method also for TLS: its own one would take the session from under a reader.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:
        return  # closed in the meantime
