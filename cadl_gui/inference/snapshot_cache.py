"""Caches the snapshots of the open runs within a memory limit."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.system.words import _

ReadSnapshot = Callable[[Path, Position], Snapshot]
"""Reads the snapshot at a position from a run folder; raises `CheckpointError` on failure."""


class SnapshotCache:
    """Retains the newest snapshot of each run and the most recently used recorded snapshots.

    Snapshots that cannot be read again are never evicted: memory is bounded for runs that are on disk, and
    runs that exist only in memory lose nothing.

    Args:
        capacity_bytes: memory limit for the recorded snapshots of all runs.
        read: reads an evicted snapshot again.
        is_on_disk: whether `read` can read a snapshot, decided without reading it.
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
        """Memory used by the recorded snapshots."""
        return self._n_bytes

    def add_run(self, run_id: str, source: Path | None) -> None:
        """Add a run.

        Args:
            source: folder that its snapshots can be read from, or None.
        """
        self._sources[run_id] = source

    def add(self, run_id: str, snapshot: Snapshot, *, recorded: bool) -> None:
        """Add the newest snapshot of a run; if recorded, it remains available after newer ones."""
        self._newest[run_id] = snapshot
        if recorded:
            self._remember(run_id, snapshot)

    def return_to(self, run_id: str, position: Position) -> None:
        """Make a recorded snapshot the newest of its run again: what came after it is not kept.

        Raises:
            CadlError: if there is no such snapshot.
        """
        self._newest[run_id] = self.get(run_id, position)

    def get(self, run_id: str, position: Position | None) -> Snapshot:
        """Return a snapshot of a run, reading it from disk if it was evicted.

        Args:
            position: position of the snapshot; None for the newest.

        Raises:
            CadlError: if there is no such snapshot.
        """
        newest = self._newest.get(run_id)
        if position is None:
            if newest is None:
                raise CadlError(_("This run has no weights yet."))
            return newest
        is_newest = newest is not None and newest.position == position
        if newest is not None and is_newest and newest.artifacts is not None:
            return newest
        # A resumed training starts with the weights of a recorded position, but without its artifacts.
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
        raise CadlError(
            _("The weights at “{position}” of this run are not stored.").format(position=position)
        )

    def drop(self, run_id: str, positions: Iterable[Position]) -> None:
        """Drop recorded snapshots that are no longer retained."""
        for position in positions:
            self._remove((run_id, position))

    def forget(self, run_id: str) -> None:
        """Remove a run and its snapshots."""
        self._sources.pop(run_id, None)
        self._newest.pop(run_id, None)
        for key in [key for key in self._recorded if key[0] == run_id]:
            self._remove(key)

    def _remember(self, run_id: str, snapshot: Snapshot) -> None:
        key = run_id, snapshot.position
        self._remove(key)
        self._recorded[key] = snapshot
        self._n_bytes += snapshot.n_bytes
        if self._n_bytes <= self._capacity_bytes:  # the usual case; a long training adds ten thousand
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
