"""What is visible on the screen."""

from contextlib import contextmanager

from hand import leave, point_at
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect
from PySide6.QtGui import QImage

from cadl_gui.ui.figures.hover_text import HoverText


class LayoutRequests(QObject):
    """Counts how often a widget is laid out anew."""

    n = 0

    def eventFilter(self, watched, event):
        self.n += event.type() == QEvent.Type.LayoutRequest
        return False


class _HoverTexts(QObject):
    def __init__(self, widget):
        super().__init__(widget)
        self.heard = []
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if isinstance(event, HoverText):
            self.heard.append(event.tip())
        return False


def hover_texts(widget):
    """The hover texts that come to a widget from now on, a list that grows."""
    return _HoverTexts(widget).heard


def on_screen(widget):
    """The widget as it was last painted; `grab` repaints it, and so would hide a missing repaint."""
    image = widget.screen().grabWindow(widget.winId())
    return image.toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(widget):
    """The widget, repainted."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def part_told(view, words, least=3):
    """The part of a view in which the hover text begins with this text, or None."""
    with _pointer_on(view) as reported:

        def is_there(x, y):
            return view.rect().contains(x, y) and reported(x, y).startswith(words)

        for step in (step for step in (24, 8, 3) if step >= least):
            across, down = range(step // 2, view.width(), step), range(step // 2, view.height(), step)
            found = next(((x, y) for y in down for x in across if is_there(x, y)), None)
            if found is not None:
                x, y = found
                left, right = (_last(lambda at: is_there(at, y), x, by) for by in (-1, 1))  # noqa: B023
                top, bottom = (_last(lambda at: is_there(x, at), y, by) for by in (-1, 1))  # noqa: B023
                return QRect(QPoint(left, top), QPoint(right, bottom))
    return None


def reported_at(view, place):
    """The hover text at a position."""
    with _pointer_on(view) as reported:
        return reported(place.x(), place.y())


@contextmanager
def _pointer_on(view):
    """A context with the pointer on a view; yields a function that returns the hover text at a position."""
    texts = _HoverTexts(view)

    def reported(x, y):
        point_at(view, QPointF(x, y))
        return texts.heard[-1]

    yield reported
    view.removeEventFilter(texts)
    leave(view)


def _last(is_there, at, by):
    """The last position in a direction with the same hover text."""
    while is_there(at + by):
        at += by
    return at


def colours_of(image):
    """The colours of an image, as #rrggbb."""
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
