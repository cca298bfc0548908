"""The runs of the window: what tells them apart, and the one that was taken off last."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from cadl_gui.domain.run_letters import letters_of
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run


class RunList:
    """Open runs and those that wait to be read, in the order of letters; iterating gives the open ones."""

    def __init__(self) -> None:
        self._listed: list[Run | ExpectedRun] = []
        self._n_letters = 0
        self._removed: tuple[int, Run] | None = None

    def __iter__(self) -> Iterator[Run]:
        return (run for run in self._listed if isinstance(run, Run))

    @property
    def listed(self) -> Sequence[Run | ExpectedRun]:
        """All of them, those that wait to be read, too."""
        return tuple(self._listed)

    @property
    def last(self) -> Run | None:
        """The open one that stands last; None if there is none."""
        return next((run for run in reversed(self._listed) if isinstance(run, Run)), None)

    def find(self, run_id: str) -> Run | None:
        """The open run that the program calls so."""
        return next((run for run in self if run.run_id == run_id), None)

    def find_expected(self, path: Path) -> ExpectedRun | None:
        """The run that waits to be read from there."""
        return next((run for run in self._expected if run.path == path), None)

    def expect(self, run_id: str, name: str, path: Path) -> ExpectedRun:
        """List a run that is going to be read; it has its letter from now on."""
        expected = ExpectedRun(self._next_letter(), run_id, self.unique_name(name), path)
        self._listed.append(expected)
        return expected

    def expect_no_more(self, run_id: str) -> None:
        """Take a run off that could not be read."""
        self._listed = [run for run in self._listed if run.run_id != run_id or isinstance(run, Run)]

    def add(self, run: Run) -> None:
        """Add a run where it was expected, or with the next letter at the end; no letter is given twice."""
        expected = next((waiting for waiting in self._expected if waiting.run_id == run.run_id), None)
        if expected is None:
            run.letter = self._next_letter()
            self._listed.append(run)
        else:
            run.letter = expected.letter
            self._listed[self._listed.index(expected)] = run

    def remove(self, run: Run) -> Run | None:
        """Take a run off; until the next one is taken off it can be restored.

        Returns:
            The run that could be restored until now.
        """
        gone = None if self._removed is None else self._removed[1]
        self._removed = self._listed.index(run), run
        self._listed.remove(run)
        return gone

    def restore(self) -> Run | None:
        """Put the run that was taken off last back to its place, with its letter; None if there is none."""
        if self._removed is None:
            return None
        place, run = self._removed
        self._removed = None
        self._listed.insert(place, run)
        return run

    def unique_name(self, name: str, but: str = "") -> str:
        """A name, with a number behind it if a run is called so already, that with the id `but` aside."""
        taken = {_name_of(run) for run in self._listed if run.run_id != but}
        stem = re.sub(r" \d+$", "", name)
        names = (name, *(f"{stem} {number}" for number in range(2, len(taken) + 2)))
        return next(name for name in names if name not in taken)

    @property
    def _expected(self) -> Iterator[ExpectedRun]:
        return (run for run in self._listed if isinstance(run, ExpectedRun))

    def _next_letter(self) -> str:
        self._n_letters += 1
        return letters_of(self._n_letters - 1)


def _name_of(run: Run | ExpectedRun) -> str:
    return run.name if isinstance(run, ExpectedRun) else run.description.name
