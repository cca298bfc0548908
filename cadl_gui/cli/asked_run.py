"""A run that a command asks as the window asks it."""

from pathlib import Path

from cadl_gui.cli.quiet import import_tensorflow
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.position import Position
from cadl_gui.domain.probes import Probes
from cadl_gui.domain.requests import Answer, FetchSnapshot, NetworkRequest
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.pictures.film import Film
from cadl_gui.pictures.rendering import Rendering


class AskedRun:
    """Opens a checkpoint or a run folder, and answers requests about it.

    Args:
        path: of it.
        trust_paths: whether the path of a dataset that it names is looked up.

    Raises:
        CheckpointError: if it cannot be read.
    """

    def __init__(self, path: Path, *, trust_paths: bool = False) -> None:
        import_tensorflow()
        from cadl_gui.inference.answers import Answers
        from cadl_gui.training.backend import Training

        opened = Training().open(OpenFile("asked", path, is_own=trust_paths))
        self.description = opened.description
        self.recorded = opened.recorded
        self._answers = Answers()
        self._answers.describe(opened.description)
        self._answers.publish(opened.description.run_id, opened.snapshot, True)

    @property
    def run_id(self) -> str:
        """How requests call it."""
        return self.description.run_id

    def position(self, epoch: int | None) -> Position:
        """The kept position of an epoch; None means the last one.

        Raises:
            UserError: if the weights of that epoch are not kept.
        """
        epochs = [position for position in self.recorded if position.step == 0]
        if epoch is None:
            return epochs[-1] if epochs else self.recorded[-1]
        if Position(epoch) not in epochs:
            kept = ", ".join(str(position.epoch) for position in epochs)
            raise UserError(f"“{self.description.name}” keeps no epoch {epoch}; it keeps {kept}.")
        return Position(epoch)

    def ask(self, request: NetworkRequest[Answer]) -> Answer:
        """Answer as the request's docstring tells.

        Raises:
            CadlError: if this kind of network has no such answer.
        """
        return self._answers.answer(request)[1]

    def probes(self, position: Position) -> Probes | None:
        """What is kept beside the weights."""
        probes: Probes | None = self.ask(FetchSnapshot(self.run_id, position)).probes
        return probes

    def render(self, rendering: Rendering) -> Film:
        """Ask all that it needs, and make its film."""
        return rendering.compose([self.ask(request) for request in rendering.requests])
