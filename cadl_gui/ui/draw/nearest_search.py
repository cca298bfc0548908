"""Compares a drawing with all training images, part by part."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.requests import FindNearest
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState


class Found(NamedTuple):
    """The nearest of all training images.

    Attributes:
        coder: the autoencoder whose latent vectors were compared, or None for pixels.
        nearest: the images.
    """

    coder: Run | None
    nearest: NearestImages


def coders(engine: Engine) -> list[Run]:
    """Return the runs that encode the drawing."""

    def encodes(run: Run) -> bool:
        about = run.description
        is_coder = not (about.config.model.is_classifier or about.is_graph)
        return is_coder and engine.view.drawing.suits(about)

    return [run for run in engine.runs if encodes(run)]


def coder_of(engine: Engine) -> Run | None:
    """Return the run whose latent vectors are compared, as far as it can encode the drawing; else None."""
    wished, key = engine.view.value.draw.nearest, engine.runs.key
    return next((run for run in coders(engine) if key(run) == wished), None) if wished else None


class NearestSearch:
    """Generates the requests: by pixels, which also reveal what is not a digit, then in latent space.

    Attributes:
        coder: the autoencoder whose latent vectors are compared as well, or None.
    """

    def __init__(self) -> None:
        self.coder: Run | None = None
        self._spaces: list[Run | None] = []
        self._part = 0
        self._asked: tuple[str, int, bool] | None = None
        self._nearest: NearestImages | None = None

    def restart(self) -> None:
        """Start again, because of another drawing or another coder."""
        self._spaces = [None] if self.coder is None else [None, self.coder]
        self._part, self._nearest, self._asked = 0, None, None

    def leave_out_latents(self) -> None:
        """Compare pixels only, until `compare_latents`: other weights of the coder encode otherwise."""
        if None not in self._spaces:
            self._part, self._nearest, self._asked = 0, None, None
        self._spaces = [space for space in self._spaces if space is None]

    def compare_latents(self) -> None:
        """Compare latent vectors from the first part on, after pixels if these are compared still."""
        self.leave_out_latents()
        if self.coder is not None:
            self._spaces.append(self.coder)

    def stop(self) -> None:
        """Generate no more requests until `restart` or `compare_latents`."""
        self._spaces = []

    def question(
        self, shown: Run, view: ViewState, seen: NDArray[np.float32]
    ) -> tuple[Run, FindNearest] | None:
        """Return the next request and its run, or None when all have been answered.

        Args:
            shown: run whose training images are compared by pixels.
            view: provides the positions.
            seen: (height, width, channels) float32 in [0, 1].
        """
        if not self._spaces:
            return None
        coder = self._spaces[0]
        run = coder or shown
        position = view.position_of(run)
        self._asked = run.run_id, self._part, coder is not None
        return run, FindNearest(run.run_id, position, seen, self._part, by_latent=coder is not None)

    def handle(self, request: FindNearest, part: NearestImages) -> Found | None:
        """Add an answer, and return the nearest images once all parts are known.

        Only an answer to the last request counts; any other belongs to a search before `restart`.

        Args:
            part: nearest images of one part of the dataset.
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
