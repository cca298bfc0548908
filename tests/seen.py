"""What a person sees on the screen."""

from PySide6.QtGui import QImage


def on_screen(widget):
    """The widget as it was painted last: `grab` paints anew, and so cannot see what was not repainted."""
    picture = widget.screen().grabWindow(widget.winId())
    return picture.toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(widget):
    """The widget as it would be painted now."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def colours_of(image):
    """The colours of an image, as #rrggbb."""
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
