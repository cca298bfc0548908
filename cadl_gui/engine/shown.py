"""What can be shown of what is wished: the wished run may still be being read, or be gone."""

from dataclasses import dataclass, replace

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.view import View
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_list import RunList


@dataclass(frozen=True)
class Shown:
    """A run at one position.

    Attributes:
        run: the run; None if none is open.
        at: the position as it was wished; None for the newest weights, whatever they become.
        position: the recorded position that this means, or that of the newest weights.
        revision: counts up whenever the weights at the position become others.
        has_images: whether the images of the run's dataset were at hand when it was shown.
    """

    run: Run | None = None
    at: Position | None = None
    position: Position = UNTRAINED
    revision: int = 0
    has_images: bool = False

    @classmethod
    def of(cls, wish: View, runs: RunList, before: "Shown") -> "Shown":
        """Return what is shown of a wish.

        While the wished run is being read, or if it is gone, the run shown before stays as it was; if that
        one is gone, too, it is the last run that is open. So the wish never follows what arrives.
        """
        run, at = runs.find_key(wish.run), wish.at
        if run is None:
            is_listed = before.run is not None and runs.find(before.run.run_id) is before.run
            run, at = (before.run, before.at) if is_listed else (runs.last, None)
        if run is None:
            return cls(revision=before.revision)
        if run is not before.run:
            before = cls(run, None, run.newest, before.revision, run.description.examples is not None)
        position = before.position if at is None and before.at is None else run.newest
        if at is not None:
            position = run.retained_near(at) or run.newest
        return replace(before, at=at, position=position)
