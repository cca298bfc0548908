"""A path through a latent space that can be played, exported and saved as a small text file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.latents import check_latents, require
from cadl_gui.imaging.latent.path import PATH_KINDS, PathKind, movement, path_at, path_through
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.bounded_json import parse, whole_number
from cadl_gui.system.file_limits import (
    FEWEST_FRAMES_PER_SECOND,
    MOST_EPOCH,
    MOST_FRAME_NUMBERS,
    MOST_FRAMES,
    MOST_FRAMES_PER_SECOND,
    MOST_PATH_BYTES,
    MOST_PINS,
    MOST_PLACES,
    MOST_SECONDS,
)
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _

AnyKind = PathKind | Literal["movement"]
"""Kind of interpolation between pins; `movement` is a recorded drag."""

_Floats = tuple[float, ...]

FRAMES_PER_SECOND = 24
_FRAMES_PER_SEGMENT = 108


@dataclass(frozen=True, kw_only=True)
class LatentPath:
    """Everything that determines the frames of a path.

    Attributes:
        pins: latent vectors of equal length; for a recorded drag, those of the handle.
        kind: kind of interpolation, or `movement` for a recorded drag, which keeps its own speed.
        n_frames: number of frames, at least 2.
        frames_per_second: frame rate in [0.01, 1000].
        times: times of the pins of a recorded drag in seconds, not decreasing; otherwise empty.
        epochs: epochs of the pins, if the path leads through epochs; otherwise empty. With epochs, frames are
            distributed evenly between pins, since staying at one latent vector has no length.

    Raises:
        UserError: if the values do not fit together.
    """

    pins: tuple[_Floats, ...]
    kind: AnyKind = "straight"
    n_frames: int = 120
    frames_per_second: float = 24.0
    times: _Floats = ()
    epochs: tuple[int, ...] = ()

    @classmethod
    def through(cls, pins: Sequence[_Floats], kind: AnyKind) -> Self:
        """Return the path through two pins or more, each a latent vector followed by its epoch."""
        epochs = tuple(int(pin[-1]) for pin in pins)
        return cls(
            pins=tuple(pin[:-1] for pin in pins),
            kind=kind,
            n_frames=min(_FRAMES_PER_SEGMENT * (len(pins) - 1) + 1, most_frames(len(pins[0]) - 1)),
            frames_per_second=FRAMES_PER_SECOND,
            epochs=epochs if len(set(epochs)) > 1 else (),
        )

    def __post_init__(self) -> None:
        timed = self.kind == "movement"
        check_latents(self.pins, MOST_PLACES if timed else MOST_PINS)
        self._check_frames()
        require(
            self.kind in (*PATH_KINDS, "movement"),
            _("“{kind!s:.40}” is not a kind of path.").format(kind=self.kind),
        )
        require(
            len(self.times) == (len(self.pins) if timed else 0),
            _("Only a recorded drag has a time for each pin."),
        )
        require(
            all(a <= b for a, b in pairwise(self.times)), _("The times of a recorded drag must not decrease.")
        )
        require(
            all(0 <= time <= MOST_SECONDS for time in self.times),
            _("A recorded drag takes at most {most_seconds:,} seconds.").format(most_seconds=MOST_SECONDS),
        )
        require(
            len(self.epochs) in {0, len(self.pins)}, _("Either each pin of a path has an epoch, or none has.")
        )
        require(not (timed and self.epochs), _("A recorded drag has no epochs."))
        require(
            all(0 <= epoch <= MOST_EPOCH for epoch in self.epochs),
            _("Epochs are counted from 0, to at most {most_epoch:,}.").format(most_epoch=MOST_EPOCH),
        )

    def _check_frames(self) -> None:
        most = most_frames(self.latent_dim)
        require(
            2 <= self.n_frames <= most,
            _("A path of this kind has between 2 and {most:,} frames.").format(most=most),
        )
        require(
            FEWEST_FRAMES_PER_SECOND <= self.frames_per_second <= MOST_FRAMES_PER_SECOND,
            _("A path plays {fewest_frames_per_second} to {most_frames_per_second} frames a second.").format(
                fewest_frames_per_second=FEWEST_FRAMES_PER_SECOND,
                most_frames_per_second=MOST_FRAMES_PER_SECOND,
            ),
        )

    @property
    def latent_dim(self) -> int:
        """Number of latent dimensions."""
        return len(self.pins[0])

    def frames(self) -> NDArray[np.float32]:
        """Return the latent vector of each frame, (n_frames, latent_dim) float32."""
        if self.kind == "movement":
            return movement(self.times, self.pins, self.n_frames)
        if self.epochs:
            return path_at(self.pins, self.kind, self._places()).astype(np.float32)
        return path_through(self.pins, self.kind, self.n_frames)

    def frame_epochs(self) -> NDArray[np.int64] | None:
        """Return the nearest epoch of each frame, (n_frames,) int64, or None if the path has no epochs."""
        if not self.epochs:
            return None
        between = np.interp(self._places(), np.arange(len(self.epochs)), self.epochs)
        return np.rint(between).astype(np.int64)

    def save(self, path: Path) -> Path:
        """Write the path to a text file, and return where.

        Raises:
            OSError: if it cannot be written; an existing file is then unchanged.
        """
        values: dict[str, Any] = {
            "format": FORMAT,
            "kind": self.kind,
            "n_frames": self.n_frames,
            "frames_per_second": self.frames_per_second,
            "pins": self.pins,
        }
        values |= {"times": self.times} if self.times else {}
        values |= {"epochs": self.epochs} if self.epochs else {}
        lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in values.items())
        with atomic_output(path) as beside:
            beside.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a path from a text file.

        Raises:
            UserError: if the file cannot be read, or is not a latent path of this version.
        """
        damage = ValueError, TypeError, KeyError, RecursionError
        with telling(path, UserError, damage, _("is not a latent path")):
            values = parse(read_whole(path, MOST_PATH_BYTES))
            require_format(values["format"], f"“{path}”")
        try:
            return cls._from_json(values)
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise UserError(
                _("“{path}” is not a valid latent path: a number is missing or invalid.").format(path=path)
            ) from error
        except UserError as error:
            raise UserError(
                _("“{path}” is not a valid latent path. {error}").format(path=path, error=error)
            ) from error

    @classmethod
    def _from_json(cls, values: dict[str, Any]) -> Self:
        pins = _listed(values["pins"])
        require(
            len(pins) <= MOST_PLACES,
            _("A path has at most {most_places:,} pins.").format(most_places=MOST_PLACES),
        )
        return cls(
            pins=tuple(map(_floats, pins)),
            kind=values["kind"],
            n_frames=whole_number(values["n_frames"]),
            frames_per_second=_floats([values["frames_per_second"]])[0],
            times=_floats(values.get("times", [])),
            epochs=tuple(map(whole_number, _listed(values.get("epochs", [])))),
        )

    def _places(self) -> NDArray[np.float64]:
        """Positions of the frames among the pins, (n_frames,), as in `path_at`."""
        return np.linspace(0, len(self.pins) - 1, self.n_frames)


def most_frames(latent_dim: int) -> int:
    """The largest number of frames of a path through a space with this number of dimensions."""
    return min(MOST_FRAMES, MOST_FRAME_NUMBERS // latent_dim)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"Expected a list. Received: {value!r:.100}")
    return value


def _floats(values: Any) -> _Floats:
    numbers = _listed(values)
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in numbers):
        raise TypeError(f"Expected numbers. Received: {values!r:.100}")
    return tuple(map(float, numbers))
