"""The weights that something is shown with, and which answers are about them."""

from dataclasses import dataclass
from typing import Any, Self

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import DatasetRequest, NetworkRequest, Request
from cadl_gui.engine.bending import Bending
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.view_state import ViewState


@dataclass(frozen=True)
class WeightsRef:
    """A run at a position.

    Attributes:
        run_id: of the run.
        position: to ask for; None means the newest weights.
        resolved_position: the position that this comes to now: newest weights that have moved on are others.
        is_training: whether they move on by themselves.
        bends: what is bent in the network.
    """

    run_id: str
    position: Position | None
    resolved_position: Position
    is_training: bool
    bends: Bends = ()

    @classmethod
    def of(cls, run: Run, position: Position | None, bends: Bends) -> Self:
        """Those of a run at a position; None means the newest ones."""
        is_training = position is None and run.state is RunState.TRAINING
        return cls(run.run_id, position, position or run.newest, is_training, bends)

    @classmethod
    def in_view(cls, view: ViewState, bending: Bending) -> Self | None:
        """Those that the view state shows; None while it shows no run."""
        run = view.run
        return None if run is None else cls.of(run, view.position_of(run), bending.of(run.run_id))

    def continues(self, other: Self) -> bool:
        """Whether it is the same run, trained further while one watches."""
        is_same = (self.run_id, self.bends) == (other.run_id, other.bends)
        return is_same and self.is_training and other.is_training


def matches(request: Request[Any], answered: Position | None, weights: WeightsRef | None) -> bool:
    """Whether an answer may be shown now that these weights are; where none are, no answer may.

    Answers come late: the run, the position or the bends that were asked about may have been left meanwhile.
    The newest weights that were asked for may have been left for a recorded position, too, and must not cover
    it; while the newest ones are shown, somewhat older ones are better than none.

    Args:
        request: what was asked.
        answered: position of the weights that answered; None if none did, or none have yet.
        weights: that are shown.
    """
    if isinstance(request, DatasetRequest):
        return weights is not None and request.run_id == weights.run_id
    assert isinstance(request, NetworkRequest), "what else there is, is not about a run"
    if weights is None or (request.run_id, request.bends) != (weights.run_id, weights.bends):
        return False
    if request.position is None and weights.position is None:
        return True
    return weights.resolved_position == (request.position if answered is None else answered)
