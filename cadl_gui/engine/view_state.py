"""The one home of what the window shows: one run at one epoch, and the runs that it is compared with."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.engine.run import Run
from cadl_gui.imaging.latent.bookmark import Bookmark


class ViewState(QObject):
    """Which run, at which position, and whether the view rides along with the training.

    Every tab subscribes to it and none keeps its own.

    Signals:
        run_changed: another run is shown.
        position_changed: the position shown is another, or its newest weights have moved.
        live_changed: *Live* went on or off.
        compared_changed: other runs are compared.
        drawing_changed: another image is drawn, or none any more.
        bookmark_requested: (`Bookmark`) a place in a latent space is to be shown.
    """

    run_changed = Signal()
    position_changed = Signal()
    live_changed = Signal()
    compared_changed = Signal()
    drawing_changed = Signal()
    bookmark_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._position = UNTRAINED
        self._is_live = True
        self._compared: list[Run] = []
        self._drawing: NDArray[np.float32] | None = None

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self._run

    @property
    def position(self) -> Position:
        """The position that is shown."""
        return self._position

    @property
    def is_live(self) -> bool:
        """Whether the view shows the newest weights, whatever they become."""
        return self._is_live

    @property
    def drawing(self) -> NDArray[np.float32] | None:
        """What is drawn, as networks see it: (28, 28, 1) float32 in [0, 1], read-only; None if nothing."""
        return self._drawing

    def set_drawing(self, image: NDArray[np.float32] | None) -> None:
        """Another image is drawn, or none any more."""
        self._drawing = image
        self.drawing_changed.emit()

    @Slot(object)
    def go_to(self, place: Bookmark) -> None:
        """Ask for a place in a latent space to be shown, whoever shows such spaces."""
        self.bookmark_requested.emit(place)

    def position_of(self, run: Run) -> Position | None:
        """Where a run stands while the timeline stands where it does; None means its newest weights.

        Other runs than the one that is shown stand at the recorded position nearest before, and where the
        timeline is at its end, at their own.
        """
        if self._is_live or self._run is None:
            return None
        if run is self._run:
            return self._position
        return None if self._run.is_at_end(self._position) else run.retained_near(self._position)

    @property
    def compared(self) -> tuple[Run, ...]:
        """The runs that were chosen to be compared, in the order of their choice."""
        return tuple(self._compared)

    @property
    def chosen(self) -> tuple[Run, ...]:
        """The run that is shown, and after it the others that it is compared with."""
        shown = () if self._run is None else (self._run,)
        return (*shown, *(run for run in self._compared if run is not self._run))

    def compare(self, run: Run, *, on: bool) -> None:
        """Choose a run to be compared, or no longer."""
        if on == (run in self._compared):
            return
        (self._compared.append if on else self._compared.remove)(run)
        self.compared_changed.emit()

    def show_run(self, run: Run | None) -> None:
        """Show a run at its newest position.

        Who hears of the run may ask for its position at once: it is not the one that was left.
        """
        is_another, followed = run is not self._run, self._is_live
        self._run, self._is_live = run, True
        self._position = UNTRAINED if run is None else run.newest
        if is_another:
            self.run_changed.emit()
        if not followed:
            self.live_changed.emit()
        self.newest_moved()

    def show(self, position: Position) -> None:
        """Show the recorded position nearest to this one, and stay there while training goes on."""
        nearest = None if self._run is None else self._run.retained_near(position)
        if nearest is None:
            return
        self._set_live(is_live=False)
        if nearest != self._position:
            self._position = nearest
            self.position_changed.emit()

    def follow(self) -> None:
        """Show the newest weights from now on."""
        self._set_live(is_live=True)
        self.newest_moved()

    def newest_moved(self) -> None:
        """Report the view that the run it shows has newer weights, or that some are not kept any more."""
        if self._run is None:
            return
        if self._is_live:
            self._position = self._run.newest
            self.position_changed.emit()
        else:
            self.show(self._position)

    def step(self, by: int) -> None:
        """Move by so many recorded positions, forwards or backwards."""
        nearest = None if self._run is None else self._run.retained_near(self._position)
        if self._run is None or nearest is None:
            return
        recorded = self._run.recorded
        here = recorded.index(nearest)
        self.show(recorded[max(0, min(len(recorded) - 1, here + by))])

    def _set_live(self, *, is_live: bool) -> None:
        if is_live != self._is_live:
            self._is_live = is_live
            self.live_changed.emit()
