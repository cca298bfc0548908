"""JSON objects, one a line, over a TCP connection between two machines."""

import json
import selectors
import socket
import threading
import time
from contextlib import suppress
from typing import Any, Self

from cadl_gui.system.bounded_json import parse

_MOST_BYTES = 4_000_000
"""Limit on one line: what another machine sends is not trusted to end."""

_IDLE_SECONDS, _BETWEEN_SECONDS, _PROBES = 10, 5, 3
"""A machine that no longer answers, because its power or its cable failed, counts as gone after 25 s."""

_NOW_SECONDS, _LOOK_SECONDS = 0.001, 0.2
_MOST_SILENT = 50
"""Connections that have said nothing; of more, the oldest are closed."""

_LONGEST_SECONDS = 5.0
"""Limit on a single attempt to connect."""


_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
"""Not Linux's own, which forgets a socket that another thread closes, and waits on."""


class ConnectionEndedError(Exception):
    """The other side has ended, cannot be reached, or does not speak this language."""


class SilenceError(ConnectionEndedError):
    """The other side says nothing, although its machine may still be there."""


class JsonConnection:
    """Sends and receives JSON objects. One thread may receive while others send.

    Args:
        connected: connected socket, which belongs to this object from now on.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._received = bytearray()
        self._sending = threading.Lock()
        connected.settimeout(None)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (
            ("TCP_KEEPIDLE", _IDLE_SECONDS),
            ("TCP_KEEPINTVL", _BETWEEN_SECONDS),
            ("TCP_KEEPCNT", _PROBES),
            ("TCP_USER_TIMEOUT", 1000 * (_IDLE_SECONDS + _BETWEEN_SECONDS * _PROBES)),
        ):
            if hasattr(socket, name):  # not on every system
                connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    @classmethod
    def to(cls, host: str, port: int, seconds: float) -> Self:
        """Connect to a listener.

        Raises:
            OSError: if there is none within the time.
        """
        connected = socket.create_connection(
            (host.strip("[]"), port), timeout=max(0.1, min(seconds, _LONGEST_SECONDS))
        )
        if connected.getsockname() == connected.getpeername():  # a free local port can connect to itself
            connected.close()
            raise ConnectionRefusedError
        return cls(connected)

    def send(self, values: dict[str, Any]) -> None:
        """Send an object.

        Raises:
            ConnectionEndedError: if the other side has ended.
        """
        try:
            with self._sending:
                self._socket.sendall(json.dumps(values).encode() + b"\n")
        except OSError as error:
            raise ConnectionEndedError from error

    def receive(self, seconds: float | None = None) -> dict[str, Any]:
        """Wait for an object.

        Args:
            seconds: how long to wait; None waits for ever.

        Raises:
            ConnectionEndedError: if the other side ends, or sends something else.
            SilenceError: if the time is over.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while b"\n" not in self._received:
            self._receive_more(None if deadline is None else deadline - time.monotonic())
        line, _, self._received = self._received.partition(b"\n")
        try:
            values = parse(bytes(line))
        except (ValueError, RecursionError) as error:
            raise ConnectionEndedError from error
        if not isinstance(values, dict):
            raise ConnectionEndedError
        return values

    def fileno(self) -> int:
        """Descriptor of the socket, to wait for several connections at once."""
        return self._socket.fileno()

    def has_object(self) -> bool:
        """Take what has arrived, without waiting; return whether `receive` has an object at once.

        Raises:
            ConnectionEndedError: if the other side has ended.
        """
        with suppress(SilenceError):
            self._receive_more(_NOW_SECONDS)
        return b"\n" in self._received

    def close(self) -> None:
        """Close the connection; another thread that receives from it is woken."""
        with suppress(OSError):  # the other side was faster
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _receive_more(self, seconds: float | None) -> None:
        if len(self._received) > _MOST_BYTES:
            raise ConnectionEndedError
        if seconds is not None and seconds <= 0:
            raise SilenceError
        try:
            # A timeout of the socket would also be one of what other threads send, and cut it off.
            with _Selector() as selector:
                selector.register(self._socket, selectors.EVENT_READ)
                if not selector.select(seconds):
                    raise SilenceError
            more = self._socket.recv(65536)
        except (OSError, ValueError) as error:  # ValueError: another thread has closed it
            raise ConnectionEndedError from error
        if not more:
            raise ConnectionEndedError
        self._received += more


class IncomingConnections:
    """Accepts connections, and waits for the first object of each: none keeps the others waiting.

    Args:
        listener: socket that listens; it does not block from now on.
        seconds: how long a connection may be silent before it is closed.
    """

    def __init__(self, listener: socket.socket, seconds: float) -> None:
        self._listener = listener
        self._seconds = seconds
        self._silent: list[tuple[float, JsonConnection]] = []
        listener.setblocking(False)

    def ready(self, seconds: float) -> list[JsonConnection]:
        """Return the connections whose first object has arrived, after a short wait: maybe none."""
        with _Selector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            for _, connection in self._silent:
                selector.register(connection, selectors.EVENT_READ)
            selector.select(min(seconds, _LOOK_SECONDS))
        with suppress(BlockingIOError):
            while True:
                connection = JsonConnection(self._listener.accept()[0])
                self._silent.append((time.monotonic() + self._seconds, connection))
        waiting, ready = self._silent[-_MOST_SILENT:], []
        for _, connection in self._silent[:-_MOST_SILENT]:
            connection.close()
        self._silent = []
        for until, connection in waiting:
            try:
                if connection.has_object():
                    ready.append(connection)
                elif time.monotonic() < until:
                    self._silent.append((until, connection))
                else:
                    connection.close()
            except ConnectionEndedError:
                connection.close()
        return ready

    def close(self) -> None:
        """Close those that have said nothing; the listener stays."""
        for _, connection in self._silent:
            connection.close()
        self._silent = []


def listen(port: int) -> socket.socket:
    """Listen for connections on a port of this machine, whatever its names are, by IPv4 and by IPv6.

    Raises:
        OSError: if the port is in use or may not be used.
    """
    is_dual = socket.has_dualstack_ipv6()
    listener = socket.socket(socket.AF_INET6 if is_dual else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if is_dual:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if hasattr(socket, "SO_REUSEPORT"):  # POSIX: a port that was in use a moment ago is free
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener
