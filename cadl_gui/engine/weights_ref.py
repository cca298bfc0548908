"""Identifies the weights that a view shows, and decides which answers still apply to them."""

from dataclasses import dataclass
from typing import Any, Self

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import NetworkRequest, Request, RunImagesRequest
from cadl_gui.engine.bending import Bending
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.view_state import ViewState


@dataclass(frozen=True)
class WeightsRef:
    """A run at a position, with its bends.

    Attributes:
        run_id: id of the run.
        position: position to request; None means the newest weights.
        resolved_position: the position that this means now; it changes as the newest weights do.
        is_training: whether the newest weights change because the run is training.
        bends: bends in force in the network.
    """

    run_id: str
    position: Position | None
    resolved_position: Position
    is_training: bool
    bends: Bends = ()

    @classmethod
    def of(cls, run: Run, position: Position | None, bends: Bends) -> Self:
        """Return the weights of a run at a position; None means the newest ones."""
        is_training = position is None and run.state is RunState.TRAINING
        return cls(run.run_id, position, position or run.newest, is_training, bends)

    @classmethod
    def in_view(cls, view: ViewState, bending: Bending) -> Self | None:
        """Return the weights that the view state shows, or None if it shows no run."""
        run = view.run
        return None if run is None else cls.of(run, view.position_of(run), bending.of(run.run_id))

    @classmethod
    def retained(cls, run: Run, position: Position, bends: Bends) -> Self | None:
        """Return the last recorded weights of a run up to a position, or None without any.

        Artifacts are recorded with them: they take too long to compute during a drag.
        """
        retained = run.retained_until(position)
        return None if retained is None else cls.of(run, retained, bends)

    def continues(self, other: Self) -> bool:
        """Return whether both are the newest weights of the same run in training, with the same bends."""
        is_same = (self.run_id, self.bends) == (other.run_id, other.bends)
        return is_same and self.is_training and other.is_training


def matches(request: Request[Any], answered: Position | None, weights: WeightsRef | None) -> bool:
    """Return whether an answer may still be shown, given the weights shown now.

    Answers arrive late: the user may since have left the run, position or bends that were asked about. An
    answer for the newest weights must not replace a recorded position that the user has moved to; but while
    the newest weights are shown, a slightly older answer is better than none.

    Args:
        answered: position of the weights that answered; None if none were used, or none has answered yet.
        weights: the weights shown now; None, if none are, allows no answer.
    """
    if isinstance(request, RunImagesRequest):
        return weights is not None and request.run_id == weights.run_id
    assert isinstance(request, NetworkRequest), "what else there is, is not about a run"
    if weights is None or (request.run_id, request.bends) != (weights.run_id, weights.bends):
        return False
    if request.position is None and weights.position is None:
        return True
    return weights.resolved_position == (request.position if answered is None else answered)
