"""Icons that take the theme's colours while they are painted."""

from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from cadl_gui.system.resources import resource_path
from cadl_gui.ui.theme.theme import Theme

Tint = Literal["text", "secondary", "accent", "on_accent", "caution", "error"]

_VIEW_BOX = 24


def icon(name: str, theme: Theme, tint: Tint = "text") -> QIcon:
    """An outline icon, such as `player-play`, from `resources/icons`.

    It reads the theme at every paint: after a change of theme nothing has to be rebuilt. A disabled icon
    takes the colour of disabled text.

    Raises:
        FileNotFoundError: if no such icon ships.
    """
    return QIcon(_ThemedEngine(_svg(name), theme, tint))


@cache
def _svg(name: str) -> str:
    return resource_path(f"icons/{name}.svg").read_text("utf-8")


class _ThemedEngine(QIconEngine):
    def __init__(self, svg: str, theme: Theme, tint: Tint) -> None:
        super().__init__()
        self._svg = svg
        self._theme = theme
        self._tint: Tint = tint

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002 (Qt)
        colour, stroke = self._ink(mode)
        tinted = self._svg.replace("currentColor", colour).replace(
            'stroke-width="2"', f'stroke-width="{stroke:.3f}"'
        )
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        QSvgRenderer(QByteArray(tinted.encode())).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Qt asks at every paint of a button; drawing the outlines anew takes longer than the rest of it."""
        colour, stroke = self._ink(mode)
        key = f"icon {hash(self._svg)} {colour} {stroke} {size.width()}x{size.height()}"
        pixmap = QPixmap()
        if QPixmapCache.find(key, pixmap):
            return pixmap
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        QPixmapCache.insert(key, pixmap)
        return pixmap

    def _ink(self, mode: QIcon.Mode) -> tuple[str, float]:
        """Colour and width of the lines, in the units of the outline."""
        colours, sizes = self._theme.colours, self._theme.sizes
        colour = colours.field_edge if mode == QIcon.Mode.Disabled else getattr(colours, self._tint)
        return colour, sizes.icon_stroke * _VIEW_BOX / sizes.icon

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._svg, self._theme, self._tint)
