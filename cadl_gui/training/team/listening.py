"""The port of a worker, before TensorFlow's server has it."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.workers import Workers, port_of
from cadl_gui.system.json_connection import listen


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
