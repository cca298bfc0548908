"""A dataset as the network shown sees it: image and reconstruction side by side, with a slider."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.ui.data.pair_view import PairView
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.action_button import ActionButton
from cadl_gui.ui.widgets.export_progress import ExportProgress
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.jump_slider import JumpSlider

_TITLE = "Network's view"
_EMPTY = "Each image appears here next to the network's output."
_PAGES = 20
"""A click beside the slider's handle moves by such a part of all images."""


class ReinterpretPanel(QWidget):
    """Shows one image beside its reconstruction, or says why there is none.

    Args:
        theme: Colours, type and icons.
        jobs: Runs the jobs that write image files.

    Signals:
        image_wanted: (int) The image at this place of the order should be shown.
        prepare_wanted: The dataset should be prepared so that the network takes its images.
        cancel_wanted: The film that is being written should be given up.
    """

    image_wanted = Signal(int)
    prepare_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, jobs: BackgroundJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._about_image = ""
        self._view = PairView(theme, empty_text=_EMPTY)
        self._view.setObjectName("reinterpretedPair")
        self._figure = FigurePanel(self._view, theme, jobs, _TITLE)
        self._slider = JumpSlider()
        self._slider.setObjectName("imageSlider")
        self._slider.setAccessibleName("Image")
        self._slider.setToolTip("Go through the images, in the order shown")
        self._slider.valueChanged.connect(self.image_wanted)
        self._name = _caption("reinterpretedLabel")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._message = _caption("reinterpretMessage")
        self._message.setWordWrap(True)
        # It says why the largest part of the page is empty; a caption would be read last.
        set_style_property(self._message, "textRole", "body")
        set_style_property(self._message, "secondary", value=False)
        self._prepare = QPushButton("Prepare for the network…")
        self._prepare.setObjectName("prepareForNetworkButton")
        self._prepare.clicked.connect(self.prepare_wanted)
        self._progress = ExportProgress("film")
        self._progress.cancelled.connect(self.cancel_wanted)
        self._row = QHBoxLayout()
        self._row.setSpacing(GAP_SMALL_PX)
        self._row.addWidget(self._slider, stretch=1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_SMALL_PX)
        self._column.addWidget(self._figure, stretch=100)
        self._column.addLayout(self._row)
        for widget in (self._name, self._message):
            self._column.addWidget(widget)
        self._column.addWidget(self._prepare, alignment=Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._progress)
        self._column.addStretch(1)
        self._save: ActionButton | None = None
        theme.changed.connect(self._arrange)
        self.set_message("", "")
        self.set_count(0)

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Add the buttons of the actions `playImages` and `saveReinterpreted`."""
        self._row.insertWidget(0, ActionButton(actions["playImages"]))
        self._save = ActionButton(actions["saveReinterpreted"])
        self._column.insertWidget(
            self._column.indexOf(self._progress), self._save, alignment=Qt.AlignmentFlag.AlignLeft
        )
        self._arrange()

    def set_count(self, n: int) -> None:
        """Set the number of images that the slider goes through."""
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(0, n - 1))
            self._slider.setPageStep(max(1, n // _PAGES))
        self._slider.setEnabled(n > 1)

    def set_place(self, place: int) -> None:
        """Move the slider without emitting `image_wanted`."""
        with QSignalBlocker(self._slider):
            self._slider.setValue(place)

    def set_pair(self, image: NDArray[np.uint8] | None, made: NDArray[np.uint8] | None) -> None:
        """Show an image, (height, width, 1 or 3) uint8, with its reconstruction if there is one."""
        self._view.set_pair(image, made)
        self._limit_figure()

    def set_texts(self, note: str, about_image: str) -> None:
        """Set what the title says of the network, and the line that describes the image."""
        self._figure.set_note(note)
        self._about_image = about_image
        self._name.setToolTip(plain_tip(about_image))
        self._show_name()

    def set_message(self, message: str, prepare: str) -> None:
        """Say why there is no reconstruction, and label the button that prepares the dataset; "" hides."""
        self._message.setText(message)
        self._message.setVisible(bool(message))
        self._prepare.setText(prepare or self._prepare.text())
        self._prepare.setVisible(bool(prepare))

    def show_progress(self, name: str, n: int, total: int) -> None:
        """Show how far a film is; "" hides the progress.

        Args:
            name: File name of the film.
            n: Frames written so far.
            total: Their number, as far as it is known.
        """
        self._progress.setToolTip(plain_tip(name))
        if name:
            self._progress.show_progress("Film", n, max(n, total))
        else:
            self._progress.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the images no more height than they need, and elide their name anew."""
        super().resizeEvent(event)
        self._limit_figure()
        self._show_name()

    @Slot()
    def _arrange(self) -> None:
        """Hide presenter controls in present mode."""
        if self._save is not None:
            self._save.setVisible(not self._theme.present)
        self._limit_figure()
        self._show_name()

    def _limit_figure(self) -> None:
        """Keep the height that a pair needs, also for one image, so that nothing below it moves."""
        images = self._view.images
        height, width = (1, 1) if images is None else images.shape[1:3]
        title = small_control(self._theme.sizes) + 2 * GAP_SMALL_PX
        needed = self.width() * height // (2 * width) + title
        self._figure.setMaximumHeight(max(needed, self._figure.minimumSizeHint().height()))

    def _show_name(self) -> None:
        metrics = self._name.fontMetrics()
        # The beginning of a path is less telling than its end.
        self._name.setText(metrics.elidedText(self._about_image, Qt.TextElideMode.ElideLeft, self.width()))


def _caption(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_style_property(label, "textRole", "caption")
    set_style_property(label, "secondary", value=True)
    return label
