"""Near-duplicates across the parts of a split."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from cadl_gui.domain.dataset_answers import MOST_COMPARED, MOST_DUPLICATES, Duplicates
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, label, named, push_button, row_of
from cadl_gui.ui.data.pairs_view import PairsView
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_WHY = _("An image that is both in the training and in the test part makes the test too easy.")
_HOW = _("Search for images in different parts of the split that look the same.")
_CLICK = _("Click one to see it large.")
_SEARCHING = _("Comparing the images of different parts…")
_NONE = _("No two images of different parts look the same.")
_SAMPLE = _("There are so many images that only a sample of {n:,} was compared.")
_MOST_CACHED = 64
_Slot = Callable[[], object]


class DuplicatesPanel(QWidget):
    """Starts the search for near-duplicates, shows its progress, and then the pairs side by side.

    Args:
        theme: Colours, type and icons.
        jobs: Runs the jobs that write image files.
        search: Starts the search.
        cancel: Stops it.

    Attributes:
        image_chosen: Signal (int), the image with this number was clicked.

    Signals:
        images_wanted: (tuple[int, ...]) Numbers of images that are needed; answer with `set_images`.
    """

    images_wanted = Signal(tuple)

    def __init__(self, theme: Theme, jobs: BackgroundJobs, search: _Slot, cancel: _Slot) -> None:
        super().__init__()
        self._duplicates: Duplicates | None = None
        self._progress: float | None = None
        self._images: dict[int, NDArray[np.uint8]] = {}
        self._asked: set[int] = set()
        self._view = named(PairsView(theme, empty_text=_WHY), "duplicatePairs")
        self._panel = FigurePanel(self._view, theme, jobs, _("Near-duplicates"))
        self._text = label("", "duplicatesLabel", wraps=True, textRole="caption", secondary=True)
        self._search = push_button(_("Find near-duplicates"), "findDuplicatesButton", slot=search)
        self._cancel = push_button(_("Cancel"), "cancelDuplicatesButton", slot=cancel)
        self._bar = QProgressBar(textVisible=False)
        named(self._bar, "duplicatesProgress", says=_("Progress of the search for near-duplicates"))
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self._view.page_changed.connect(self._on_page_changed)
        self.image_chosen = self._view.image_chosen
        self._show()

    def set_duplicates(self, duplicates: Duplicates | None) -> None:
        """Show what a search has found; None before a search."""
        self._duplicates, self._progress = duplicates, None
        self._images.clear()
        self._asked.clear()
        self._show()
        self._view.set_pairs(() if duplicates is None else duplicates.pairs)

    def set_progress(self, fraction: float | None) -> None:
        """Show how far a search is, in [0, 1]; None where none is running."""
        self._progress = fraction
        self._show()

    def set_images(self, numbers: Sequence[int], images: NDArray[np.uint8]) -> None:
        """Show images that were asked for.

        Args:
            images: (n, height, width, 1 or 3) uint8.
        """
        self._asked.difference_update(numbers)
        self._images.update(zip(numbers, images, strict=True))
        self._view.set_images(self._images)
        shown = self._shown_numbers()  # of which the first images decide how many they are
        spare = [number for number in self._images if number not in shown]
        for number in spare[: max(0, len(self._images) - _MOST_CACHED)]:
            del self._images[number]

    def _lay_out(self) -> None:
        search = row_of(GAP_SMALL_PX, self._search, (self._bar, 1), self._cancel)
        search.addStretch(0)
        column_in(self, GAP_SMALL_PX, self._text, search, (self._panel, 1))

    @Slot()
    def _show(self) -> None:
        """Show the state of the search."""
        found, is_searching = self._duplicates, self._progress is not None
        self._search.setVisible(found is None and not is_searching)
        self._bar.setVisible(is_searching)
        self._cancel.setVisible(is_searching)
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * (self._progress or 0.0)))
        self._text.setText(" ".join(_sentences(found, is_searching=is_searching)))
        self._panel.setVisible(found is not None and bool(found.pairs))

    @Slot()
    def _on_page_changed(self) -> None:
        missing = self._shown_numbers() - self._images.keys() - self._asked
        if missing:
            self._asked |= missing
            self.images_wanted.emit(tuple(sorted(missing)))

    def _shown_numbers(self) -> set[int]:
        return {number for pair in self._view.shown_pairs for number in (pair.first, pair.second)}


def _sentences(found: Duplicates | None, *, is_searching: bool) -> list[str]:
    """Describe the state of the search, the most important first."""
    if is_searching:
        return [_SEARCHING]
    if found is None:
        return [_WHY, _HOW]
    n = len(found.pairs)
    if n == 0:
        sentences = [_NONE]
    elif n == 1:
        sentences = [_("Two images in different parts look the same."), _CLICK]
    elif n < MOST_DUPLICATES:
        sentences = [_("{n:,} pairs of images in different parts look the same.").format(n=n), _CLICK]
    else:
        sentences = [
            _("Many images in different parts look the same; these are the {n:,} nearest pairs.").format(n=n),
            _CLICK,
        ]
    return [*sentences, _SAMPLE.format(n=MOST_COMPARED)] if found.is_sample else sentences
