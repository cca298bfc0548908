"""Serves one file to the devices in a room.

Nothing else of the computer can be asked for. Those who ask are strangers: what they send is bounded in size,
and what they hold open in number and time.
"""

import io
import logging
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Self

from waitress import create_server
from waitress.channel import HTTPChannel

_MOST_CONNECTIONS = 400
_MOST_DEVICES = 1_000
"""So many addresses are told apart."""

_HEADERS = [
    ("Cache-Control", "no-cache"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
]

_Respond = Callable[[str, list[tuple[str, str]]], object]


class _Page:
    """The WSGI application: it answers `GET /` with the page.

    Args:
        content: the page.
        on_device: called in a thread of the server with the number of addresses that have got it, once it is
            higher.
    """

    def __init__(self, content: bytes, on_device: Callable[[int], None]) -> None:
        self._content = content
        self._on_device = on_device
        self._devices: set[str] = set()

    def __call__(self, environ: dict[str, Any], respond: _Respond) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _refuse(HTTPStatus.METHOD_NOT_ALLOWED, respond, [("Allow", "GET, HEAD")])
        if environ["PATH_INFO"] != "/":
            return _refuse(HTTPStatus.NOT_FOUND, respond)
        length = ("Content-Length", str(len(self._content)))
        respond("200 OK", [("Content-Type", "text/html; charset=utf-8"), length, *_HEADERS])
        if environ["REQUEST_METHOD"] == "HEAD":
            return ()
        self._count(environ["REMOTE_ADDR"])
        pages: Iterable[bytes] = environ["wsgi.file_wrapper"](io.BytesIO(self._content))  # shares the bytes
        return pages

    def _count(self, address: str) -> None:
        if address not in self._devices and len(self._devices) < _MOST_DEVICES:
            self._devices.add(address)
            self._on_device(len(self._devices))


class _Channel(HTTPChannel):
    """A connection that is closed after a time, whatever is sent on it.

    The server closes those whose last activity is long ago.
    """

    @property
    def last_activity(self) -> float:
        return float(self.creation_time)

    @last_activity.setter
    def last_activity(self, _: float) -> None:
        """Activity prolongs nothing."""


class PageServer:
    """Listens at one address and port, and nowhere else, until it is left as a context.

    Args:
        content: the page.
        address: one of the computer's own addresses.
        port: 0 chooses a free one.
        on_device: see `_Page`.
        longest_s: a connection is closed then, also one that sends a byte now and then. In two minutes, a
            page of 6 MB needs 50 kB/s.

    Attributes:
        port: the port.

    Raises:
        OSError: if it cannot listen there.
    """

    def __init__(
        self,
        content: bytes,
        address: str,
        port: int,
        on_device: Callable[[int], None],
        *,
        longest_s: int = 120,
    ) -> None:
        logging.getLogger("waitress").addHandler(logging.NullHandler())  # a flood would fill the terminal
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        # Not by waitress, which does not close what it cannot bind.
        listening = socket.create_server((address, port), family=family)
        self.port = int(listening.getsockname()[1])
        self._server = create_server(
            _Page(content, on_device),
            sockets=[listening],
            ident="",
            threads=4,
            connection_limit=_MOST_CONNECTIONS,
            channel_timeout=longest_s,
            cleanup_interval=1,
            max_request_header_size=8_192,
            max_request_body_size=1,
            asyncore_use_poll=True,
            log_socket_errors=False,
        )
        self._server.channel_class = _Channel

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and leave nothing open."""
        self._server.close()
        self._server.task_dispatcher.shutdown()
        for channel in list(self._server.active_channels.values()):
            channel.close()

    def run(self) -> None:
        """Serve until Ctrl+C, or until the server is left in another thread."""
        self._server.run()


def own_address() -> str:
    """Return the address by which others in the local network reach this computer; "" if there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anyone:
        try:
            anyone.connect(("192.0.2.1", 9))  # of no computer; to connect a datagram socket sends nothing
        except OSError:
            return ""
        return str(anyone.getsockname()[0])


def _refuse(
    status: HTTPStatus, respond: _Respond, headers: Iterable[tuple[str, str]] = ()
) -> Iterable[bytes]:
    body = status.phrase.encode()
    own = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    respond(f"{status.value} {status.phrase}", [*own, *headers, *_HEADERS])
    return (body,)
