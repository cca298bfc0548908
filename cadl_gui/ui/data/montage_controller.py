"""Fetches what the montage shows: the dataset, the order of its images, and tiles."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.dataset_requests import (
    DatasetRef,
    DescribeDataset,
    ImageSelection,
    MontageTile,
    OrderImages,
    RenderTiles,
    ShrinkImages,
)
from cadl_gui.domain.formatting import percent_text
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import ComputeErrors
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.imaging.montage.grid import MontageGrid
from cadl_gui.ui.data.dataset_montage import DatasetMontage

_TILES_AT_ONCE = 4
"""Tiles per request: some ten milliseconds, for which those of another view may have to wait."""

_AT_ONCE = 500
"""Images evaluated per request, for as long."""

_NOTHING_FOUND, _SEARCHING = "No image passes the filter.", "The network looks for these images…"


class MontageController(QObject):
    """Asks about one dataset at a time and fills the montage; requests wait while it is inactive.

    Args:
        engine: answers the requests.
        montage: the montage.
        parent: parent object.

    Signals:
        described: (`DatasetDescription`) another dataset is shown.
        progress_changed: (str) what is being computed, and how far it is; else how many images are shown, ""
            for all.
        ordered: ((m,) int32) other images are shown, or in another order: their indices in the dataset.
        unreadable: the dataset cannot be shown; the montage says why.
    """

    described = Signal(object)
    progress_changed = Signal(str)
    ordered = Signal(object)
    unreadable = Signal()

    def __init__(self, engine: Engine, montage: DatasetMontage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._montage = montage
        self._client = InferenceClient(engine.datasets, self)
        self._errors = Question(engine, self, self._compute_errors, self._on_no_errors)
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self._run: Run | None = None
        self._selection = ImageSelection()
        self._numbers: NDArray[np.int32] | None = None
        self._found: NDArray[np.float32] | None = None
        self._is_shrunk = self._is_read_again = False
        montage.tiles_wanted.connect(self._ask_for_tiles)

    @Slot(bool)
    def set_active(self, active: bool) -> None:
        """Set whether requests are sent."""
        self._client.set_active(active)
        self._errors.set_active(active)

    def show_dataset(self, dataset: DatasetRef, *, is_asked_for: bool, run: Run | None = None) -> None:
        """Show a dataset: all its images in their own order, unless `select` says otherwise.

        Args:
            dataset: the dataset.
            is_asked_for: whether the user chose it; see `DescribeDataset`.
            run: the run trained on it whose errors may sort the images; None if there is none.
        """
        self._stop()
        self._dataset, self._about, self._run = dataset, None, run
        self._selection, self._is_shrunk = ImageSelection(), False
        self._montage.show_message("Reading the dataset…")
        self._client.ask(DescribeDataset(dataset, is_asked_for), self._on_described, self._on_unreadable)

    def set_run(self, run: Run | None) -> None:
        """Set the run whose errors may sort the images."""
        if run is not self._run:
            self._run = run
            self.sort_again()

    def error_of(self, number: int) -> float | None:
        """Return how many times the average of those sorted the error of an image is; None if not known."""
        errors = self._found
        if errors is None or not 0 <= number < len(errors) or errors[number] < 0:
            return None
        return float(errors[number] / max(errors[errors >= 0].mean(dtype=np.float64), 1e-12))

    def select(self, selection: ImageSelection) -> bool:
        """Show some of the images, in some order; return False if they are shown so already."""
        is_another = selection != self._selection
        if is_another:
            self._selection = selection
            self._order()
        return is_another

    @Slot()
    def sort_again(self) -> None:
        """Sort by error anew, if that is the order, because other weights are shown."""
        if self._selection.needs_network and self._about is not None:
            self._order()

    def _stop(self) -> None:
        self._client.cancel()
        self._errors.cancel()
        self._numbers = self._found = None
        self.progress_changed.emit("")

    def _on_described(self, about: DatasetDescription, _: Position | None) -> None:
        self._about = about
        self.described.emit(about)
        self._shrink()
        if not self._client.is_asking(OrderImages):  # what heard of the dataset may have selected images
            self._order()

    def _on_unreadable(self, message: str) -> None:
        self._montage.show_message(message)
        self.progress_changed.emit("")
        self.unreadable.emit()

    def _shrink(self) -> None:
        if self._dataset is not None:
            self._client.ask(ShrinkImages(self._dataset), self._on_shrunk, self.open_again)

    def _on_shrunk(self, share: float, _: Position | None) -> None:
        if share < 1:
            self._montage.show_message(f"Reading the images: {percent_text(share, 0)}")
            self._shrink()
            return
        self._is_shrunk = True
        self._show()

    def _order(self) -> None:
        """Ask for the order; if a network is needed for it, first for the images that pass the filter."""
        self._errors.cancel()
        self._found = None
        self._client.cancel(OrderImages)
        self.progress_changed.emit("")
        if self._dataset is not None and self._about is not None:
            request = OrderImages(self._dataset, self._selection)
            self._client.ask(request, self._on_selected, self.open_again)

    def _on_selected(self, numbers: NDArray[np.int32], _: Position | None) -> None:
        self._numbers, predicted = numbers, self._selection.predicted
        run = self._run if self._selection.needs_network and len(numbers) else None
        if run is None or predicted is None:
            self._show()
        else:
            self._montage.show_message(_SEARCHING)
        if run is not None:
            self._errors.ask_anew(run, numbers, predicted)

    async def _compute_errors(self, run: Run, numbers: NDArray[np.int32], predicted: int | None) -> None:
        assert self._dataset is not None, "images were selected of it"
        assert self._about is not None, "it is described"
        errors, position = np.full(self._about.n, -1, np.float32), self._engine.view.position_of(run)
        for start in range(0, len(numbers), _AT_ONCE):
            block = numbers[start : start + _AT_ONCE]
            errors[block], _ = await ComputeErrors(run.run_id, position, block, predicted)
            share = min(1.0, (start + _AT_ONCE) / len(numbers))
            self.progress_changed.emit(f"computing errors: {percent_text(share, 0)}")
        self.progress_changed.emit("")
        self._found = errors
        request = OrderImages(self._dataset, self._selection, errors)
        self._client.ask(request, self._on_sorted, self.open_again)

    def _on_sorted(self, numbers: NDArray[np.int32], _: Position | None) -> None:
        self._numbers = numbers
        self._show()

    def _on_no_errors(self, message: str) -> None:
        self.progress_changed.emit("")
        if self._selection.predicted is not None:
            self._montage.show_message(message)
        self._engine.notifications.unanswered.emit(message)

    def _show(self) -> None:
        dataset, about, numbers = self._dataset, self._about, self._numbers
        if dataset is None or about is None or numbers is None or not self._is_shrunk:
            return
        self.progress_changed.emit("" if len(numbers) == about.n else f"{len(numbers):,} of {about.n:,}")
        self.ordered.emit(numbers)
        if len(numbers):
            by_class, subject = self._selection.key == "class", f"{dataset.config.dataset} {self._selection}"
            self._montage.set_images(about, numbers, by_class=by_class, subject=subject)
        else:
            self._montage.show_message(_NOTHING_FOUND)

    @Slot()
    def _ask_for_tiles(self) -> None:
        grid, missing = self._montage.grid, self._montage.missing_tiles()[:_TILES_AT_ONCE]
        if (
            self._dataset is not None
            and grid is not None
            and missing
            and not self._client.is_asking(RenderTiles)
        ):
            request = RenderTiles(self._dataset, grid.cells, tuple(missing))
            self._client.ask(request, partial(self._on_tiles, grid, request.tiles), self.open_again)

    def _on_tiles(
        self,
        grid: MontageGrid,
        tiles: tuple[MontageTile, ...],
        pixels: tuple[NDArray[np.uint8], ...],
        _: Position | None,
    ) -> None:
        self._is_read_again = False
        self._montage.add_tiles(grid, tiles, pixels)
        self._ask_for_tiles()

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
