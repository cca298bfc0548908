"""Makes the icon files of the three systems from the one drawing.

    python resources/packaging/make_icons.py

Reads `resources/icons/app.svg`; writes `app.png` (the window), `app.ico` (Windows), `app.icns` (macOS).
"""

import io
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[1] / "icons"
_ICO_SIDES_PX = (16, 24, 32, 48, 64, 128, 256)


def draw(side_px: int) -> Image.Image:
    """The drawing as an image of that side, drawn afresh rather than scaled."""
    image = QImage(side_px, side_px, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(ICONS / "app.svg")).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data())))


def main() -> None:
    """Write the three files."""
    draw(256).save(ICONS / "app.png", optimize=True)
    small = [draw(side) for side in _ICO_SIDES_PX]
    small[-1].save(ICONS / "app.ico", sizes=[image.size for image in small], append_images=small[:-1])
    draw(1024).save(ICONS / "app.icns", append_images=[draw(side) for side in (32, 64, 128, 256, 512)])


if __name__ == "__main__":
    application = QGuiApplication(["make_icons", "-platform", "offscreen"])
    main()
