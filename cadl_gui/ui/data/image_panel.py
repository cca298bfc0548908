"""One image of a dataset, large, beside what networks are told of it."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from cadl_gui.domain.class_names import MOST_SHOWN
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.system.words import _
from cadl_gui.ui.controls.elided_label import ElidedLabel
from cadl_gui.ui.controls.parts import column_in, label, named, push_button, row_in
from cadl_gui.ui.controls.spotlight import FILLS_PAGE
from cadl_gui.ui.data.one_hot_text import why_one_hot
from cadl_gui.ui.data.one_hot_view import OneHotView
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.hover_text import HoverText
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX

TARGETS = {"draw": "Draw", "latent": "Latent", "inspect": "Inspect"}
"""Titles of the tabs that an image can be sent to, by their ids."""

_TITLE, _ONE_HOT = _("Image"), _("Label, one-hot")
_EMPTY = _("Click an image to see it here, pixel by pixel.")
_NO_LABELS = _("The images of this dataset have no labels.")
_POINT = _("Point at a pixel to read its values.")


class ImagePanel(QWidget):
    """Shows an image with the pixel under the pointer, its label as a number and one-hot, and why one-hot.

    Args:
        theme: Colours, type and icons.
        jobs: Runs the jobs that write image files.

    Signals:
        send_wanted: (str) The image should be shown in the tab with this id, a key of `TARGETS`.
    """

    send_wanted = Signal(str)

    def __init__(self, theme: Theme, jobs: BackgroundJobs) -> None:
        super().__init__()
        self._theme = theme
        self._targets: frozenset[str] = frozenset()
        self._image = named(ImageView(theme, empty_text=_EMPTY, tells_bytes=True), "imageView")
        self._one_hot = named(OneHotView(theme, empty_text=""), "oneHotView")
        self._image_panel = FigurePanel(self._image, theme, jobs, _TITLE)
        self._one_hot_panel = FigurePanel(self._one_hot, theme, jobs, _ONE_HOT)
        self._image_panel.installEventFilter(self)
        self._image_panel.spotlight_changed.connect(self._show_title)
        self._pixel = label("", "pixelLabel", textRole="caption", secondary=True)
        self._name = label("", "imageLabel", wraps=True, textRole="section")
        self._file = ElidedLabel("imageFileLabel", keeps_end=True, textRole="caption", secondary=True)
        self._reason = label("", "oneHotReason", wraps=True, textRole="caption", secondary=True)
        for line in (self._pixel, self._name, self._reason):
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._show_in = label(_("Show in"), secondary=True)
        self._buttons = {tab: self._button(tab) for tab in TARGETS}
        self._send = QWidget()
        theme.stage.put(When.AT_A_DESK, self._pixel, self._file, self._send)
        theme.stage.put(When.DETAILS, self._reason)
        self._lay_out()
        theme.changed.connect(self._arrange)
        self.set_image(None, number=0, label=None, class_names=(), file_name="", part="")

    def set_image(
        self,
        image: NDArray[np.uint8] | None,
        *,
        number: int,
        label: int | None,
        class_names: tuple[str, ...],
        file_name: str,
        part: str,
        error: str = "",
    ) -> None:
        """Show an image.

        Args:
            image: (height, width, 1 or 3) uint8; None empties the panel.
            number: Index of the image in its dataset.
            label: Its label, or None if it has none.
            file_name: Its file name, or "".
            part: Its part of the split, such as "training".
            error: How large the error is that the network makes with it, or "".
        """
        self._image.set_image(image)
        is_labelled = image is not None and label is not None
        self._one_hot.set_label(label if is_labelled else None, class_names if is_labelled else ())
        is_short = len(class_names) <= MOST_SHOWN
        self._theme.stage.put(When.ALWAYS if is_short else When.DETAILS, self._one_hot_panel)
        about = _name_text(label, class_names), error
        self._name.setText("" if image is None else " · ".join(filter(None, about)))
        self._show_title()
        self._image_panel.set_note(
            "" if image is None else _("number {number:,}").format(number=number), part
        )
        self._file.setText("" if image is None else file_name)
        self._file.setToolTip(plain_tip(self._file.text()))
        self._reason.setText(why_one_hot(label, class_names) if is_labelled and label is not None else "")
        if image is not None and not is_labelled:
            self._reason.setText(_NO_LABELS)
        self._arrange()

    def set_targets(self, ids: Collection[str]) -> None:
        """Set the tabs whose runs take the image, by their ids."""
        self._targets = frozenset(ids)
        self._enable()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the image no more height than a square one needs."""
        super().resizeEvent(event)
        self._limit_image()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt)
        """Show the pixel under the pointer: of the image alone, not of the one-hot vector below."""
        if isinstance(event, HoverText):
            self._pixel.setText(event.tip() or _POINT)
        return False

    def _button(self, tab: str) -> QPushButton:
        title = _(TARGETS[tab])
        button = push_button(title, f"showIn{TARGETS[tab]}Button", slot=lambda: self.send_wanted.emit(tab))
        return named(button, "", says=_("Show in {title}").format(title=title))

    def _lay_out(self) -> None:
        row_in(self._send, GAP_SMALL_PX, self._show_in, *self._buttons.values(), None)
        above = (self._image_panel, 100), self._pixel, self._name
        column_in(self, UNIT_PX, *above, self._one_hot_panel, self._file, self._send, self._reason, None)

    @Slot()
    def _show_title(self) -> None:
        """Show the label above an image that fills the page, and covers what is below it."""
        fills = self._image.property(FILLS_PAGE)
        self._image_panel.set_title((self._name.text() if fills else "") or _TITLE)

    @Slot()
    def _arrange(self) -> None:
        """Show what there is."""
        show, is_there = self._theme.stage.show, self._image.images is not None
        show(self._pixel, is_there)
        self._pixel.setText(_POINT)
        show(self._name, is_there and bool(self._name.text()))
        show(self._file, bool(self._file.text()))
        show(self._one_hot_panel, bool(self._one_hot.class_names))
        show(self._reason, bool(self._reason.text()))
        self._limit_image()
        self._enable()

    def _limit_image(self) -> None:
        self._image_panel.setMaximumHeight(self.width() + small_control(self._theme.sizes) + GAP_SMALL_PX)

    def _enable(self) -> None:
        is_there = self._image.images is not None
        for tab, button in self._buttons.items():
            title = _(TARGETS[tab])
            button.setEnabled(is_there and tab in self._targets)
            if not is_there:
                button.setToolTip(_("Click an image first"))
            elif tab not in self._targets:
                button.setToolTip(
                    _("{title} shows no run that takes images of this dataset").format(title=title)
                )
            else:
                button.setToolTip(_("Show this image in {title}").format(title=title))


def _name_text(label: int | None, class_names: tuple[str, ...]) -> str:
    if label is None:
        return ""
    name = class_names[label]
    return (
        _("Label {label}").format(label=label)
        if name == str(label)
        else _("Label {label} · {name}").format(label=label, name=name)
    )
