"""Shows which pixels speak for and against the most probable class and another one."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage

from cadl_gui.domain.class_names import class_name
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.formatting import percent_text, signed_text
from cadl_gui.imaging.weights.colour_map import colour_indices, colour_map
from cadl_gui.system.glossary import explained
from cadl_gui.system.words import _
from cadl_gui.ui.array_image import array_image, rgb
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_LARGE_PX, GAP_SMALL_PX, SEMIBOLD, UNIT_PX

_STRONGEST = 0.995
"""Contributions up to this quantile have colours of their own; the few beyond share the last one."""

_INK_SHARE = 0.2
"""Share of grey where there is ink, so that the drawing can be recognised."""

_ABOUT = _("Score (logit): the sum of pixels and biases; biases need no pixel.")
_LARGEST_SIDE, _LEAST_SIDE = 12, 2
_LEAST_PICTURE_PX = 56
_LEAST_TEXT = 7
"""Least width of the texts, as a multiple of the size of their type."""

_LARGEST_TEXT = 16
"""Largest width of the texts, as a multiple of the size of their type."""

_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_FOR, _AGAINST = 128 + 88, 128 - 88
"""Indices of the colours of the bars beneath the numbers."""


class _Block(NamedTuple):
    """A picture with a heading and rows of a text and a number.

    Attributes:
        label: label before the heading; None for none.
        heading: name of the class.
        share: its probability; "" for none.
        pixels: (height, width) contributions.
        rows: what the contributions add up to.
    """

    label: int | None
    heading: str
    share: str
    pixels: NDArray[np.float32]
    rows: tuple[tuple[str, float], ...]


class EvidenceView(FigureView):
    """Three pictures on one scale: for and against each of two classes, and for the first, not the second.

    Beside each is its class and, with Details, what its pixels add up to. Where there is no room for all,
    the last one is shown, large.
    """

    _plain_message = "body"

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self.setToolTip(explained("", _ABOUT))
        self._blocks: tuple[_Block, ...] = ()
        self._ink: NDArray[np.float32] | None = None
        self._colours = ""

    def set_evidence(
        self,
        evidence: Evidence,
        class_names: Sequence[str],
        colours: str,
        ink: NDArray[np.float32] | None,
        other: int | None = None,
    ) -> None:
        """Show why the most probable class is, and another one is not.

        Args:
            evidence: contributions of the pixels.
            ink: the drawing to recognise beneath them, (height, width) in [0, 1]; None if it is no ink.
            other: label of the other class; None for the second most probable.
        """
        self._blocks = _blocks(evidence, class_names, other)
        self._ink, self._colours = ink, colours
        self._refresh()

    def clear(self) -> None:
        """Show nothing."""
        self._blocks = ()
        self._refresh()

    def sizeHint(self) -> QSize:
        """Prefer pictures of five pixels for each of an MNIST image."""
        return QSize(3 * (140 + _LARGEST_TEXT * self._theme.sizes.caption), 140)

    def minimumSizeHint(self) -> QSize:
        """Let the pictures shrink, but not the texts."""
        return QSize(_LEAST_PICTURE_PX + self._least_text, _LEAST_PICTURE_PX)

    @property
    def _least_text(self) -> int:
        return _LEAST_TEXT * self._theme.sizes.caption

    @property
    def _text_height(self) -> int:
        rows = len(self._blocks[0].rows) if self._theme.stage.has(When.DETAILS) else 0
        sizes = self._theme.sizes
        return sizes.body + GAP_SMALL_PX + UNIT_PX + rows * (sizes.caption + UNIT_PX + GAP_SMALL_PX)

    def _coloured(self, pixels: NDArray[np.float32], limit: float) -> QImage:
        image = colour_map(self._colours)[colour_indices(pixels, limit)].astype(np.float32)
        if self._ink is not None:
            share = _INK_SHARE * self._ink[..., np.newaxis]
            image += share * (rgb(self._theme.colours.secondary) - image)
        return array_image(np.rint(image).astype(np.uint8))

    def _items(self, ratio: float) -> Iterator[Item]:
        if not self._blocks:
            return
        words = "; ".join(
            f"{' '.join((block.heading or str(block.label), block.share)).strip()}: "
            + ", ".join(f"{name} {signed_text(number)}" for name, number in block.rows)
            for block in self._blocks
        )
        yield Item(QRectF(self.rect()), None, _ABOUT, words)
        strengths = np.abs(np.stack([block.pixels for block in self._blocks]))
        said = strengths[strengths > 0]
        limit = float(np.quantile(said, _STRONGEST)) if said.size else 1.0
        n_fitting = self.width() // (_LEAST_PICTURE_PX + self._least_text)
        n = len(self._blocks) if len(self._blocks) <= n_fitting else 1
        pitch = self.width() / n if n == 1 < len(self._blocks) else self.width() / max(2, n)
        height, width = self._blocks[0].pixels.shape
        beside = min(self.height() / height, (pitch - GAP_LARGE_PX - self._least_text) / width)
        below = min((self.height() - self._text_height) / height, (pitch - GAP_LARGE_PX) / width)
        is_beside, fitting = beside >= below, max(beside, below) * ratio
        scale = max(_LEAST_SIDE, min(_LARGEST_SIDE * ratio, int(fitting))) / ratio
        if height > 28:
            scale = max(0.5, min(fitting / ratio, _LARGEST_SIDE * 28 / height))
        largest = _LARGEST_TEXT * self._theme.sizes.caption
        text_width = min(largest, pitch - scale * width - GAP_SMALL_PX - GAP_LARGE_PX / 2)
        if is_beside:
            pitch = min(pitch, scale * width + GAP_SMALL_PX + text_width + GAP_LARGE_PX)
        shown = self._blocks[-n:]
        most = max(abs(number) for block in shown for _, number in block.rows)
        for i, block in enumerate(shown):
            image = self._coloured(block.pixels, limit)
            picture = QRectF(round(i * pitch), 0, scale * width, scale * height)
            yield Item(picture, partial(_paint_picture, picture, image), image=image)
            text = QRectF(picture.right() + GAP_SMALL_PX, 0, text_width, self.height())
            if not is_beside:
                bottom = picture.bottom() + GAP_SMALL_PX
                text = QRectF(picture.x(), bottom, pitch - GAP_LARGE_PX, self.height() - bottom)
            yield Item(text, partial(self._paint_text, block, text, most))

    def _paint_text(self, block: _Block, room: QRectF, most: float, pen: Pen) -> None:
        colours, line, painter = self._theme.colours, self._theme.sizes.body + GAP_SMALL_PX, pen.painter
        place = QRectF(room.x(), room.y(), room.width(), line - UNIT_PX)
        if block.label is not None:
            badge = QRectF(room.x(), room.y(), place.height(), place.height())
            paint_label(painter, badge, block.label, self._theme)
            place.setLeft(badge.right() + UNIT_PX)
        painter.setFont(self._theme.font("body", SEMIBOLD))
        pen.text(place, " · ".join(part for part in (block.heading, block.share) if part), colours.text)
        if not self._theme.stage.has(When.DETAILS):
            return
        painter.setFont(self._theme.font("caption"))
        row = QRectF(room.x(), room.y() + line, room.width(), self._theme.line_px)
        step = min(row.height() + GAP_SMALL_PX, (room.height() - line) / len(block.rows))
        table = colour_map(self._colours)
        for name, number in block.rows:
            colour = colours.text if (name, number) == block.rows[-1] else colours.secondary
            pen.text(row, name, colour)
            pen.text(row, signed_text(number), colour, _RIGHT)
            bar = QRectF(row.x(), row.bottom(), abs(number) / (most or 1) * row.width(), 3)
            pen.fill(bar, QColor(*map(int, table[_FOR if number > 0 else _AGAINST])))
            row.translate(0, step)


def _paint_picture(place: QRectF, image: QImage, pen: Pen) -> None:
    pen.pixels(place, image)
    pen.painter.setPen(QColor(pen.theme.colours.line))
    pen.painter.drawRect(place.adjusted(0, 0, -1, -1))


def _blocks(evidence: Evidence, class_names: Sequence[str], other: int | None) -> tuple[_Block, ...]:
    logits, biases = evidence.logits, evidence.biases
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    pixels = evidence.contributions.sum(axis=3)
    labels = evidence.compared(other)
    blocks = [
        _Block(
            label,
            "" if class_name(class_names, label) == str(label) else class_name(class_names, label),
            percent_text(float(shares[label])),
            pixels[label],
            _rows(pixels[label], float(biases[label]), _("score")),
        )
        for label in labels
    ]
    if len(labels) == 2:
        first, second = labels
        names = [class_name(class_names, label) for label in labels]
        difference = pixels[first] - pixels[second]
        rows = _rows(difference, float(biases[first] - biases[second]), _("lead"))
        blocks.append(
            _Block(
                None, _("{first}, not {second}").format(first=names[0], second=names[1]), "", difference, rows
            )
        )
    return tuple(blocks)


def _rows(pixels: NDArray[np.float32], bias: float, total: str) -> tuple[tuple[str, float], ...]:
    speaking_for, against = float(pixels[pixels > 0].sum()), float(pixels[pixels < 0].sum())
    return (
        (_("pixels for"), speaking_for),
        (_("against"), against),
        (_("biases"), bias),
        (f"= {total}", speaking_for + against + bias),
    )
