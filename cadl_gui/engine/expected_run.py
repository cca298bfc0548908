"""A run that is listed before it has been read."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ExpectedRun:
    """A run that is listed but not yet read, because TensorFlow is still loading or the file is being read.

    Attributes:
        letter: its letter, also once it is open.
        run_id: id that the run will have.
        name: display name.
        path: checkpoint or run folder.
    """

    letter: str
    run_id: str
    name: str
    path: Path
