"""The runs of the window: what tells them apart, and the one that was taken off last."""

import re
from collections.abc import Iterator

from cadl_gui.core.run_letters import letters_of
from cadl_gui.engine.run import Run


class RunList:
    """Open runs, in the order in which they were added; iterating gives them so."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._n_letters = 0
        self._removed: tuple[int, Run] | None = None

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    @property
    def last(self) -> Run | None:
        """The one that was added last; None if there is none."""
        return self._runs[-1] if self._runs else None

    def find(self, run_id: str) -> Run | None:
        """The run that the program calls so."""
        return next((run for run in self._runs if run.run_id == run_id), None)

    def add(self, run: Run) -> None:
        """Add a run, and give it the next letter; no letter is given twice."""
        run.letter = letters_of(self._n_letters)
        self._n_letters += 1
        self._runs.append(run)

    def remove(self, run: Run) -> Run | None:
        """Take a run off; until the next one is taken off it can be restored.

        Returns:
            The run that could be restored until now.
        """
        gone = None if self._removed is None else self._removed[1]
        self._removed = self._runs.index(run), run
        self._runs.remove(run)
        return gone

    def restore(self) -> Run | None:
        """Put the run that was taken off last back to its place, with its letter; None if there is none."""
        if self._removed is None:
            return None
        place, run = self._removed
        self._removed = None
        self._runs.insert(place, run)
        return run

    def free_name(self, name: str) -> str:
        """A name, with a number behind it if a run is called so already."""
        taken = {run.description.name for run in self._runs}
        stem = re.sub(r" \d+$", "", name)
        names = (name, *(f"{stem} {number}" for number in range(2, len(taken) + 2)))
        return next(name for name in names if name not in taken)
