"""Writes a run folder while the run trains."""

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Self

from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.errors import CheckpointError, RecordingError
from cadl_gui.domain.events import (
    EpochCompleted,
    Event,
    HealthNoted,
    SnapshotsDropped,
    SnapshotTaken,
    StepsTaken,
)
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.runs import layout
from cadl_gui.runs.checkpoint import save_checkpoint
from cadl_gui.runs.claim import Claim, recording_to
from cadl_gui.runs.history_file import (
    Record,
    cut_history,
    epoch_record,
    extend_steps,
    format_record,
    history_to_records,
    learning_rate_record,
    note_record,
    steps_record,
    to_line,
)
from cadl_gui.runs.lock import FolderLock
from cadl_gui.runs.manifest import Manifest, manifest_to_json
from cadl_gui.runs.reader import read_manifest, read_run
from cadl_gui.runs.snapshots import write_snapshot
from cadl_gui.system.atomic_write import atomic_write, parts_in, sync_folder
from cadl_gui.system.words import _

_MANIFEST_TRIES = 250
"""Five seconds of attempts: a disk is rarely slower."""


class RunWriter:
    """The only writer of a run folder, from construction until `close`.

    At the end of each epoch, first `write` its `SnapshotTaken`, then call `write_checkpoint`, then `write`
    its `EpochCompleted`. This writes the snapshot, the checkpoint and the epoch's line of the history to
    disk, in this order, and removes the previous checkpoint. An epoch is complete when both its checkpoint
    and its line exist, so the last complete epoch survives if the process is killed at any time. After a
    `RecordingError` the only valid call is `close`.

    Args:
        claim: claim on the folder to write to. If it resumes a run, everything beyond the run's last complete
            epoch is removed.
        description: description of the run.

    Raises:
        RecordingError: if the folder holds another run or nothing to resume from, or cannot be written to.
        CheckpointError: if the run to resume cannot be read.
    """

    def __init__(self, claim: Claim, description: RunDescription) -> None:
        self._claim = claim
        self._folder = claim.folder
        self._manifest = Manifest(**description.info)
        self._pending: list[Record] = [] if claim.resumes else [format_record()]
        self._learning_rate: float | None = None
        self._has_new_rate = False
        self._holds_epoch = claim.resumes
        with self._recording():
            if claim.resumes:
                self._return_to_last_epoch()
            layout.snapshots_folder(self._folder).mkdir(exist_ok=True)
            with _changing_manifest(self._folder):
                name = self._name_on_disk() if claim.resumes else description.name
                _write_manifest(self._folder, dataclasses.replace(self._manifest, name=name))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, event: Event) -> None:
        """Record an event; events of other kinds are ignored.

        Losses are buffered in memory until the end of the epoch, a change of the learning rate, or `close`.

        Raises:
            RecordingError: if the event cannot be written.
        """
        with self._recording():
            match event:
                case StepsTaken():
                    self._add_steps(event)
                case SnapshotTaken(recorded=True):
                    write_snapshot(self._folder, event.snapshot)
                case SnapshotsDropped():
                    self._drop(event.positions)
                case HealthNoted():
                    self._pending.append(note_record(event.note))
                case EpochCompleted():
                    self._complete_epoch(event)

    def adopt(self, past: History, snapshots: Iterable[Path]) -> None:
        """Take over the history and snapshots of the run that this one branches from.

        Args:
            past: the parent's history before the epoch that this run completes first.
            snapshots: files of the parent's snapshots; hard-linked where the file system allows it, otherwise
                copied. Missing files are skipped.

        Raises:
            RecordingError: if a snapshot cannot be written.
        """
        with self._recording():
            if past.epochs:
                self._pending = history_to_records(past)
                self._flush()  # before the snapshots: files are never further than the history
            for path in snapshots:
                with suppress(FileNotFoundError):
                    _share(path, layout.snapshots_folder(self._folder) / path.name)

    def write_checkpoint(self, model: Any, position: Position) -> None:
        """Write the checkpoint at the end of an epoch.

        Args:
            model: the network and its optimiser, in their state at `position`.
            position: the end of the epoch.

        Raises:
            RecordingError: if the checkpoint cannot be written.
        """
        path = layout.checkpoint_path(self._folder, position.epoch)
        with self._recording():
            manifest = dataclasses.replace(self._manifest, name=self._name_on_disk())
            save_checkpoint(path, model, manifest=manifest, history=None, position=position)

    def note_learning_rate(self, step: int, rate: float) -> None:
        """Record the learning rate that applies from a step on, whether or not that step is ever taken.

        It is written to disk with the next losses, or by `close`.

        Args:
            step: number of the step, counted from the start of the run.
        """
        before, self._learning_rate = self._learning_rate, rate
        if rate != before:
            self._pending.append(learning_rate_record(step, rate))
            self._has_new_rate = before is not None

    def close(self) -> None:
        """Write buffered losses and release the folder to other writers. Closing again does nothing.

        A run without a complete epoch is removed from the disk.

        Raises:
            RecordingError: if the losses cannot be written; the folder is released all the same.
        """
        if not self._holds_epoch:
            self._claim.give_up()
            return
        try:
            with self._recording():
                self._flush()
        finally:
            self._claim.release()

    def _name_on_disk(self) -> str:
        """Return the name in `run.json`: the run may be renamed, even by another process, during training."""
        try:
            return read_manifest(self._folder).name
        except CheckpointError as error:
            raise RecordingError(str(error)) from error

    def _return_to_last_epoch(self) -> None:
        """Remove everything that an interrupted training wrote beyond its last complete epoch."""
        stored = read_run(self._folder)
        config = self._manifest.config
        may_differ = {name: config.value(name) for name in ("epochs", *PATH_FIELDS)}
        if (
            stored.config.replace(**may_differ) != config
            or stored.dataset_fingerprint != self._manifest.dataset_fingerprint
        ):
            raise RecordingError(
                _("“{folder}” holds another run: its configuration or dataset differs.").format(
                    folder=self._folder
                )
            )
        checkpoint = stored.checkpoint_to_resume()
        self._manifest = dataclasses.replace(
            self._manifest,
            created=stored.created,
            uuid=stored.uuid,
            branched_from=stored.branched_from,
        )
        last = layout.checkpoint_epoch(checkpoint)
        n_steps = last * stored.steps_per_epoch
        later = [rate for step, rate in stored.history.learning_rates if step >= n_steps]
        goes_on = [learning_rate_record(n_steps, later[-1])] if later else []
        cut_history(layout.history_path(self._folder), last, goes_on)
        self._remove_checkpoints(lambda epoch: epoch != last)
        for position in layout.snapshot_positions(self._folder):
            if position > Position(last):
                layout.snapshot_path(self._folder, position).unlink()
        for part in parts_in(self._folder):
            part.unlink()

    def _add_steps(self, event: StepsTaken) -> None:
        epoch, step = event.position
        first_step = epoch * self._manifest.steps_per_epoch + step - len(event.metrics["loss"])
        self.note_learning_rate(first_step, event.learning_rate)
        # One line for an epoch, not for each of its turns: a long run has a million of those.
        if not self._pending or not extend_steps(self._pending[-1], event.metrics):
            self._pending.append(steps_record(first_step, event.metrics))
        if self._has_new_rate:  # the user's decision must survive a crash
            self._flush()

    def _complete_epoch(self, event: EpochCompleted) -> None:
        epoch = event.record.epoch
        self._pending.append(epoch_record(event.record))
        self._flush()
        self._holds_epoch = True
        if layout.checkpoint_path(self._folder, epoch).exists():
            self._remove_checkpoints(lambda other: other < epoch)

    def _drop(self, positions: Iterable[Position]) -> None:
        for position in positions:
            # On Windows, a file that another process is reading stays until the run is resumed.
            with suppress(PermissionError):
                layout.snapshot_path(self._folder, position).unlink(missing_ok=True)

    def _remove_checkpoints(self, superfluous: Callable[[int], bool]) -> None:
        for epoch in layout.checkpoint_epochs(self._folder):
            if superfluous(epoch):
                # On Windows, a file that another process is reading is removed after the next epoch.
                with suppress(PermissionError):
                    layout.checkpoint_path(self._folder, epoch).unlink()

    def _flush(self) -> None:
        """Append buffered records to the history. A failed write is not retried: it may have torn a line."""
        records, self._pending, self._has_new_rate = self._pending, [], False
        if not records:
            return
        path = layout.history_path(self._folder)
        is_new = not path.exists()
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(map(to_line, records))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(self._folder)

    def _recording(self) -> AbstractContextManager[None]:
        return recording_to(self._folder)


