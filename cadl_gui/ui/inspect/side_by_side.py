"""Two figures that are looked at together, such as a layer before and after training."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from cadl_gui.ui.controls.parts import grid_in, label
from cadl_gui.ui.figures.figure import rendered
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.theme.tokens import GAP_PX, UNIT_PX


class SideBySide(QWidget):
    """A `Figure` with captions above its two parts, of which the left one can be left out.

    Args:
        left: The part that can be left out, as it is at first.
        right: The part that has the focus.
    """

    def __init__(self, left: FigureView, right: FigureView) -> None:
        super().__init__()
        self._right = right
        self._captions = label(secondary=True), label(secondary=True)
        self._left = left
        grid = grid_in(self, GAP_PX, UNIT_PX)
        for column, (view, caption) in enumerate(zip((left, right), self._captions, strict=True)):
            caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(caption, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)
        self.setFocusProxy(right)
        self.set_paired(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep both equally wide: of a montage, one pixel more can be a larger scale."""
        super().resizeEvent(event)
        self._settle()

    @property
    def is_paired(self) -> bool:
        """Whether both are shown."""
        return not self._left.isHidden()

    def set_paired(self, paired: bool) -> None:
        """Set whether to show both, or only the right one."""
        self._left.setVisible(paired)
        self._show_captions()
        layout = self.layout()
        assert isinstance(layout, QGridLayout), "it was set above"
        layout.setColumnStretch(0, int(paired))
        layout.setHorizontalSpacing(GAP_PX if paired else 0)
        self._settle()

    def set_captions(self, left: str, right: str) -> None:
        """Set the captions, such as "untrained" and "epoch 3"; "" for none."""
        for caption, text in zip(self._captions, (left, right), strict=True):
            if caption.text() != text:
                caption.setText(text)
        self._show_captions()
        self._settle()

    def _show_captions(self) -> None:
        for caption in self._captions:
            caption.setVisible(self.is_paired and bool(caption.text()))

    def _settle(self) -> None:
        """Lay out at once, so that no click finds the parts at their places of before."""
        layout = self.layout()
        assert layout is not None, "it was set above"
        is_odd = self.is_paired and (self.width() - GAP_PX) % 2
        layout.setContentsMargins(0, 0, int(is_odd), 0)
        layout.activate()

    def render_image(self, scale: float) -> QImage:
        """Render both with their captions, or the content of the one that is shown."""
        return rendered(self, scale) if self.is_paired else self._right.render_image(scale)
