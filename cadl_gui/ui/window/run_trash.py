"""Moves a run's files to the system's trash, after a confirmation that states their size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFile, QObject, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.errors import UserError
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run, RunState
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.move import move_to_free_place
from cadl_gui.system.resources import ships
from cadl_gui.system.room_on_disk import bytes_of
from cadl_gui.system.words import _
from cadl_gui.ui.confirmation import confirm
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.window.file_actions import source_of


@dataclass(frozen=True, eq=False)
class _Files:
    """The files of a run and their total size."""

    run: Run
    path: Path
    n_bytes: int


@dataclass(frozen=True, eq=False)
class _Moved:
    """The new location of a run's files; `trashed` is None where the system does not report it."""

    run: Run | None
    path: Path
    trashed: Path | None


class RunTrash(QObject):
    """Asks for confirmation, moves a run's files to the trash and removes the run; Undo restores both.

    Args:
        panel: widget in the window that shows the question.
        engine: engine with the runs.
    """

    def __init__(self, panel: QWidget, engine: Engine) -> None:
        super().__init__(panel)
        self._engine = engine
        self._files: _Files | None = None
        self._told = ""
        for follows in (engine.runs.added, engine.view.turned):
            follows.connect(self._withdraw)

    def can_move(self, run: Run | None) -> bool:
        """Return whether the run has files and nothing is writing to them."""
        is_written = self._engine.training.trains(run) or (run is not None and run.state is RunState.FOLLOWED)
        return source_of(run) is not None and not is_written

    def ask(self, run: Run) -> None:
        """Measure the run's files, then ask whether to move them to the trash; shipped runs are refused."""
        source = source_of(run)
        if source is not None and ships(source):
            self._engine.notifications.warn(
                _("{run} is part of the program and stays on disk.").format(run=display_name(run))
            )
        elif source is not None:
            measuring = BackgroundJob(
                partial(_measured, run, source),
                _("The size of “{source}” could not be determined").format(source=source),
            )
            self._engine.jobs.start(measuring, self._on_measured, self._engine.notifications.warn)

    @Slot(object)
    def _on_measured(self, files: _Files) -> None:
        panel = self.parent()
        assert isinstance(panel, QWidget), "it was made with one"
        if self._files is not None:  # a question is open already
            return
        self._files = files
        asked = _("Move the files of {run} to the trash?").format(run=display_name(files.run))
        texts = asked, _("{n_bytes} in “{path}”.").format(n_bytes=megabytes(files.n_bytes), path=files.path)
        question = confirm(panel.window(), "trashQuestion", texts, _("Move to trash"), self._move_asked)
        question.finished.connect(self._on_closed)

    @Slot()
    def _on_closed(self) -> None:
        self._files = None

    @Slot()
    def _move_asked(self) -> None:
        if self._files is not None:
            self.move((self._files.run,))

    def move(self, runs: Sequence[Run], others: Iterable[Path] = ()) -> None:
        """Move the files of runs to the trash; of a single run, that can be undone here.

        Args:
            others: files of runs that are not listed.
        """
        files = [(run, source_of(run)) for run in runs if self.can_move(run)]
        for run, path in (*files, *((None, path) for path in others)):
            assert path is not None, "else it cannot be moved"
            moving = BackgroundJob(
                partial(_moved_to_trash, run, path), _("“{path}” could not be moved").format(path=path)
            )
            self._engine.jobs.start(
                moving, partial(self._on_moved, len(runs)), self._engine.notifications.warn
            )

    @Slot()
    def _withdraw(self) -> None:
        """Say no longer what is in the trash: it has been read, and its runs may be back."""
        self._engine.notifications.resolve(self._told)

    def _on_moved(self, n: int, moved: _Moved) -> None:
        if moved.run is None:
            return
        self._engine.runs.remove(moved.run)
        if n > 1:
            message = self._told = _(
                "The files of {n} runs are in the trash, where you can restore them."
            ).format(n=n)
            self._engine.notifications.inform(message)
            return
        message = self._told = _("The files of {run} are in the trash.").format(run=display_name(moved.run))
        restore = (
            None if moved.trashed is None else partial(_restore, self._engine, moved.trashed, moved.path)
        )
        self._engine.notifications.inform(message, "" if restore is None else _("Undo"), restore)


def _measured(run: Run, path: Path) -> _Files:
    return _Files(run, path, bytes_of(path))


def _moved_to_trash(run: Run | None, path: Path) -> _Moved:
    file = QFile(str(path))
    if not file.moveToTrash():
        raise UserError(
            _("“{path}” could not be moved to the trash, and is still there: {errorstring}").format(
                path=path, errorstring=file.errorString()
            )
        )
    # QFile then has the name of the file in the trash, where the system reports it.
    trashed = Path(file.fileName())
    return _Moved(run, path, trashed if trashed != path and trashed.exists() else None)


def _restore(engine: Engine, trashed: Path, path: Path) -> None:
    """Move files back from the trash to where they were, and restore the run in the list."""
    try:
        move_to_free_place(trashed, path)
    except FileExistsError:
        engine.notifications.warn(
            _(
                "“{path}” was not restored, because something else has that name now; nothing was "
                "replaced, and the files are still in the trash, as “{name}”."
            ).format(path=path, name=trashed.name)
        )
        return
    except OSError as error:
        engine.notifications.warn(
            _("“{trashed}” could not be restored from the trash: {reason}.").format(
                trashed=trashed, reason=error.strerror
            )
        )
        return
    # Freedesktop's trash records where each of its files came from; this one has left it.
    (trashed.parent.parent / "info" / f"{trashed.name}.trashinfo").unlink(missing_ok=True)
    engine.runs.restore_removed()
