"""What the window and the command line can render: the same questions, the same images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, NetworkRequest
from cadl_gui.pictures.frame_sequence import FrameSequence

_CHUNK = 64
"""The hand may ask between two requests, so none is large."""


@dataclass(frozen=True, eq=False)
class Rendering:
    """A film, and what has to be asked before it can be made.

    Whoever has it asks, in whichever way, and hands the answers over. Since the requests are the same however
    they are asked, the films are the same to the pixel.

    Attributes:
        requests: to ask, in any order.
        compose: makes the film of the answers, which are in the order of the requests. It may take seconds.
    """

    requests: Sequence[NetworkRequest[Any]]
    compose: Callable[[list[Any]], FrameSequence]


def decode_requests(
    run_id: str, positions: Sequence[Position | None], latents: NDArray[np.floating[Any]]
) -> list[Decode]:
    """Requests that decode many latent vectors, each with the weights of its own position.

    Args:
        run_id: of the run.
        positions: n positions; neighbours at the same one share a request.
        latents: (n, d).
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
