"""The interface of the widgets that a `FigurePanel` shows."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget


@runtime_checkable
class Figure(Protocol):
    """Interface of the content of a panel, which is also a `QWidget` that takes the focus.

    Widgets that paint themselves derive from `FigureView`, which implements it.
    """

    @property
    def hover_text(self) -> SignalInstance:
        """Signal (str): a description of what is under the pointer; "" if nothing is."""

    def render_image(self, scale: float) -> QImage:
        """Paint the figure with `scale` image pixels per widget pixel."""


def rendered(widget: QWidget, scale: float) -> QImage:
    """Render a widget and its children with `scale` image pixels per widget pixel."""
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    widget.render(image)
    return image