def rename_run(folder: Path, name: str, tries: int = _MANIFEST_TRIES) -> None:
    """Rename a run on disk, even while it is being written.

    Raises:
        CheckpointError: if `folder` is not a run folder, or is damaged.
        RecordingError: if the name cannot be written.
    """
    try:
        with _changing_manifest(folder, tries):
            _write_manifest(folder, dataclasses.replace(read_manifest(folder), name=name))
    except OSError as error:
        raise RecordingError(
            _("The name cannot be written to “{folder}”: {reason}.").format(
                folder=folder, reason=error.strerror or error
            )
        ) from error


def _changing_manifest(folder: Path, tries: int = _MANIFEST_TRIES) -> FolderLock:
    """Return a lock for changing the manifest; the run's own lock is held by its writer throughout."""
    return FolderLock(layout.manifest_lock_path(folder), tries=tries)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    with atomic_write(layout.manifest_path(folder)) as beside:
        beside.write_text(json.dumps(manifest_to_json(manifest), indent=1), encoding="utf-8")


def _share(path: Path, beside: Path) -> None:
    """Hard-link or copy a snapshot. Links are safe: snapshots are replaced or removed, but never modified."""
    try:
        beside.hardlink_to(path)
    except FileNotFoundError:
        raise
    except OSError:  # a different disk, or one without hard links
        with atomic_write(beside) as part:
            shutil.copyfile(path, part)
