"""A view of the latent plane that can be panned and zoomed."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QCoreApplication, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent

from cadl_gui.domain.view import Square
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.system.file_limits import LARGEST_LATENT
from cadl_gui.ui.figures.zoom import Surface
from cadl_gui.ui.theme.theme import Theme


class LatentView(Surface):
    """Shows a box of the plane, with both axes on the same scale.

    The middle or right button pans, the wheel zooms about the pointer, + and - about the centre; Home and a
    double click show everything. A right click without panning opens the context menu.

    Signals:
        view_changed: (`ViewBox`) The visible part of the plane changed.
        box_chosen: (`Square` or None) The user chose this part of the plane, or that which `fit` shows.
    """

    _panning = Qt.MouseButton.MiddleButton | Qt.MouseButton.RightButton
    _per_notch = 1.2
    view_changed = Signal(object)
    box_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, empty_text="")
        self._home = ViewBox.around(np.empty((0, 2)))
        self._box = self._asked = self._home
        self._is_fitted = True

    @property
    def view(self) -> ViewBox:
        """The visible part: at least the one requested, and more along the longer side of the widget."""
        return self._box

    def set_view(self, box: ViewBox) -> None:
        """Show a part of the plane."""
        self._asked = box
        shown = box.grown_to(self.width() / max(1, self.height()))
        if box == self._home:
            self._is_fitted = True
        elif shown != self._box:
            self._is_fitted = False
        if shown != self._box:
            self._box = shown
            self.update()
            self.view_changed.emit(shown)

    @property
    def is_fitted(self) -> bool:
        """Whether the view was fitted, and not changed since."""
        return self._is_fitted

    @property
    def home(self) -> ViewBox:
        """The part of the plane that `fit` shows."""
        return self._home

    def set_home(self, box: ViewBox) -> None:
        """Set the part of the plane that `fit` shows."""
        self._home = box

    @Slot()
    def fit(self) -> None:
        """Show everything, as the user wishes."""
        self.show_box(None)
        self.box_chosen.emit(None)

    def choose(self, box: ViewBox) -> None:
        """Show a part of the plane that the user wishes to see: its centre, and all of its shorter side."""
        z0, z1 = (min(max(z, -LARGEST_LATENT), LARGEST_LATENT) for z in box.centre)
        chosen: Square = z0, z1, min(box.width, box.height)
        self.show_box(chosen)
        self.box_chosen.emit(chosen)

    def show_box(self, chosen: Square | None) -> None:
        """Show a part of the plane that was chosen, or everything."""
        self.set_view(self.box_of(chosen))

    def box_of(self, chosen: Square | None) -> ViewBox:
        """Return the part of the plane that `show_box` shows, and the widget grows to its own shape."""
        return self._home if chosen is None else ViewBox.centred(*chosen, chosen[2])

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom the plane, by default about the centre."""
        self.choose(self._box.zoomed(factor, *(self._box.centre if about is None else self.to_plane(about))))

    def pan(self, by: QPointF) -> None:
        """Pan the plane."""
        right, up = -by.x() / self.width() * self._box.width, by.y() / self.height() * self._box.height
        self.choose(self._box.panned(right, up))

    def to_widget(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return the widget coordinates of points of the plane, (..., 2)."""
        return self._box.to_pixels(points, self.width(), self.height())

    def to_plane(self, position: QPointF) -> tuple[float, float]:
        """Return the point of the plane at a position of the widget."""
        return self._box.to_plane(position.x(), position.y(), self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Refit a fitted view, or else preserve the centre and the scale of the shorter side."""
        super().resizeEvent(event)
        self.set_view(self._home if self._is_fitted else self._asked)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Defer the context menu of the right button, which may be about to pan."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            event.accept()
        else:
            super().contextMenuEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and fit."""
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(self._per_notch)
            case Qt.Key.Key_Minus:
                self.zoom(1 / self._per_notch)
            case Qt.Key.Key_Home:
                self.fit()
            case _:
                super().keyPressEvent(event)

    def _click(self, event: QMouseEvent) -> None:
        """Open the context menu after a right click without panning."""
        parent: Any = self.parentWidget()
        if parent is None or event.button() != Qt.MouseButton.RightButton:
            return
        place = self.mapToParent(event.position().toPoint())
        asked = QContextMenuEvent(
            QContextMenuEvent.Reason.Other, place, event.globalPosition().toPoint(), event.modifiers()
        )
        QCoreApplication.sendEvent(parent, asked)
