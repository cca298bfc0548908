"""Icons that are painted in the theme's colours."""

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
    """Return an outline icon from `resources/icons`.

    It reads the theme at every paint, so nothing has to be rebuilt when the theme changes. A disabled icon
    has the colour of disabled text.

    Args:
        name: name of the icon, such as `player-play`.
        tint: which of the theme's colours it has.

    Raises:
        FileNotFoundError: if there is no such icon.
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
        """Return the cached pixmap: Qt asks at every paint of a button, and drawing the outline is slow."""
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
        """Return the colour and the width of the lines, in units of the outline."""
        colours, sizes = self._theme.colours, self._theme.sizes
        colour = colours.field_edge if mode == QIcon.Mode.Disabled else getattr(colours, self._tint)
        return colour, sizes.icon_stroke * _VIEW_BOX / sizes.icon

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._svg, self._theme, self._tint)
