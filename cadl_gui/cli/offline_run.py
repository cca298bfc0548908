"""A run that answers the same requests for a command as for the window."""

from pathlib import Path

from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position, end_of_epoch
from cadl_gui.domain.requests import Answer, FetchSnapshot, NetworkRequest
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.rendering import Rendering


class OfflineRun:
    """Opens a checkpoint or a run folder, and answers requests about it.

    Args:
        path: the checkpoint or run folder.
        trust_paths: whether to read the dataset at the path that the run names.

    Raises:
        CheckpointError: if it cannot be read.
    """

    def __init__(self, path: Path, *, trust_paths: bool = False) -> None:
        import_tensorflow()
        from cadl_gui.inference.inference_service import InferenceService
        from cadl_gui.saved.backend import Training

        opened = Training().open(OpenFile("asked", path, is_own=trust_paths))
        self.description = opened.description
        self.recorded = opened.recorded
        self._service = InferenceService()
        self._service.register(opened.description)
        self._service.update(opened.description.run_id, opened.snapshot, True)

    @property
    def run_id(self) -> str:
        """Identifier of the run in requests."""
        return self.description.run_id

    def position(self, epoch: int | None) -> Position:
        """Return the recorded position of an epoch.

        Args:
            epoch: the epoch; None means the last recorded one.

        Raises:
            UserError: if the weights of that epoch are not recorded.
        """
        if epoch is not None:
            return end_of_epoch(epoch, self.recorded, f"“{self.description.name}”")
        epochs = [position for position in self.recorded if position.step == 0]
        return epochs[-1] if epochs else self.recorded[-1]

    def ask(self, request: NetworkRequest[Answer]) -> Answer:
        """Return the answer described in the request's docstring.

        Raises:
            CadlError: if this kind of network does not support the request.
        """
        return self._service.respond(request)[1]

    def artifacts(self, position: Position) -> EvaluationArtifacts | None:
        """Return the evaluation artifacts recorded at a position; None if there are none."""
        artifacts: EvaluationArtifacts | None = self.ask(FetchSnapshot(self.run_id, position)).artifacts
        return artifacts

    def render(self, rendering: Rendering) -> FrameSequence:
        """Answer the requests of a rendering, and compose its film."""
        return rendering.compose([self.ask(request) for request in rendering.requests])
