"""Compares a drawing with all training digits, part by part."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.requests import FindNearest
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState


class Found(NamedTuple):
    """The nearest of all training digits.

    Attributes:
        coder: the autoencoder by whose latent vector they were compared, or None for pixels.
        nearest: the digits.
    """

    coder: Run | None
    nearest: NearestImages


class NearestSearch:
    """Says what is asked next: first by pixels, which also show what is no digit, then in latent space.

    Attributes:
        coder: the autoencoder by whose latent vector digits are compared as well, or None.
    """

    def __init__(self) -> None:
        self.coder: Run | None = None
        self._spaces: list[Run | None] = []
        self._part = 0
        self._asked: tuple[str, int, bool] | None = None
        self._nearest: NearestImages | None = None

    def restart(self) -> None:
        """Begin anew, with another drawing or another coder."""
        self._spaces = [None] if self.coder is None else [None, self.coder]
        self._part, self._nearest, self._asked = 0, None, None

    def stop(self) -> None:
        """Ask nothing more until it begins anew."""
        self._spaces = []

    def question(
        self, shown: Run, view: ViewState, seen: NDArray[np.float32]
    ) -> tuple[Run, FindNearest] | None:
        """The next one, and the run that it is about, or None when all are answered.

        Args:
            shown: whose training digits are compared over pixels.
            view: tells the positions.
            seen: (28, 28, 1) float32 in [0, 1].
        """
        if not self._spaces:
            return None
        coder = self._spaces[0]
        run = coder or shown
        position = view.position_of(run)
        self._asked = run.run_id, self._part, coder is not None
        return run, FindNearest(run.run_id, position, seen, self._part, by_latent=coder is not None)

    def handle(self, request: FindNearest, part: NearestImages) -> Found | None:
        """Take an answer; returns the nearest of all once they are known.

        An answer to any but the last question comes from before a new beginning, and counts for nothing.
        """
        if not self._spaces or (request.run_id, request.part, request.by_latent) != self._asked:
            return None
        self._nearest = part if self._nearest is None else self._nearest.merged(part)
        self._part += 1
        if not part.is_last:
            return None
        found = Found(self._spaces.pop(0), self._nearest)
        self._part, self._nearest = 0, None
        return found
