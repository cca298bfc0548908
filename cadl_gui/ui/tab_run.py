"""The run that a tab shows: the one in the view state, or else the last suitable one."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.ui.tab_page import TabPage


class TabRun(QObject):
    """Tracks the run that a tab shows, where not every run is suitable (softmax has no latent plane).

    If the run in the view state is not suitable, it is the last suitable one that was shown, also in an
    earlier session; if none was, the first suitable run that is open. While the page is hidden, changes are
    held back until it is shown again, so that nothing is computed unseen, and no run gets requests with the
    latent vectors of another. A removed run is replaced at once.

    Args:
        engine: provides the view state and the runs.
        suits: returns whether the tab can show a run.
        page: the tab, its parent; without one, changes are never held back.

    Signals:
        run_changed: another run is shown, or none.
        position_changed: the position, or its newest weights, have changed.
    """

    run_changed = Signal()
    position_changed = Signal()

    def __init__(
        self, engine: Engine, suits: Callable[[RunDescription], bool], page: TabPage | None = None
    ) -> None:
        super().__init__(page)
        self._engine = engine
        self._suits = suits
        self._run: Run | None = None
        self._next: Run | None = None
        self._reported: object = None
        self._is_active = page is None or page.isVisible()
        if page is not None:
            page.visibility_changed.connect(self._set_active)
        engine.view.bind(self, lambda: (engine.view.shown, [*engine.runs], self._moved), self._on_shown)

    @property
    def run(self) -> Run | None:
        """The run to show, or None."""
        return self._run

    @property
    def is_current(self) -> bool:
        """Whether this is the run in the view state, which the timeline controls."""
        return self._run is not None and self._run is self._engine.view.run

    @property
    def position(self) -> Position | None:
        """The position to show; None means the newest weights."""
        return None if self._run is None else self._engine.view.position_of(self._run)

    @property
    def bends(self) -> Bends:
        """The bends of the run to show."""
        return () if self._run is None else self._engine.bending.of(self._run.run_id)

    @property
    def weights(self) -> WeightsRef | None:
        """The weights to show; None if there is no run."""
        return None if self._run is None else WeightsRef.of(self._run, self.position, self.bends)

    @property
    def is_active(self) -> bool:
        """Whether the page is visible."""
        return self._is_active

    def set_suits(self, suits: Callable[[RunDescription], bool]) -> None:
        """Show a run that is suitable by another rule."""
        self._suits = suits
        self._next = self._suited()
        self._report()

    @Slot(bool)
    def _set_active(self, active: bool) -> None:
        self._is_active = active
        self._report()

    def _suited(self) -> Run | None:
        chosen = self._next if self._next in self._engine.runs else None
        candidates = [*shown_last(self._engine), chosen, *self._engine.runs]
        return next((run for run in candidates if run is not None and self._suits(run.description)), None)

    def _report(self) -> None:
        if not self._is_active and (self._run is None or self._run in self._engine.runs):
            return
        before, self._run = self._run, self._next
        self._reported = self._moved
        if before is not self._run:
            self.run_changed.emit()
        self.position_changed.emit()

    def _on_shown(self) -> None:
        """Report a change, but ignore newer weights of the view state's run while another is shown here."""
        self._next = self._suited()
        if self._next is not self._run or self.is_current or self._reported != self._moved:
            self._report()

    @property
    def _moved(self) -> object:
        """What may change of a run that is not the one in the view state."""
        run = None if self.is_current else self._run
        return None if run is None else (run.description, run.weights, self.weights)


def shown_last(engine: Engine) -> list[Run]:
    """Return the run in the view state, and the open ones that were shown before, the last one first."""
    runs, view = engine.runs, engine.view
    by_key = {runs.key(run): run for run in runs}
    shown = [by_key[key] for key in reversed(view.value.recent) if key in by_key]
    return shown if view.run is None else [view.run, *shown]
