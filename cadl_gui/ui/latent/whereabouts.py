"""Where one is, for pictures to remember; and the way back."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.imaging.latent.remembered_place import KEYWORD, RememberedPlace
from cadl_gui.system.resources import shipped_run
from cadl_gui.ui.latent.place import LatentPlace
from cadl_gui.ui.suited_run import SuitedRun


class Whereabouts(QObject):
    """Tells run, position and code, and goes to those that a picture has remembered.

    Args:
        engine: whose view moves.
        shown: run and position.
        place: the code; the whereabouts' parent.

    Signals:
        wanted: the place can only be seen in the Latent tab.
        failed: (str) why a place cannot be shown.
    """

    wanted = Signal()
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: SuitedRun, place: LatentPlace) -> None:
        super().__init__(place)
        self._engine = engine
        self._shown = shown
        self._place = place
        self._waiting: dict[str, RememberedPlace] = {}
        engine.view.place_wanted.connect(self.restore)
        engine.runs.added.connect(self._on_run_added)
        engine.runs.opening_failed.connect(self._on_opening_failed)

    def text(self) -> Mapping[str, str]:
        """What a PNG is to remember, by keyword."""
        run = self._shown.run
        if run is None:
            return {}
        return {KEYWORD: self._here(run).to_text()}

    @Slot(object)
    def restore(self, place: RememberedPlace) -> None:
        """Show a place, and for that its run at its epoch; a shipped one is opened if it has to be."""
        run = next((run for run in self._engine.runs if _is_of(place, run)), None)
        folder = shipped_run(place.model) if run is None else None
        if run is not None:
            self._go(run, place)
        elif folder is not None:
            # Not to be shown by the engine, which would show its end.
            self._waiting[self._engine.runs.open(folder, show=False)] = place
        else:
            self._tell_unknown(place)

    @Slot(object)
    def _on_run_added(self, run: Run) -> None:
        place = self._waiting.pop(run.run_id, None)
        if place is None:
            return
        if _is_of(place, run):
            self._go(run, place)
        else:
            self._tell_unknown(place)

    @Slot(str)
    def _on_opening_failed(self, run_id: str) -> None:
        self._waiting.pop(run_id, None)

    def _tell_unknown(self, place: RememberedPlace) -> None:
        self.failed.emit(f"Open “{place.model}” (seed {place.seed}) first: this picture was made there.")

    def _go(self, run: Run, place: RememberedPlace) -> None:
        self.wanted.emit()
        self._engine.view.show_run(run)
        self._engine.view.show(place.position)
        if len(place.code) != self._place.n_latents:
            self.failed.emit(f"This place has {len(place.code)} latents; {place.model} has another number.")
            return
        self._place.set_code(place.code)

    def _here(self, run: Run) -> RememberedPlace:
        description = run.description
        return RememberedPlace(
            model=description.name,
            seed=description.config.training.seed,
            position=self._shown.position or run.newest,
            code=tuple(self._place.code.tolist()),
        )


def _is_of(place: RememberedPlace, run: Run) -> bool:
    description = run.description
    return (description.name, description.config.training.seed) == (place.model, place.seed)
