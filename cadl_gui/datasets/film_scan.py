"""Films: one frame every few seconds, or every n-th frame, in any usual container."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.film_reader import (
    SIGN_OF_LIFE,
    end_of,
    film_length,
    fitted_frame,
    opened_film,
    problems_of,
    read_film,
    seconds_of,
)
from cadl_gui.datasets.preparing.found_files import state_of
from cadl_gui.datasets.preparing.made_names import MadeNames
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.task import Block
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.import_report import Note
from cadl_gui.domain.preparing_options import DEFAULT_SIZE, PreparingOptions
from cadl_gui.system.words import _

_USUAL_SECONDS, _ENOUGH = 2.0, 500
"""Seconds between frames, and number of frames below which they are taken more often."""

_BLOCK = 32
_ROUNDING_SECONDS = 1e-6

_EARLY = 0.4
"""A frame may come so much too early, as a share of the time between two: many films round their times."""


@dataclass(frozen=True)
class _Choice:
    """Which frames of a film are taken.

    Attributes:
        n: their number, or somewhat more: the film says how long it is, but not how many frames are damaged.
        seconds: time between them; 0 goes by number.
        nth: every n-th frame is taken; 0 goes by time.
        duration: length of the film, in seconds.
        pause: time between two frames of the film, on average.
    """

    n: int
    seconds: float
    nth: int
    duration: float
    pause: float

    def row_of(self, number: int, seconds: float) -> int | None:
        """Row in the dataset for a frame, by its number and time; None for frames between two rows."""
        if self.nth:
            row, rest = divmod(number, self.nth)
            return None if rest else row
        row = int((seconds + _ROUNDING_SECONDS) / self.seconds)
        early = int((seconds + _EARLY * self.pause) / self.seconds)
        return min(early, max(row, self.n - 1))

    def name_of(self, row: int) -> str:
        """Name of the frame in a row: its number, or its time such as “1:05.50”."""
        if self.nth:
            return _("frame {row}").format(row=row * self.nth)
        minutes, seconds = divmod(round(row * self.seconds, 2), 60)  # never “0:60.00”
        return f"{minutes:.0f}:{seconds:05.2f}"

    def __str__(self) -> str:
        minutes, seconds = divmod(round(self.duration), 60)
        if self.nth:
            often = _("Every frame") if self.nth == 1 else _("One frame in {nth:,}").format(nth=self.nth)
        else:
            often = _("One frame every {seconds:.3g} s").format(seconds=self.seconds)
        return f"{often}; the film lasts {minutes}:{seconds:02d} minutes."


def scan_film(path: Path, options: PreparingOptions) -> Scan:
    """Find the frames of a film.

    Raises:
        DatasetError: if it is no film, or damaged.
    """
    path = path.absolute()
    choice = _chosen(path, options)
    size = options.size or DEFAULT_SIZE
    shape = (size, size, 1 if options.grey else 3)
    return Scan(
        path=path,
        options=options,
        preview=Preview(choice.n, shape, (), guesses=(str(choice),)),
        state=state_of(path),
        names=MadeNames(choice.n, lambda row: f"{path.name} {choice.name_of(row)}"),
        labels=None,
        tasks=lambda: [_FilmTask(path, choice, options, shape)],
        is_sequence=True,
    )


@dataclass(frozen=True)
class _FilmTask:
    """Decodes a film from its beginning to its end."""

    path: Path
    choice: _Choice
    options: PreparingOptions
    shape: ImageShape

    def blocks(self) -> Iterator[Block]:
        """See `Task.blocks`."""
        rows: dict[int, NDArray[np.uint8]] = {}
        next_row, end, n_damaged = 0, 0.0, 0
        is_turned = False
        with opened_film(self.path) as container:
            stream = container.streams.video[0]
            for number, frame in enumerate(read_film(container, stream)):
                if number % SIGN_OF_LIFE == 0:
                    yield self._nothing(next_row)
                if frame is None:
                    n_damaged += 1
                    continue
                seconds = seconds_of(frame, stream, number)
                end = end_of(frame, seconds)
                row = self.choice.row_of(number, seconds)
                if row is None or row < next_row:
                    continue
                if row >= self.choice.n:
                    break
                if rows and row - min(rows) >= _BLOCK:  # a gap, over which a block need not reach
                    yield self._block(rows)
                    rows = {}
                rows[row] = fitted_frame(frame, stream, self.options, self.shape[0])
                next_row = row + 1
                is_turned = is_turned or bool(frame.rotation)
                if len(rows) == _BLOCK:
                    yield self._block(rows)
                    rows = {}
        notes = self._notes(end, n_damaged, is_turned=is_turned)
        if rows:
            yield self._block(rows, notes)
        elif notes and next_row:
            yield self._nothing(next_row, notes)

    def _block(self, rows: dict[int, NDArray[np.uint8]], notes: tuple[Note, ...] = ()) -> Block:
        first = min(rows)
        images = np.zeros((max(rows) - first + 1, *self.shape), np.uint8)
        are_read = np.zeros(len(images), np.bool_)
        for row, pixels in rows.items():
            images[row - first], are_read[row - first] = pixels, True
        return Block(first, images, are_read, notes)

    def _nothing(self, row: int, notes: tuple[Note, ...] = ()) -> Block:
        return Block(row, np.zeros((0, *self.shape), np.uint8), np.zeros(0, np.bool_), notes)

    def _notes(self, end: float, n_damaged: int, *, is_turned: bool) -> tuple[Note, ...]:
        name, duration = self.path.name, 0.0 if self.options.limit else self.choice.duration
        notes = [Note("turned", name, "")] if is_turned else []
        problems = problems_of(n_damaged, end, duration, self.choice.pause)
        return (*notes, *(Note("problem", name, problem) for problem in problems))


def _chosen(path: Path, options: PreparingOptions) -> _Choice:
    duration, n_frames = film_length(path)
    pause = duration / n_frames
    if options.nth_frame:
        nth = options.nth_frame
        nth = max(nth, math.ceil(n_frames / options.limit)) if options.limit else nth
        return _Choice(math.ceil(n_frames / nth), 0.0, nth, duration, pause)
    seconds = options.every or min(_USUAL_SECONDS, duration / _ENOUGH)
    seconds = max(seconds, pause, duration / options.limit if options.limit else 0.0)
    n = max(1, math.ceil(duration / seconds - _ROUNDING_SECONDS))
    return _Choice(n, seconds, 0, duration, pause)
