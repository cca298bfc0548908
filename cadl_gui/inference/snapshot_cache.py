"""Weights of the open runs, as many as memory allows."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot

ReadSnapshot = Callable[[Path, Position], Snapshot]
"""Reads the weights at a position from a run folder; raises `CheckpointError` where it cannot."""


class SnapshotCache:
    """Keeps the newest snapshot of every run and, of the recorded ones, those that were used last.

    Snapshots that cannot be read again are never dropped. So the memory is bounded for runs that are on disk,
    and a run that lives in memory only loses nothing.

    Args:
        capacity_bytes: memory for the recorded snapshots of all runs.
        read: reads a dropped snapshot again.
        is_on_disk: whether `read` can, told without reading.
    """

    def __init__(
        self,
        capacity_bytes: int,
        read: ReadSnapshot,
        is_on_disk: Callable[[Path, Position], bool],
    ) -> None:
        self._capacity_bytes = capacity_bytes
        self._read = read
        self._is_on_disk = is_on_disk
        self._sources: dict[str, Path | None] = {}
        self._newest: dict[str, Snapshot] = {}
        self._recorded: OrderedDict[tuple[str, Position], Snapshot] = OrderedDict()
        self._n_bytes = 0

    @property
    def n_bytes(self) -> int:
        """Memory that the recorded snapshots take."""
        return self._n_bytes

    def add_run(self, run_id: str, source: Path | None) -> None:
        """Get to know a run and the folder, if any, that its snapshots can be read from."""
        self._sources[run_id] = source

    def add(self, run_id: str, snapshot: Snapshot, *, recorded: bool) -> None:
        """Take the newest snapshot of a run."""
        self._newest[run_id] = snapshot
        if recorded:
            self._remember(run_id, snapshot)

    def get(self, run_id: str, position: Position | None) -> Snapshot:
        """Find the snapshot at a position, or the newest for None; reads it from disk where it was dropped.

        Raises:
            CadlError: if there is no such snapshot.
        """
        newest = self._newest.get(run_id)
        if position is None:
            if newest is None:
                raise CadlError("This run has no weights yet.")
            return newest
        is_newest = newest is not None and newest.position == position
        if newest is not None and is_newest and newest.artifacts is not None:
            return newest
        # A training that goes on begins with the weights of a recorded position, but without its probes.
        if (run_id, position) in self._recorded:
            self._recorded.move_to_end((run_id, position))
            return self._recorded[run_id, position]
        source = self._sources.get(run_id)
        if source is not None and self._is_on_disk(source, position):
            snapshot = self._read(source, position)
            self._remember(run_id, snapshot)
            return snapshot
        if newest is not None and is_newest:
            return newest
        raise CadlError(f"The weights at “{position}” of this run are not kept.")

    def drop(self, run_id: str, positions: Iterable[Position]) -> None:
        """Drop recorded snapshots that are no longer kept."""
        for position in positions:
            self._remove((run_id, position))

    def forget(self, run_id: str) -> None:
        """Drop a run and its snapshots."""
        self._sources.pop(run_id, None)
        self._newest.pop(run_id, None)
        for key in [key for key in self._recorded if key[0] == run_id]:
            self._remove(key)

    def _remember(self, run_id: str, snapshot: Snapshot) -> None:
        key = run_id, snapshot.position
        self._remove(key)
        self._recorded[key] = snapshot
        self._n_bytes += snapshot.n_bytes
        if self._n_bytes <= self._capacity_bytes:  # nearly always: a long training adds ten thousand
            return
        for other in list(self._recorded)[:-1]:
            if self._n_bytes <= self._capacity_bytes:
                return
            if self._can_be_read_again(*other):
                self._remove(other)

    def _remove(self, key: tuple[str, Position]) -> None:
        snapshot = self._recorded.pop(key, None)
        if snapshot is not None:
            self._n_bytes -= snapshot.n_bytes

    def _can_be_read_again(self, run_id: str, position: Position) -> bool:
        source = self._sources.get(run_id)
        return source is not None and self._is_on_disk(source, position)
