"""Fetches what the montage shows: the dataset, the order of its images, and tiles."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.dataset_answers import PARTS
from cadl_gui.domain.dataset_requests import (
    DatasetRef,
    DescribeDataset,
    ImageSelection,
    OrderImages,
    RenderTiles,
    ShrinkImages,
)
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.formatting import percent_text
from cadl_gui.domain.requests import ComputeErrors
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.data.dataset_montage import DatasetMontage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cadl_gui.domain.dataset_description import DatasetDescription

_TILES_AT_ONCE = 4
"""Tiles per request: some ten milliseconds, for which those of another view may have to wait."""

_AT_ONCE = 500
"""Images evaluated per request, for as long."""

_NOTHING_FOUND = _("No image passes the filter.")
_SEARCHING, _STRANGEST = _("The network looks for these images…"), _("Finding the strangest images…")


class MontageController(QObject):
    """Asks about one dataset at a time and fills the montage; requests wait while the page is hidden.

    Args:
        engine: answers the requests.
        montage: the montage.
        page: parent, which has the montage.

    Signals:
        described: (`DatasetDescription`) another dataset is shown.
        counted: (str) how many images are shown; "" for all.
        ordered: ((m,) int32) other images are shown, or in another order: their indices in the dataset.
        unreadable: the dataset cannot be shown; the montage says why.
    """

    described = Signal(object)
    counted = Signal(str)
    ordered = Signal(object)
    unreadable = Signal()

    def __init__(self, engine: Engine, montage: DatasetMontage, page: QWidget) -> None:
        super().__init__(page)
        self._engine = engine
        self._montage = montage
        self._reading = Question(engine, self, self._read, self.open_again, page=page)
        self._ordering = Question(engine, self, self._order_images, self.open_again, page=page)
        self._tiling = Question(engine, self, self._render_tiles, self.open_again, page=page)
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self._run: Run | None = None
        self._selection = ImageSelection()
        self._numbers: NDArray[np.int32] | None = None
        self._found: NDArray[np.float32] | None = None
        self._is_shrunk = self._is_read_again = False
        montage.tiles_wanted.connect(self._tiling.ask_more)

    def show_dataset(self, dataset: DatasetRef, *, is_asked_for: bool, run: Run | None = None) -> None:
        """Show a dataset: all its images in their own order, unless `select` says otherwise.

        Args:
            is_asked_for: whether the user chose it; see `DescribeDataset`.
            run: the run trained on it whose errors may sort the images; None if there is none.
        """
        self._stop()
        self._dataset, self._about, self._run = dataset, None, run
        self._selection, self._is_shrunk = ImageSelection(), False
        self._montage.show_message(_("Reading the dataset…"))
        self._reading.ask_anew(dataset, is_asked_for)

    def set_run(self, run: Run | None) -> None:
        """Set the run whose errors may sort the images."""
        if run is not self._run:
            self._run = run
            self.sort_again()

    def error_text(self, number: int) -> str:
        """Return how many times the average of its part the error of an image is; "" if not all are known."""
        errors, chosen = self._found, self._selection
        is_part = chosen == ImageSelection(chosen.key, part=chosen.part)
        if errors is None or not is_part or not 0 <= number < len(errors) or errors[number] < 0:
            return ""
        error = abs(errors[number]) / max(errors[errors >= 0].mean(dtype=np.float64), 1e-12)
        which = _("all") if chosen.part is None else PARTS[chosen.part]
        return _("error {error} × the average of {which} images").format(
            error=f"{error:,.{0 if error >= 100 else 1}f}", which=which
        )

    def select(self, selection: ImageSelection) -> bool:
        """Show some of the images, in some order; return False if they are shown so already."""
        is_another = selection != self._selection
        if is_another:
            self._selection = selection
            self._order()
        return is_another

    def sort_again(self) -> None:
        """Sort by error anew, if that is the order, because other weights are shown."""
        if self._selection.needs_network and self._about is not None:
            self._order()

    def _stop(self) -> None:
        for question in (self._reading, self._ordering, self._tiling):
            question.cancel()
        self._numbers = self._found = None
        self.counted.emit("")

    async def _read(self, dataset: DatasetRef, is_asked_for: bool) -> None:
        try:
            about, _position = await DescribeDataset(dataset, is_asked_for)
        except CadlError as error:
            self._montage.show_message(str(error))
            self.counted.emit("")
            self.unreadable.emit()
            return
        self._about = about
        self.described.emit(about)
        if not self._ordering.is_asking():  # what heard of the dataset may have selected images
            self._order()
        while (share := (await ShrinkImages(dataset))[0]) < 1:
            self._montage.show_message(_("Reading the images: {share}").format(share=percent_text(share, 0)))
        self._is_shrunk = True
        self._show()

    def _order(self) -> None:
        self._found = None
        self.counted.emit("")
        if self._dataset is not None and self._about is not None:
            self._ordering.ask_anew(self._dataset, self._about.n, self._selection)

    async def _order_images(self, dataset: DatasetRef, n: int, selection: ImageSelection) -> None:
        """Ask for the order; if a network is needed for it, first for the images that pass the filter.

        Until their errors are known, no image is there to be clicked: it would change under the pointer.
        """
        numbers, _ = await OrderImages(dataset, selection)
        run = self._run if selection.needs_network and len(numbers) else None
        self._numbers = numbers if run is None else None
        if run is None:
            self._show()
            return
        errors, position = np.full(n, -1, np.float32), self._engine.view.position_of(run)
        what = _STRANGEST if selection.predicted is None else _SEARCHING
        try:
            for start in range(0, len(numbers), _AT_ONCE):
                self._montage.show_message(f"{what} {percent_text(start / len(numbers), 0)}")
                block = numbers[start : start + _AT_ONCE]
                errors[block], _ = await ComputeErrors(run.run_id, position, block, selection.predicted)
        except CadlError as error:
            if selection.predicted is None:
                self._numbers = numbers
                self._show()
            else:
                self._montage.show_message(str(error))
            self._engine.notifications.unanswered.emit(str(error))
            return
        self._found = errors
        self._numbers, _ = await OrderImages(dataset, selection, errors)
        self._show()

    def _show(self) -> None:
        dataset, about, numbers = self._dataset, self._about, self._numbers
        if dataset is None or about is None or numbers is None or not self._is_shrunk:
            return
        self.counted.emit(
            "" if len(numbers) == about.n else _("{n:,} of {total:,}").format(n=len(numbers), total=about.n)
        )
        self.ordered.emit(numbers)
        if len(numbers):
            by_class, subject = self._selection.key == "class", f"{dataset.config.dataset} {self._selection}"
            self._montage.set_images(about, numbers, by_class=by_class, subject=subject)
        else:
            self._montage.show_message(_NOTHING_FOUND)

    async def _render_tiles(self) -> None:
        while (
            self._dataset is not None
            and (grid := self._montage.grid) is not None
            and (tiles := tuple(self._montage.missing_tiles()[:_TILES_AT_ONCE]))
        ):
            pixels, _ = await RenderTiles(self._dataset, grid.cells, tiles)
            self._is_read_again = False
            self._montage.add_tiles(grid, tiles, pixels)

    @Slot(str)
    def open_again(self, message: str) -> None:
        """Open the dataset again after a request failed, since its files have changed.

        Args:
            message: why the request failed; shown if opening it again has not helped.
        """
        if self._dataset is not None and self._about is None:
            return  # it is being opened again: several requests fail for one change
        if self._dataset is None or self._is_read_again:
            self._stop()
            self._montage.show_message(message)
            return
        self._is_read_again = True
        self.show_dataset(self._dataset, is_asked_for=False, run=self._run)
