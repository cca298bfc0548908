"""Writes and opens sessions, in background jobs."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.session import SUFFIX, Kept, PackedRun, Session, SessionFiles
from cadl_gui.domain.view import SHIPPED
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.system.resources import shipped_run
from cadl_gui.system.words import _


class OpenedSession(NamedTuple):
    """A session whose runs are on this disk.

    Attributes:
        session: what it holds.
        placed: path of each of its runs by its key, but for those that ship with the program.
    """

    session: Session
    placed: Mapping[str, Path]

    def path_of(self, run: PackedRun) -> Path | None:
        """Return where one of its runs lies; None if it ships with another version of the program."""
        return self.placed.get(run.key) or shipped_run(run.key.removeprefix(SHIPPED))


class Sessions:
    """Opens sessions, and makes the jobs that do; they are yet to be started.

    Args:
        files: reads and writes sessions; without it, all jobs fail.
    """

    def __init__(self, files: SessionFiles | None) -> None:
        self._given = files

    def opening(self, path: Path, folder: Path | None) -> BackgroundJob:
        """Return the job that unpacks a session; it finishes with an `OpenedSession`.

        Args:
            folder: gets its runs, each under the same name whenever it is opened; None where runs
                stay in memory.
        """

        def work() -> OpenedSession:
            return self.open(path, folder, job.raise_if_cancelled)

        job = BackgroundJob(work, _("“{name}” could not be opened").format(name=path.name))
        return job

    def open(
        self, path: Path, folder: Path | None, require_go_on: Callable[[], None] = lambda: None
    ) -> OpenedSession:
        """Unpack a session in this thread; see `opening`.

        Raises:
            UserError: if that cannot be done.
        """
        session = self._files.read_session(path)
        if folder is None:
            raise UserError(_("Runs are not written to a disk here, as those of a session have to be."))
        return OpenedSession(session, self._files.unpack(session, folder, require_go_on))

    def holding(self, key: str, folder: Path) -> str:
        """Return the name of the first session in a folder that has a run; "" if none has."""
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            with suppress(UserError):
                if any(run.key == key for run in self._files.read_session(path).runs):
                    return path.name
        return ""

    def saving(
        self, path: Path, parts: Mapping[str, Any], runs: Mapping[str, tuple[str, Path | None]], kept: Kept
    ) -> BackgroundJob:
        """Return the job that writes a session and finishes with its path.

        Args:
            parts: values of the view and its drawings, by name.
            runs: name, and folder or checkpoint, by key; None for a run that ships with the program.
            kept: which epochs to put in.
        """

        def work() -> Path:
            self._files.write_session(path, parts, runs, kept, job.raise_if_cancelled)
            return path

        job = BackgroundJob(work, _("“{name}” could not be saved").format(name=path.name))
        return job

    def measuring(self, sources: Iterable[Path]) -> BackgroundJob:
        """Return the job that finishes with the size that these runs take in a session, by `Kept`."""
        return BackgroundJob(lambda: self._files.bytes_of_runs(sources))

    @property
    def _files(self) -> SessionFiles:
        if self._given is None:
            raise UserError(_("Sessions need the program's own files."))
        return self._given
