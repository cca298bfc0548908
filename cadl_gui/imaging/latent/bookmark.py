"""The bookmark stored in a saved image: in which latent space, and where, it was decoded."""

import json
import math
from dataclasses import dataclass
from typing import Any, Self

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.position import Position
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.file_limits import MOST_EPOCH, MOST_LATENTS, MOST_STEP

KEYWORD = "cadl"
"""Keyword of the text chunk in a PNG file."""


@dataclass(frozen=True, kw_only=True)
class Bookmark:
    """A latent vector of a run at a position.

    Attributes:
        model: name of the run.
        seed: seed of the run, which distinguishes it from others of the same name.
        position: position of the weights.
        latent: latent vector, finite.
    """

    model: str
    seed: int
    position: Position
    latent: tuple[float, ...]

    def to_text(self) -> str:
        """Return the bookmark as one line of JSON."""
        epoch, step = self.position
        values = {"format": FORMAT, "model": self.model, "seed": self.seed, "epoch": epoch, "step": step}
        return json.dumps({**values, "latent": self.latent})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Parse a line that `to_text` returned.

        Raises:
            UserError: if the text is invalid or has a newer format.
        """
        try:
            values = parse(text.encode())
            require_format(values["format"], "The bookmark in this image")
            return cls._of(values)
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
            raise UserError("The bookmark in this image cannot be read.") from error

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        seed, epoch, step = (values[key] for key in ("seed", "epoch", "step"))
        latent = tuple(map(float, values["latent"]))
        bounds = ((seed, MOST_STEP), (epoch, MOST_EPOCH), (step, MOST_STEP))
        if not all(type(number) is int and 0 <= number <= most for number, most in bounds):
            raise ValueError(f"Expected whole numbers. Received: {seed!r}, {epoch!r}, {step!r}")
        if not 1 <= len(latent) <= MOST_LATENTS or not all(map(math.isfinite, latent)):
            raise ValueError(f"Expected finite numbers. Received: latent={latent}")
        return cls(model=str(values["model"]), seed=seed, position=Position(epoch, step), latent=latent)
