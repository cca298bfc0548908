"""A run that is listed before it is read."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ExpectedRun:
    """A run whose file waits to be read, as soon as TensorFlow is there.

    Attributes:
        letter: the badge that it has and keeps.
        run_id: the one that it will have.
        name: what people call it.
        path: checkpoint or run folder.
    """

    letter: str
    run_id: str
    name: str
    path: Path
