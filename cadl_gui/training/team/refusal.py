"""Tells the other workers that this one cannot begin, before all have met; needs no TensorFlow."""

import socket
import time
from collections.abc import Collection
from contextlib import closing, suppress

from cadl_gui.domain.workers import Workers
from cadl_gui.system.json_connection import ConnectionEndedError, IncomingConnections
from cadl_gui.training.team.ports import reach

_ANSWER_SECONDS = 2.0
"""How long one of them may take to say who it is, or to take note of the reason."""


def tell_others(
    listener: socket.socket, workers: Workers, missing: Collection[int], reason: str, seconds: float
) -> None:
    """Tell the workers that come to the chief within some time that there will be no training.

    Args:
        listener: socket on the chief's port; those that have connected to it already are told, too.
        workers: the workers, seen by the chief.
        missing: numbers of those to wait for.
        seconds: how long to wait for them; one that comes later does not find the chief.
    """
    untold = set(missing)
    deadline = time.monotonic() + seconds
    with closing(IncomingConnections(listener, _ANSWER_SECONDS)) as incoming:
        while untold and (remaining := deadline - time.monotonic()) > 0:
            for connection in incoming.ready(remaining):
                with closing(connection), suppress(ConnectionEndedError):
                    said = connection.receive(_ANSWER_SECONDS)
                    connection.send({"end": reason})
                    if said.get("addresses") == [*workers.addresses]:
                        untold -= {index for index in untold if index == said.get("index")}


def tell_chief(workers: Workers, reason: str, seconds: float) -> None:
    """Tell the chief, if it is there within some time, that another worker cannot begin.

    Args:
        workers: the workers, seen by that one.
        seconds: how long to try to reach the chief.
    """
    try:
        chief = reach(workers.addresses[0], seconds)
    except OSError:
        return
    with closing(chief), suppress(ConnectionEndedError):
        chief.send({"index": workers.index, "addresses": [*workers.addresses], "end": reason})
        chief.receive(_ANSWER_SECONDS)
