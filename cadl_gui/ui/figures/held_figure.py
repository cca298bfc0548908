"""A frozen image beside the live one."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.theme.tokens import UNIT_PX

_HELD = _("Held")


class HeldFigure(QWidget):
    """Shows an image at the top left, as large as fits, with its aspect ratio; it says that it is held."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def image(self) -> QImage:
        """The image shown."""
        return self._image

    def set_image(self, image: QImage) -> None:
        """Show an image."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the image."""
        return self._image.deviceIndependentSize().toSize()

    def minimumSizeHint(self) -> QSize:
        """Return a minimal size, so that it shrinks with its neighbour."""
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the image, smoothed where its pixels do not match the screen's."""
        if self._image.isNull():
            return
        target = QRect()
        size = self._image.deviceIndependentSize()
        target.setSize(size.scaled(self.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio).toSize())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._image)
        # On the image: beneath it, too far away, was not seen which of the two is held.
        room = painter.fontMetrics().boundingRect(_HELD).size() + QSize(4 * UNIT_PX, UNIT_PX)
        badge = QRect(target.topLeft(), room)
        painter.fillRect(badge, self.palette().window())
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, _HELD)
