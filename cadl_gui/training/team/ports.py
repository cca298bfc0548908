"""The ports of workers, before TensorFlow's servers have them."""

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.workers import Workers, port_of
from cadl_gui.system.json_connection import JsonConnection, listen

_BETWEEN_SECONDS = 0.2
"""Time between two attempts to reach a worker."""


@contextmanager
def listen_as(workers: Workers) -> Iterator[socket.socket]:
    """Listen on the port of this worker; afterwards it is free again for TensorFlow's server.

    Raises:
        UserError: if the port is in use.
    """
    port = port_of(workers.addresses[workers.index])
    try:
        listener = listen(port)
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        reason = "is in use" if in_use else f"cannot be used: {error.strerror or error}"
        name = workers.name(workers.index)
        raise UserError(f"Port {port} of this machine, for {name}, {reason}.") from error
    with listener:
        yield listener


def reach(address: str, seconds: float) -> JsonConnection:
    """Connect to a worker, which may not be there yet.

    Args:
        address: its `HOST:PORT`.

    Raises:
        OSError: of the last attempt, if none succeeds within the time.
    """
    host, port = address.rpartition(":")[0], port_of(address)
    deadline = time.monotonic() + seconds
    while True:
        try:
            return JsonConnection.to(host, port, deadline - time.monotonic())
        except OSError:
            if time.monotonic() + _BETWEEN_SECONDS > deadline:
                raise
        time.sleep(_BETWEEN_SECONDS)
