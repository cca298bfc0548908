"""Keeps the pins of each run, and the kind of path, from one start to the next."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot

from cadl_gui.domain.errors import UserError
from cadl_gui.engine.run import Run
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.path import PATH_KINDS
from cadl_gui.ui.latent.paths import LatentPaths, Pin
from cadl_gui.ui.work_store import WorkStore, key_of_run

_FILE = "pins"
_MOST_RUNS = 200
"""Runs whose pins are stored: those used last. Nobody has as many open."""


class KeptPins(QObject):
    """Restores the pins of a run when its plane is first shown, and stores each change.

    A recorded drag is not stored: it is of the moment, and *Save path…* keeps it.

    Args:
        paths: the pins; the parent.
        store: has the file.
    """

    def __init__(self, paths: LatentPaths, store: WorkStore) -> None:
        super().__init__(paths)
        self._paths = paths
        self._store = store
        self._key = self._run_id = ""
        self._entered: set[str] = set()
        self._pins: dict[str, tuple[Pin, ...]] = {}
        self._kind = str(paths.kind)
        self._load()
        paths.changed.connect(self._keep)

    def enter(self, run: Run, latent_dim: int) -> None:
        """Follow the pins of a run, which `LatentPaths` has entered, and restore them at the first time."""
        self._key, self._run_id = key_of_run(run), run.run_id
        if run.run_id in self._entered:
            return
        self._entered.add(run.run_id)
        pins = self._pins.get(self._key, ())
        if pins and all(len(pin) == latent_dim + 1 for pin in pins):
            self._paths.restore(pins)

    @Slot()
    def _keep(self) -> None:
        if not self._key or self._paths.run_id != self._run_id:
            return  # another run is being entered
        pins, kind = self._paths.pins, str(self._paths.kind)
        if kind == self._kind and pins == self._pins.get(self._key, ()):
            return
        self._kind = kind
        self._pins.pop(self._key, None)  # the newest are last
        if pins:
            self._pins[self._key] = pins
        kept = dict(list(self._pins.items())[-_MOST_RUNS:])
        self._store.keep(_FILE, partial(_to_json, kept, kind))

    def _load(self) -> None:
        values = self._store.load(_FILE)
        if values is None:
            return
        try:
            self._pins, kind = _from_json(values)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, UserError) as error:
            self._store.report_damage(_FILE, error)
            return
        known = next((known for known in PATH_KINDS if known == kind), None)
        if known is not None:
            self._kind = known
            self._paths.set_kind(known)


def _to_json(pins: dict[str, tuple[Pin, ...]], kind: str) -> dict[str, Any]:
    return {"kind": kind, "runs": pins}


def _from_json(values: Any) -> tuple[dict[str, tuple[Pin, ...]], str]:
    pins = {key: _checked(listed) for key, listed in values["runs"].items()}
    return pins, values["kind"]


def _checked(listed: Any) -> tuple[Pin, ...]:
    """Return pins if they make a valid path: finite numbers, equally many, and epochs."""
    path = LatentPath(
        pins=tuple(tuple(map(float, pin[:-1])) for pin in listed),
        epochs=tuple(int(pin[-1]) for pin in listed),
        n_frames=2,
    )
    return tuple((*pin, epoch) for pin, epoch in zip(path.pins, path.epochs, strict=True))
