"""What a session holds: a file with what a window showed, and the runs that it names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

SUFFIX = ".cadl"


class Kept(StrEnum):
    """Which recorded epochs of each run are put into a session. Only a run with all can be resumed."""

    ALL = "all"
    TEN = "ten"
    LAST = "last"


@dataclass(frozen=True)
class PackedRun:
    """A run of a session.

    Attributes:
        key: its key in the view.
        name: its name.
        folder: name of its folder in the session; "" if it ships with the program.
    """

    key: str
    name: str
    folder: str = ""


@dataclass(frozen=True)
class Session:
    """What a session holds.

    Attributes:
        path: the file.
        parts: values of the view and its drawings, by name, untrusted.
        runs: the runs.
        kept: which of their epochs are inside.
        n_bytes: size of the files of its runs.
        digest: of all that it holds, in hexadecimal.
    """

    path: Path
    parts: Mapping[str, Any]
    runs: tuple[PackedRun, ...]
    kept: Kept
    n_bytes: int
    digest: str


class SessionFiles(Protocol):
    """Reads and writes sessions; see `cadl_gui.runs.session`."""

    def read_session(self, path: Path) -> Session:
        """Read what a session holds, but for its runs."""

    def unpack(self, session: Session, to: Path, require_go_on: Callable[[], None]) -> dict[str, Path]:
        """Write the runs of a session to a folder, and return the path of each by its key."""

    def bytes_of_runs(self, sources: Iterable[Path]) -> Mapping[Kept, int]:
        """Return how many bytes these runs take in a session, for each choice of epochs."""

    def write_session(
        self,
        path: Path,
        parts: Mapping[str, Any],
        runs: Mapping[str, tuple[str, Path | None]],
        kept: Kept,
        require_go_on: Callable[[], None],
    ) -> None:
        """Write a session."""
