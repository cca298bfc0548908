"""The worst mistakes of a classifier."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from cadl_gui.domain.class_names import are_short
from cadl_gui.domain.evaluation_artifacts import WorstMistakes
from cadl_gui.domain.formatting import percent_text
from cadl_gui.system.words import _
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD, UNIT_PX

_NO_MISTAKES = _("No mistakes among the validation images.")
_ARROW, _SEPARATOR = " → ", " · "
_LEAST_CAPTIONS = 4
"""Smallest size of an image, as a multiple of the caption's type size; otherwise fewer images are shown."""

_WIDEST_NAME, _NARROWEST_NAME = 8.0, 4.0
"""Most and least room for a class name, as multiples of the caption's type size; longer ones are elided."""

_NAME_LINES = 3
"""Lines of a caption beside an image: the true class, the predicted one, and the percentage."""

_NEAREST_FROM = 2.0
"""From this magnification on an image is enlarged by a whole number, with square pixels."""


@dataclass(frozen=True)
class _Mistake:
    """A mistake, ready to be painted."""

    image: QImage
    label: int
    answer: int
    percent: str
    label_name: str
    answer_name: str

    @property
    def text(self) -> str:
        """Text shown when the pointer is over the image."""
        return _("true {label}, predicted {answer} ({percent})").format(
            label=self.label_name, answer=self.answer_name, percent=self.percent
        )


@dataclass(frozen=True)
class _Tiles:
    """Number and size of the tiles, in pixels of the view."""

    n: int
    columns: int
    pitch: QSizeF
    image: QSizeF

    def place(self, i: int) -> QPointF:
        """Return the top left corner of a tile."""
        row, column = divmod(i, self.columns)
        return QPointF(column * self.pitch.width(), row * self.pitch.height())


