"""What the window shows: one run at one position, and the runs that it is compared with."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.ink import to_float
from cadl_gui.imaging.latent.bookmark import Bookmark


class ViewState(QObject):
    """Holds the run and the position shown, and whether the view is *Live*.

    It is the only copy: every tab subscribes to it.

    Signals:
        position_chosen: a position, *Live* or a run was chosen, be it the one that is shown; what moves the
            view by itself gives way.
        run_changed: another run is shown.
        position_changed: another position is shown, or the newest weights have changed.
        live_changed: *Live* was switched on or off.
        compared_changed: the set of compared runs has changed.
        drawing_changed: the drawing has changed or been removed.
        image_sent: (str, (height, width, channels) float32 in [0, 1], read-only) the tab with this id should
            show an image of a dataset.
        bookmark_requested: (`Bookmark`) the latent vector of a bookmark should be shown.
    """

    position_chosen = Signal()
    run_changed = Signal()
    position_changed = Signal()
    live_changed = Signal()
    compared_changed = Signal()
    drawing_changed = Signal()
    image_sent = Signal(str, object)
    bookmark_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._has_images = False
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
        """Whether the newest weights are shown, whatever they become."""
        return self._is_live

    @property
    def drawing(self) -> NDArray[np.float32] | None:
        """The drawing as networks see it: (height, width, channels) float32 in [0, 1], read-only; or None."""
        return self._drawing

    def set_drawing(self, image: NDArray[np.float32] | None) -> None:
        """Replace the drawing: (height, width, channels) float32 in [0, 1], or None for none."""
        self._drawing = image
        self.drawing_changed.emit()

    def send_image(self, tab: str, image: NDArray[np.uint8]) -> None:
        """Emit `image_sent` for an image of a dataset, (height, width, channels), and the id of a tab."""
        sent = to_float(image)
        sent.flags.writeable = False
        self.image_sent.emit(tab, sent)

    @Slot(object)
    def go_to(self, bookmark: Bookmark) -> None:
        """Emit `bookmark_requested`."""
        self.bookmark_requested.emit(bookmark)

    def position_of(self, run: Run) -> Position | None:
        """Return the position of a run that matches the timeline; None means its newest weights.

        A run other than the one shown is at its last recorded position up to the timeline's; where the
        timeline is at its end, the other run is at its newest weights.
        """
        if self._is_live or self._run is None:
            return None
        if run is self._run:
            return self._position
        return None if self._run.is_at_end(self._position) else run.retained_near(self._position)

    @property
    def compared(self) -> tuple[Run, ...]:
        """The runs chosen for comparison, in the order in which they were chosen."""
        return tuple(self._compared)

    @property
    def chosen(self) -> tuple[Run, ...]:
        """The run shown, followed by the other runs that it is compared with."""
        shown = () if self._run is None else (self._run,)
        return (*shown, *(run for run in self._compared if run is not self._run))

    def compare(self, run: Run, *, on: bool) -> None:
        """Add a run to the comparison, or remove it."""
        if on == (run in self._compared):
            return
        (self._compared.append if on else self._compared.remove)(run)
        self.compared_changed.emit()

    def show_run(self, run: Run | None) -> None:
        """Show a run at its newest position; None shows none.

        `position` is up to date before `run_changed` is emitted, so receivers may read it at once.
        """
        self.position_chosen.emit()
        is_another, was_live = run is not self._run, self._is_live
        self._run, self._is_live = run, True
        self._position = UNTRAINED if run is None else run.newest
        if is_another:
            self._has_images = _has_images(run)
            self.run_changed.emit()
        if not was_live:
            self.live_changed.emit()
        self.newest_moved()

    def update_images(self) -> None:
        """Show the run anew if its images have come to hand since it was shown, or are there no longer."""
        run = self._run
        if _has_images(run) != self._has_images:
            self.show_run(None)
            self.show_run(run)

    def announce(self) -> None:
        """Emit all signals about what is shown, for a part of the window that was built after it changed."""
        for changed in (self.run_changed, self.live_changed, self.compared_changed, self.position_changed):
            changed.emit()

    def show(self, position: Position) -> None:
        """Choose a position: leave *Live*, and show the last recorded one up to this one."""
        self.position_chosen.emit()
        self.move_to(position)

    def move_to(self, position: Position) -> None:
        """Show a position, see `show`, that nobody has chosen, as a replay does."""
        nearest = None if self._run is None else self._run.retained_near(position)
        if nearest is None:
            return
        was_live = self._is_live
        self._set_live(is_live=False)
        # Live views may show newer weights than those of the position, which follows more slowly.
        if was_live or nearest != self._position:
            self._position = nearest
            self.position_changed.emit()

    def go_live(self) -> None:
        """Show the newest weights, whatever they become."""
        self.position_chosen.emit()
        self._set_live(is_live=True)
        self.newest_moved()

    def newest_moved(self) -> None:
        """Update the position after the run shown gained newer weights or dropped some."""
        if self._run is None:
            return
        if self._is_live:
            self._position = self._run.newest
            self.position_changed.emit()
        else:
            self.move_to(self._position)

    def step(self, by: int) -> None:
        """Move by this many recorded positions; negative values move backwards."""
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


def _has_images(run: Run | None) -> bool:
    return run is not None and run.description.examples is not None
