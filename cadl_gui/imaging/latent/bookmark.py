"""What a saved image remembers of where it was made."""

import json
import math
from dataclasses import dataclass
from typing import Any, Self

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.position import Position
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.file_limits import MOST_EPOCH, MOST_LATENTS, MOST_STEP

KEYWORD = "cadl"
"""Of the text in a PNG."""

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Bookmark:
    """A place in the latent space of a run.

    Attributes:
        model: name of the run.
        seed: of its training, by which a run of the same name is told from it.
        position: of its weights.
        latent: the latent vector.
    """

    model: str
    seed: int
    position: Position
    latent: tuple[float, ...]

    def to_text(self) -> str:
        """One line of JSON."""
        epoch, step = self.position
        values = {"format": FORMAT, "model": self.model, "seed": self.seed, "epoch": epoch, "step": step}
        return json.dumps({**values, "z": self.latent})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read that line.

        Raises:
            UserError: if it is another one.
        """
        try:
            values = parse(text.encode())
            if type(values["format"]) is int and values["format"] > FORMAT:
                raise UserError(
                    "What this image remembers of its place was written by a newer version of the program "
                    f"(format {values['format']:.10g})."
                )
            return cls._of(values)
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
            raise UserError("What this image remembers of its place cannot be read.") from error

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        if values["format"] != FORMAT:
            raise ValueError(f"Expected format {FORMAT}. Received: {values['format']!r}")
        seed, epoch, step = (values[key] for key in ("seed", "epoch", "step"))
        latent = tuple(map(float, values["z"]))
        bounds = ((seed, MOST_STEP), (epoch, MOST_EPOCH), (step, MOST_STEP))
        if not all(type(number) is int and 0 <= number <= most for number, most in bounds):
            raise ValueError(f"Expected whole numbers. Received: {seed!r}, {epoch!r}, {step!r}")
        if not 1 <= len(latent) <= MOST_LATENTS or not all(map(math.isfinite, latent)):
            raise ValueError(f"Expected finite numbers. Received: z={latent}")
        return cls(model=str(values["model"]), seed=seed, position=Position(epoch, step), latent=latent)
