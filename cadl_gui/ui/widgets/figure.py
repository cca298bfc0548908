"""What a `FigurePanel` shows."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget


@runtime_checkable
class Figure(Protocol):
    """What a panel needs of the widget that it shows, besides being a `QWidget` that takes the focus.

    Widgets that paint themselves are a `FigureView`, which has all of it.
    """

    @property
    def hover_text(self) -> SignalInstance:
        """Signal (str): what is under the pointer, "" if nothing."""

    def render_image(self, scale: float) -> QImage:
        """Paint it, `scale` image pixels to each of its own."""


def rendered(widget: QWidget, scale: float) -> QImage:
    """A widget with all that lies in it, `scale` image pixels to each of its own."""
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    widget.render(image)
    return image
