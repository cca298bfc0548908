"""A run that a command asks as the window asks it."""

from pathlib import Path

from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Answer, FetchSnapshot, NetworkRequest
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.rendering import Rendering


class OfflineRun:
    """Opens a checkpoint or a run folder, and answers requests about it.

    Args:
        path: of it.
        trust_paths: whether the path of a dataset that it names is looked up.

    Raises:
        CheckpointError: if it cannot be read.
    """

    def __init__(self, path: Path, *, trust_paths: bool = False) -> None:
        import_tensorflow()
        from cadl_gui.inference.inference_service import InferenceService
        from cadl_gui.training.backend import Training

        opened = Training().open(OpenFile("asked", path, is_own=trust_paths))
        self.description = opened.description
        self.recorded = opened.recorded
        self._service = InferenceService()
        self._service.register(opened.description)
        self._service.update(opened.description.run_id, opened.snapshot, True)

    @property
    def run_id(self) -> str:
        """How requests call it."""
        return self.description.run_id

    def position(self, epoch: int | None) -> Position:
        """The recorded position of an epoch; None means the last one.

        Raises:
            UserError: if the weights of that epoch are not kept.
        """
        epochs = [position for position in self.recorded if position.step == 0]
        if epoch is None:
            return epochs[-1] if epochs else self.recorded[-1]
        if Position(epoch) not in epochs:
            retained = ", ".join(str(position.epoch) for position in epochs)
            raise UserError(
                f"“{self.description.name}” has no snapshot for epoch {epoch}; it has {retained}."
            )
        return Position(epoch)

    def ask(self, request: NetworkRequest[Answer]) -> Answer:
        """Answer as the request's docstring tells.

        Raises:
            CadlError: if this kind of network has no such answer.
        """
        return self._service.respond(request)[1]

    def artifacts(self, position: Position) -> EvaluationArtifacts | None:
        """What is kept beside the weights."""
        artifacts: EvaluationArtifacts | None = self.ask(FetchSnapshot(self.run_id, position)).artifacts
        return artifacts

    def render(self, rendering: Rendering) -> FrameSequence:
        """Ask all that it needs, and make its film."""
        return rendering.compose([self.ask(request) for request in rendering.requests])
