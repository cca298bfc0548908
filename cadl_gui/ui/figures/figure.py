"""The interface of the widgets that a `FigurePanel` shows."""

from typing import Protocol, runtime_checkable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget


@runtime_checkable
class Figure(Protocol):
    """Interface of the content of a panel, which is also a `QWidget` that takes the focus.

    It tells what is under the pointer by `send_hover_text`.

    Widgets that paint themselves derive from `FigureView`, which implements it.
    """

    def render_image(self, scale: float) -> QImage:
        """Paint the figure with `scale` image pixels per widget pixel."""


def rendered(widget: QWidget, scale: float) -> QImage:
    """Render a widget and its children with `scale` image pixels per widget pixel."""
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    widget.render(image)
    return image
