"""The list behind `RunRegistry`: open runs, expected runs, and the run that was removed last."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cadl_gui.domain.run_letters import are_letters, letters_of, number_of
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run


class RunList:
    """Open and expected runs in letter order; iterating yields the open ones only."""

    def __init__(self) -> None:
        self._listed: list[Run | ExpectedRun] = []
        self._n_letters = 0
        self._removed: Run | None = None
        self._keys: dict[str, str] = {}

    def __iter__(self) -> Iterator[Run]:
        return (run for run in self._listed if isinstance(run, Run))

    @property
    def listed(self) -> Sequence[Run | ExpectedRun]:
        """All runs in letter order, including those that are still to be read."""
        return tuple(self._listed)

    @property
    def last(self) -> Run | None:
        """The last open run in the list; None if no run is open."""
        return next((run for run in reversed(self._listed) if isinstance(run, Run)), None)

    @property
    def was_used(self) -> bool:
        """Whether a run has ever been listed; until then, the view says which are to be."""
        return self._n_letters > 0

    @property
    def removed(self) -> Run | None:
        """The run that `restore` brings back."""
        return self._removed

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all runs in letter order, including those that are still to be read; see `View`."""
        return tuple(map(self.key, self._listed))

    def key(self, run: Run | ExpectedRun) -> str:
        """Return what names a run in a view: its id until it has a key."""
        return self._keys.get(run.run_id, run.run_id)

    def give_key(self, run_id: str, key: str) -> None:
        """Give a run a key, unless it has one already, or another run has it, such as one that it copies."""
        others = (run for run in (*self._listed, self.removed) if run is not None)
        if run_id not in self._keys and key not in map(self.key, others):
            self._keys[run_id] = key

    def free_key(self, key: str) -> None:
        """Let a run that is opened from elsewhere have the key of the run that was removed last."""
        if self._removed is not None and self.key(self._removed) == key:
            del self._keys[self._removed.run_id]

    def find_key(self, key: str) -> Run | None:
        """Return the open run with this key, or None."""
        return next((run for run in self if self.key(run) == key), None)

    def find(self, run_id: str) -> Run | None:
        """Return the open run with this id, or None."""
        return next((run for run in self if run.run_id == run_id), None)

    def find_restorable(self, run_id: str) -> Run | None:
        """Return the open run with this id, or the one that was removed last if it has it; None otherwise."""
        return next((run for run in (*self, self.removed) if run and run.run_id == run_id), None)

    def find_expected(self, path: Path) -> ExpectedRun | None:
        """Return the run that is still to be read from this path, or None."""
        return next((run for run in self._expected if run.path == path), None)

    def expect(self, run_id: str, name: str, path: Path, letters: str = "") -> ExpectedRun:
        """List a run before it is read, which reserves its letter.

        Args:
            letters: the letters that it should have; it has later ones while a listed run has them, or if
                they are none.
        """
        expected = ExpectedRun(self._letters(letters), run_id, self.unique_name(name), path)
        insort(self._listed, expected, key=_number)
        return expected

    def expect_no_more(self, run_id: str) -> bool:
        """Remove an expected run that could not be read; return whether one was expected."""
        waiting = next((run for run in self._expected if run.run_id == run_id), None)
        if waiting is not None:
            self._listed.remove(waiting)
        return waiting is not None

    def add(self, run: Run) -> None:
        """Put a run in the place reserved for it, or append it with the next letter; never a former one."""
        expected = next((waiting for waiting in self._expected if waiting.run_id == run.run_id), None)
        if expected is None:
            run.letter = self._letters()
            self._listed.append(run)
        else:
            run.letter = expected.letter
            self._listed[self._listed.index(expected)] = run

    def remove(self, run: Run) -> Run | None:
        """Remove a run; `restore` can bring it back until the next run is removed.

        Returns:
            The run removed before it, which can no longer be restored, or None.
        """
        gone = self.removed
        self._removed = run
        self._listed.remove(run)
        return gone

    def restore(self) -> Run | None:
        """Put the run removed last back in its place, with its letter if that is free; None if none was."""
        run, self._removed = self._removed, None
        if run is not None:
            run.letter = self._letters(run.letter)
            insort(self._listed, run, key=_number)
        return run

    def unique_name(self, name: str, but: str = "", promised: Iterable[str] = ()) -> str:
        """Return `name`, followed by a number if another run already has it.

        Args:
            but: id of a run whose name does not count as taken.
            promised: names of runs that are not listed yet.
        """
        taken = {*promised, *(_name_of(run) for run in self._listed if run.run_id != but)}
        stem = re.sub(r" \d+$", "", name)
        if stem not in taken:
            stem = name  # its number means something else, as in “latent 2”
        names = (name, *(f"{stem} {number}" for number in range(2, len(taken) + 2)))
        return next(name for name in names if name not in taken)

    @property
    def _expected(self) -> Iterator[ExpectedRun]:
        return (run for run in self._listed if isinstance(run, ExpectedRun))

    def _letters(self, wished: str = "") -> str:
        """Return the letters that are wished, if they are free; else the next that no run ever had."""
        is_free = are_letters(wished) and wished not in {run.letter for run in self._listed}
        letters = wished if is_free else letters_of(self._n_letters)
        self._n_letters = max(self._n_letters, number_of(letters) + 1)
        return letters


def _number(run: Run | ExpectedRun) -> int:
    return number_of(run.letter)


def _name_of(run: Run | ExpectedRun) -> str:
    return run.name if isinstance(run, ExpectedRun) else run.description.name