class MistakesView(FigureView):
    """Shows the worst mistakes, the most confident first, each with its true and predicted label.

    Numbers are below the images, names of classes beside them, where they take less room.

    Signals:
        chosen: (int, int) An image was clicked: its true class, and the predicted one.
    """

    chosen = Signal(object, object)

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._empty_text = empty_text
        self._mistakes: WorstMistakes | None = None
        self._class_names: tuple[str, ...] = ()
        self._shown: tuple[_Mistake, ...] = ()
        self.setToolTip(_("Click to see it in Data, with all that are mistaken likewise"))

    @property
    def mistakes(self) -> WorstMistakes | None:
        """The mistakes shown, or None."""
        return self._mistakes

    def set_empty_text(self, text: str) -> None:
        """Replace the sentence that is shown while there are no results."""
        self._empty_text = text
        if self._mistakes is None:
            super().set_empty_text(text)

    def set_mistakes(self, mistakes: WorstMistakes | None, class_names: tuple[str, ...] = ()) -> None:
        """Show as many of the mistakes as fit.

        Args:
            mistakes: The worst mistakes; None empties the view.
        """
        self._mistakes, self._class_names = mistakes, class_names
        self._message = self._empty_text if mistakes is None else _NO_MISTAKES
        self._refresh()

    def _prepare(self) -> None:
        self._shown = () if self._mistakes is None else tuple(self._to_be_shown(self._mistakes))

    def _in_words(self) -> str:
        return "; ".join(mistake.text for mistake in self._shown)

    def _items(self, ratio: float) -> Iterator[Item]:
        if not self._shown:
            return
        tiles = self._tiles(ratio)
        size = self._tile_size(tiles)
        for i, mistake in enumerate(self._shown[: tiles.n]):
            place = QRectF(tiles.place(i), size)
            paint = partial(self._paint_mistake, mistake, QRectF(place.topLeft(), tiles.image), place)
            click = partial(self.chosen.emit, mistake.label, mistake.answer)
            yield Item(place & QRectF(self.rect()), paint, mistake.text, click=click)

    def _paint_mistake(self, mistake: _Mistake, image: QRectF, place: QRectF, pen: Pen) -> None:
        smooth = image.width() * pen.ratio < _NEAREST_FROM * mistake.image.width()
        pen.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        pen.painter.drawImage(image, mistake.image)
        pen.painter.setFont(self._theme.font("caption"))
        if self._has_names:
            self._paint_names(pen, place.adjusted(image.width() + UNIT_PX, 0, 0, 0), mistake)
        else:
            self._paint_numbers(pen, image.bottomLeft() + QPointF(0, UNIT_PX), mistake)

    def _to_be_shown(self, mistakes: WorstMistakes) -> Iterator[_Mistake]:
        for i in range(len(mistakes.probabilities)):
            percent = percent_text(mistakes.probabilities[i], 0)
            image = self._grey_or_rgb_image(mistakes.images[i])
            label, answer = int(mistakes.labels[i]), int(mistakes.answers[i])
            names = (self._class_names[n] if self._class_names else str(n) for n in (label, answer))
            yield _Mistake(image, label, answer, percent, *names)

    def _tiles(self, ratio: float) -> _Tiles:
        """Return as many tiles as fit, with whole names if there is room, in the largest images then."""
        least = _LEAST_CAPTIONS * self._theme.sizes.caption
        captions = [self._caption_width(name) for name in (_WIDEST_NAME, _NARROWEST_NAME)]
        lowest = self._caption_height() + GAP_SMALL_PX if self._has_names else 0.0
        for n in range(len(self._shown), 0, -1):
            for caption in captions:
                largest = self._largest(n, caption, ratio)
                is_large = max(largest.image.width(), largest.image.height()) >= least
                if is_large and largest.pitch.height() + 1 >= lowest:
                    return largest
        return largest

    def _largest(self, n: int, caption: float, ratio: float) -> _Tiles:
        """Return the grid of n tiles whose images are largest, with captions of this width."""
        most_columns = max(1, int((self.width() + GAP_SMALL_PX) / (caption + GAP_SMALL_PX)))
        grids = [self._grid(n, columns, caption, ratio) for columns in range(1, min(n, most_columns) + 1)]
        return max(grids, key=lambda grid: grid.image.width())

    def _grid(self, n: int, columns: int, caption: float, ratio: float) -> _Tiles:
        gap, rows = GAP_SMALL_PX, math.ceil(n / columns)
        # Whole device pixels, so that every image begins on one.
        pitch = QSizeF(
            int((self.width() + gap) / columns * ratio) / ratio,
            int((self.height() + gap) / rows * ratio) / ratio,
        )
        across, down = pitch.width() - gap, pitch.height() - gap
        if self._has_names:
            across -= caption + UNIT_PX
        else:
            down -= self._caption_height()
        width, height = self._shown[0].image.width(), self._shown[0].image.height()
        scale = max(1 / max(width, height), min(across / width, down / height) * ratio)
        if scale >= _NEAREST_FROM:
            scale = math.floor(scale)
        return _Tiles(n, columns, pitch, QSizeF(round(width * scale), round(height * scale)) / ratio)

    def _paint_numbers(self, pen: Pen, corner: QPointF, mistake: _Mistake) -> None:
        painter, metrics = pen.painter, QFontMetricsF(pen.painter.font())
        painter.setPen(QColor(self._theme.colours.text))
        chip, arrow = self._chip_width(), metrics.horizontalAdvance(_ARROW)
        place = QRectF(corner.x(), corner.y(), chip, metrics.height())
        self._paint_chip(painter, place, mistake.label, mistake.label_name)
        painter.drawText(place.translated(chip, 0), Qt.TextFlag.TextDontClip, _ARROW)
        self._paint_chip(painter, place.translated(chip + arrow, 0), mistake.answer, mistake.answer_name)
        after = place.translated(2 * chip + arrow, 0)
        painter.drawText(after, Qt.TextFlag.TextDontClip, _SEPARATOR + mistake.percent)

    def _paint_names(self, pen: Pen, place: QRectF, mistake: _Mistake) -> None:
        """Paint the true class, below it the predicted one, each after a chip of its colour, and how sure."""
        metrics, colours = pen.painter.fontMetrics(), self._theme.colours
        side = metrics.capHeight() if self._is_coloured else 0
        line = QRectF(place.x(), place.y(), place.width(), metrics.height())
        for label, name, before in (
            (mistake.label, mistake.label_name, ""),
            (mistake.answer, mistake.answer_name, _ARROW.lstrip()),
        ):
            start = metrics.horizontalAdvance(before)
            pen.text(line, before, colours.text)
            if side:
                chip = QRectF(line.left() + start, line.center().y() - side / 2, side, side)
                paint_label(pen.painter, chip, label, self._theme, text="")
                start += side + UNIT_PX
            pen.text(line.adjusted(start, 0, 0, 0), name, colours.text)
            line.translate(0, metrics.height())
        pen.text(line, mistake.percent, colours.secondary)

    def _paint_chip(self, painter: QPainter, place: QRectF, label: int, name: str) -> None:
        paint_label(painter, place, label, self._theme, coloured=self._is_coloured, text=name)

    @property
    def _has_names(self) -> bool:
        return not are_short(self._class_names)

    @property
    def _is_coloured(self) -> bool:
        return len(self._class_names) <= len(self._theme.label_colours(self._theme.background))

    def _tile_size(self, tiles: _Tiles) -> QSizeF:
        """Return the size of an image with its caption, which takes the room that there is for its names."""
        width, height = tiles.image.width(), tiles.image.height()
        if not self._has_names:
            return QSizeF(max(width, self._caption_width(_WIDEST_NAME)), height + self._caption_height())
        room = tiles.pitch.width() - GAP_SMALL_PX - width - UNIT_PX
        caption = max(self._caption_width(_NARROWEST_NAME), min(room, self._caption_width(_WIDEST_NAME)))
        return QSizeF(width + UNIT_PX + caption, max(height, self._caption_height()))

    def _caption_height(self) -> float:
        line = QFontMetricsF(self._theme.font("caption")).height()
        return _NAME_LINES * line if self._has_names else UNIT_PX + line + 1

    def _caption_width(self, widest: float) -> float:
        """Return the width of a caption, the same for every percentage and all names.

        Args:
            widest: Most room for a name, as a multiple of the caption's type size.
        """
        metrics = QFontMetricsF(self._theme.font("caption"))
        if not self._has_names:
            return 2 * self._chip_width() + metrics.horizontalAdvance(f"{_ARROW}{_SEPARATOR}100 %")
        names = {name for mistake in self._shown for name in (mistake.label_name, mistake.answer_name)}
        room = widest * self._theme.sizes.caption
        name = min(max(map(metrics.horizontalAdvance, names)) + 1, room)
        chip = metrics.capHeight() + UNIT_PX if self._is_coloured else 0.0
        return name + chip + metrics.horizontalAdvance(_ARROW.lstrip())

    def _chip_width(self) -> float:
        names = (name for mistake in self._shown for name in (mistake.label_name, mistake.answer_name))
        metrics = QFontMetricsF(self._theme.font("caption", SEMIBOLD))
        return max(map(metrics.horizontalAdvance, names)) + 1.5 * UNIT_PX
