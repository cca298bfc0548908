"""Writes a run folder while the run trains."""

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Self

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
    format_record,
    history_to_records,
    learning_rate_record,
    note_record,
    steps_record,
    to_line,
)
from cadl_gui.runs.lock import FileLock
from cadl_gui.runs.manifest import Manifest, manifest_to_json
from cadl_gui.runs.reader import read_manifest, read_run
from cadl_gui.runs.snapshots import write_snapshot
from cadl_gui.system.atomic_write import PART_PREFIX, atomic_write, sync_folder

_MANIFEST_TRIES = 250
"""Five seconds: a disk is rarely slower."""


class RunWriter:
    """The one writer of a run folder, from construction to `close`.

    At the end of each epoch, first `write` its `SnapshotTaken`, then call `write_checkpoint`, then `write`
    its `EpochCompleted`. That puts, in this order, snapshot, checkpoint and the epoch's line of the history
    on disk, and removes the checkpoint before: an epoch is complete when both its checkpoint and its line
    are there, so a kill at any instant leaves the last complete epoch. After a `RecordingError` nothing is
    left to do but `close`.

    Args:
        claim: on the folder to write into. Of a run to continue with, what lies beyond its last complete
            epoch is removed.
        description: of the run.

    Raises:
        RecordingError: if the folder holds another run or nothing to resume from, or cannot be written to.
        CheckpointError: if the run to continue with cannot be read.
    """

    def __init__(self, claim: Claim, description: RunDescription) -> None:
        self._claim = claim
        self._folder = claim.folder
        self._manifest = Manifest.of(description)
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
        """Record an event, if it is of a kind that is recorded.

        Losses wait in memory for the end of the epoch, or for `close`.

        Raises:
            RecordingError: if it cannot be written.
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
        """Take over the past of a run that this one branches from.

        Args:
            past: what it recorded before the epoch that this run begins by completing.
            snapshots: files of its snapshots, shared where the disk can, else copied. Those that are gone
                are left out.

        Raises:
            RecordingError: if it cannot be written.
        """
        with self._recording():
            for path in snapshots:
                with suppress(FileNotFoundError):
                    _share(path, layout.snapshots_folder(self._folder) / path.name)
            # Written with the first epoch: until then there is no run here that could go on.
            self._pending = history_to_records(past) if past.epochs else self._pending

    def write_checkpoint(self, model: Any, position: Position) -> None:
        """Write the checkpoint of the end of an epoch.

        Args:
            model: with its optimiser, both as they are there.
            position: the end of the epoch.

        Raises:
            RecordingError: if it cannot be written.
        """
        path = layout.checkpoint_path(self._folder, position.epoch)
        with self._recording():
            manifest = dataclasses.replace(self._manifest, name=self._name_on_disk())
            save_checkpoint(path, model, manifest=manifest, history=None, position=position)

    def note_learning_rate(self, step: int, rate: float) -> None:
        """Note the rate from a step on, whether or not that step is ever taken.

        It is on disk with the next losses, or after `close`.
        """
        before, self._learning_rate = self._learning_rate, rate
        if rate != before:
            self._pending.append(learning_rate_record(step, rate))
            self._has_new_rate = before is not None

    def close(self) -> None:
        """Write the losses that still wait, and let another writer in. Closing again does nothing.

        A run without a complete epoch leaves nothing behind.

        Raises:
            RecordingError: if they cannot be written; the folder is free all the same.
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
        """The run can be renamed while it is written, also by others: its name's home is `run.json`."""
        try:
            return read_manifest(self._folder).name
        except CheckpointError as error:
            raise RecordingError(str(error)) from error

    def _return_to_last_epoch(self) -> None:
        """Remove what a training that was interrupted left beyond its last complete epoch."""
        stored = read_run(self._folder)
        epochs = self._manifest.config.training.epochs
        if (
            stored.config.replace(epochs=epochs) != self._manifest.config
            or stored.dataset_fingerprint != self._manifest.dataset_fingerprint
        ):
            raise RecordingError(f"“{self._folder}” holds another run: its configuration or dataset differs.")
        if stored.checkpoint is None:
            raise RecordingError(f"The run in “{self._folder}” has no complete epoch to go on from.")
        self._manifest = dataclasses.replace(
            self._manifest, created=stored.created, branched_from=stored.branched_from
        )
        last = layout.checkpoint_epoch(stored.checkpoint)
        n_steps = last * stored.steps_per_epoch
        later = [rate for step, rate in stored.history.learning_rates if step >= n_steps]
        goes_on = [learning_rate_record(n_steps, later[-1])] if later else []
        cut_history(layout.history_path(self._folder), last, goes_on)
        self._remove_checkpoints(lambda epoch: epoch != last)
        for position in layout.snapshot_positions(self._folder):
            if position > Position(last):
                layout.snapshot_path(self._folder, position).unlink()
        for part in self._folder.rglob(f"{PART_PREFIX}*"):
            part.unlink()

    def _add_steps(self, event: StepsTaken) -> None:
        epoch, step = event.position
        first_step = epoch * self._manifest.steps_per_epoch + step - len(event.metrics["loss"])
        self.note_learning_rate(first_step, event.learning_rate)
        self._pending.append(steps_record(first_step, event.metrics))
        if self._has_new_rate:  # someone has decided that, and is not to be asked again
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
            # On Windows someone may be reading it; then it stays until the run is resumed.
            with suppress(PermissionError):
                layout.snapshot_path(self._folder, position).unlink(missing_ok=True)

    def _remove_checkpoints(self, superfluous: Callable[[int], bool]) -> None:
        for epoch in layout.checkpoint_epochs(self._folder):
            if superfluous(epoch):
                # On Windows someone may be reading it; then it goes with the next epoch.
                with suppress(PermissionError):
                    layout.checkpoint_path(self._folder, epoch).unlink()

    def _flush(self) -> None:
        """Append what waits to the history; whatever happens, it is not tried again after a torn line."""
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


def rename_run(folder: Path, name: str) -> None:
    """Give a run on disk another name; also one that is being written.

    Raises:
        CheckpointError: if it is no run folder, or is damaged.
        RecordingError: if it cannot be written.
    """
    try:
        with _changing_manifest(folder):
            _write_manifest(folder, dataclasses.replace(read_manifest(folder), name=name))
    except OSError as error:
        raise RecordingError(
            f"The name cannot be written to “{folder}”: {error.strerror or error}."
        ) from error


def _changing_manifest(folder: Path) -> FileLock:
    """Whoever reads the manifest to write it again does so alone; the writer holds the lock of the run."""
    return FileLock(layout.manifest_lock_path(folder), tries=_MANIFEST_TRIES)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    with atomic_write(layout.manifest_path(folder)) as beside:
        beside.write_text(json.dumps(manifest_to_json(manifest), indent=1), encoding="utf-8")


def _share(path: Path, beside: Path) -> None:
    """Let a snapshot lie in two folders: snapshots are replaced and removed, but never changed."""
    try:
        beside.hardlink_to(path)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one that knows no links
        with atomic_write(beside) as part:
            shutil.copyfile(path, part)
