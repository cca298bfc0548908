"""The training backend, which the engine's training thread owns."""

from collections.abc import Generator
from pathlib import Path

from cadl_gui.datasets.load import Load, load
from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.domain.events import Event, RunOpened
from cadl_gui.domain.exports import FORMATS, Exported, ExportStage
from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import (
    ExportRequest,
    OpenFile,
    RenameRun,
    SaveCheckpoint,
    StepBudget,
    TrainingRequest,
)
from cadl_gui.interop.export.export import export
from cadl_gui.models.devices import start_devices
from cadl_gui.runs.checkpoint import open_checkpoint, save_checkpoint
from cadl_gui.runs.interrupted import take_interrupted
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.writer import rename_run
from cadl_gui.saved import followed, log_export, page_export
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import ships
from cadl_gui.system.whole_file import telling
from cadl_gui.training.examples import clean_examples
from cadl_gui.training.recorded import train_and_record
from cadl_gui.training.train_state import network_of


class Training:
    """Trains, opens, saves and exports; implements `cadl_gui.engine.backends.TrainingBackend`.

    Args:
        load: opens the dataset of a training by its name.
    """

    start_device = staticmethod(start_devices)
    follow = staticmethod(followed.follow)
    interrupted = staticmethod(take_interrupted)
    export_page = staticmethod(page_export.export_page)
    export_log = staticmethod(log_export.export_log)

    def __init__(self, load: Load = load) -> None:
        self._load = load

    def train(self, request: TrainingRequest) -> Generator[tuple[Event, ...], StepBudget, None]:
        """Begin or resume a training; see `cadl_gui.training.recorded.train_and_record`."""
        return train_and_record(request, load=self._load)

    def open(self, request: OpenFile) -> RunOpened:
        """Read a checkpoint, one of the course's notebooks, a run folder or a frozen graph.

        Raises:
            CheckpointError: if it cannot be read.
        """
        return open_path(request.path, newest=True).as_event(request)

    def rename(self, request: RenameRun) -> None:
        """Write a run's new name into its folder. Runs that ship with the program are not changed.

        Raises:
            CadlError: if the name cannot be written.
        """
        if not ships(request.folder):
            rename_run(request.folder, request.name)

    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint.

        If the run folder has a checkpoint of the same position, its optimiser is saved too; otherwise the
        optimiser is reset.

        Raises:
            RecordingError: if the file cannot be written.
        """
        retained = _retained_checkpoint(request.description.source, request.snapshot.position)
        with telling(request.path, RecordingError, writes=True):
            model = (
                network_of(request.description, request.snapshot.weights, request.description.name)
                if retained is None
                else open_checkpoint(retained).model
            )
            save_checkpoint(
                request.path,
                model,
                manifest=Manifest(**request.description.info),
                history=request.history,
                position=request.snapshot.position,
            )

    def export(self, request: ExportRequest) -> Generator[ExportStage, None, Exported]:
        """Write an export, stage by stage; see `cadl_gui.interop.export.export`.

        Raises:
            ExportError: if it cannot be written, or its outputs differ from the network's.
        """
        about = request.description
        network, made = network_of(about, request.snapshot.weights, about.name), FORMATS[request.made]
        functions = about.config.model.kind.functions_for(made, request.function)
        images = clean_examples(about.config, about.image_shape)
        return (yield from export(network, made, functions, request.path, images))


def _retained_checkpoint(source: Path | None, position: Position) -> Path | None:
    if source is None or not source.is_dir() or position.step != 0:
        return None
    try:
        run = read_run(source)
    except CheckpointError:
        return None
    complete = [record.epoch for record in run.history.epochs]
    at_position = run.checkpoint is not None and complete and complete[-1] == position.epoch
    return run.checkpoint if at_position else None
