"""Weights that latents are decoded with."""

from dataclasses import dataclass
from typing import Self

from cadl_gui.core.bends import Bends
from cadl_gui.core.position import Position
from cadl_gui.engine.run import RunState
from cadl_gui.ui.suited_run import SuitedRun


@dataclass(frozen=True)
class Decoder:
    """A run at a position.

    Attributes:
        run_id: of the run.
        position: to ask for; None means the newest weights.
        moment: the position that this comes to now: newest weights that have moved on are others.
        is_training: whether they move on by themselves.
        bends: what is bent in the network.
    """

    run_id: str
    position: Position | None
    moment: Position
    is_training: bool
    bends: Bends = ()

    @classmethod
    def of(cls, shown: SuitedRun) -> Self | None:
        """What a tab shows now."""
        run = shown.run
        if run is None:
            return None
        position = shown.position
        is_training = position is None and run.state is RunState.TRAINING
        return cls(run.run_id, position, position or run.newest, is_training, shown.bends)

    def follows(self, other: Self) -> bool:
        """Whether it is the same run, trained further while one watches."""
        is_same = (self.run_id, self.bends) == (other.run_id, other.bends)
        return is_same and self.is_training and other.is_training
