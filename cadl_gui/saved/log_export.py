"""Exports the log of a run for TensorBoard."""

import contextlib
from collections.abc import Generator

from cadl_gui.domain.errors import ExportError
from cadl_gui.domain.exports import TENSORBOARD, ExportedLog, ExportStage
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import LogRequest
from cadl_gui.interop.export.errors import as_one_message
from cadl_gui.runs.snapshots import read_snapshot_if_there
from cadl_gui.system.atomic_write import atomic_folder
from cadl_gui.system.words import _
from cadl_gui.training.tensorboard_log import TensorBoardLog


def export_log(request: LogRequest) -> Generator[ExportStage, None, ExportedLog]:
    """Write the log of a run, epoch by epoch. Closing the generator cancels and leaves nothing behind.

    Yields:
        Each stage as it begins.

    Returns:
        A summary of the log.

    Raises:
        CheckpointError: if a snapshot is damaged.
        ExportError: if the log cannot be written.
    """
    chosen = {position.epoch: position for position in request.positions}
    epochs = sorted(chosen.keys() | {record.epoch for record in request.history.epochs})
    written = []
    with as_one_message(TENSORBOARD, request.path), atomic_folder(request.path) as beside:
        with contextlib.closing(TensorBoardLog(beside, request.description)) as log:
            for n, epoch in enumerate(epochs):
                yield ExportStage(n, len(epochs), _("Writing {position}").format(position=Position(epoch)))
                log.add_metrics(request.history, epoch)
                snapshot = _snapshot_of(request, chosen[epoch]) if epoch in chosen else None
                if snapshot is not None:
                    log.add_snapshot(snapshot)
                    written.append(epoch)
        if not written:
            raise ExportError(_("The weights of this epoch are no longer stored. Nothing was exported."))
    return ExportedLog(request.path, tuple(written))


def _snapshot_of(request: LogRequest, position: Position) -> Snapshot | None:
    """A snapshot of the run; None if it was dropped since it was chosen."""
    for snapshot in request.snapshots:
        if snapshot.position == position:
            return snapshot
    source = request.description.source
    return None if source is None else read_snapshot_if_there(source, position)
