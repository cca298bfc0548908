"""A slider whose handle goes to where it is clicked."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider


class JumpSlider(QSlider):
    """A horizontal slider; a press beside the handle brings it there, where Qt would move it by a page."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the pointer first, which then drags it."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._jump(event.position().x())
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what is scrolled, unless the slider has the focus."""
        if not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)

    def _jump(self, x: float) -> None:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        slider, style = QStyle.ComplexControl.CC_Slider, self.style()
        handle, groove = (
            style.subControlRect(slider, option, part, self)
            for part in (QStyle.SubControl.SC_SliderHandle, QStyle.SubControl.SC_SliderGroove)
        )
        if handle.left() <= x <= handle.right():
            return
        span = groove.width() - handle.width()
        place = round(x - groove.left() - handle.width() / 2)
        self.setValue(
            QStyle.sliderValueFromPosition(
                self.minimum(), self.maximum(), place, span, upsideDown=option.upsideDown
            )
        )
