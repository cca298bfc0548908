"""Renderings shared by the window and the command line: the same requests give the same images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, NetworkRequest
from cadl_gui.pictures.frame_sequence import FrameSequence

_CHUNK = 64
"""Latent vectors in one request: few, so that requests from the window need not wait long in between."""


@dataclass(frozen=True, eq=False)
class Rendering:
    """The requests needed for a film, and the function that composes the film from their answers.

    The caller sends the requests in whatever way suits it, and passes the answers to `compose`. Since the
    requests do not depend on how they are sent, the resulting films are identical to the pixel.

    Attributes:
        requests: requests to send, in any order.
        compose: composes the film from the answers, given in the order of the requests. May take seconds.
    """

    requests: Sequence[NetworkRequest[Any]]
    compose: Callable[[list[Any]], FrameSequence]


def decode_requests(
    run_id: str, positions: Sequence[Position | None], latents: NDArray[np.floating[Any]]
) -> list[Decode]:
    """Return the requests that decode many latent vectors, each with the weights at its own position.

    Args:
        positions: n positions, None for the newest weights; adjacent equal ones share requests.
        latents: (n, latent_dim).
    """
    requests: list[Decode] = []
    start = 0
    while start < len(latents):
        ahead = positions[start : start + _CHUNK]
        n = next((i for i, position in enumerate(ahead) if position != ahead[0]), len(ahead))
        chunk = np.array(latents[start : start + n], np.float32)
        chunk.flags.writeable = False
        requests.append(Decode(run_id, ahead[0], chunk))
        start += n
    return requests
