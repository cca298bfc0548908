"""What a drawing has to be for a network to take it."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadl_gui.domain.images import ImageShape
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.domain.run import RunDescription

_INK_SHAPE = (28, 28, 1)


@dataclass(frozen=True)
class DrawingForm:
    """Shape and kind of the image that a drawing becomes; networks for other forms cannot take it.

    Attributes:
        shape: (height, width, channels) of the image.
        is_dark: whether an empty image is black and the brush white; otherwise, the other way round.
    """

    shape: ImageShape
    is_dark: bool

    @classmethod
    def of(cls, about: "RunDescription") -> "DrawingForm":
        """Return the form of the images that a run takes."""
        return cls(about.image_shape, about.is_ink_on_black)

    @property
    def key(self) -> str:
        """What names drawings of this form in a view, and their file."""
        return f"{'x'.join(map(str, self.shape))}-{'dark' if self.is_dark else 'light'}"

    @classmethod
    def of_key(cls, key: str) -> "DrawingForm | None":
        """Return the form with a key; None if there is none."""
        found = re.fullmatch(r"(\d{1,4})x(\d{1,4})x(\d{1,2})-(dark|light)", key)
        if found is None:
            return None
        height, width, channels, background = found.groups()
        return cls((int(height), int(width), int(channels)), background == "dark")

    @property
    def is_ink(self) -> bool:
        """Whether drawings are bright ink on black, (28, 28, 1), and normalised as MNIST's digits were."""
        return self.is_dark and self.shape == _INK_SHAPE

    @property
    def can_be_drawn(self) -> bool:
        """Whether its images are grey or have red, green and blue."""
        return self.shape[2] in {1, 3}

    @property
    def is_coloured(self) -> bool:
        """Whether the image has three channels."""
        return self.shape[2] == 3

    @property
    def background(self) -> int:
        """Value of an empty image's pixels, 0 or 255."""
        return 0 if self.is_dark else 255

    @property
    def longer_side(self) -> int:
        """The larger of height and width, in pixels."""
        return max(self.shape[:2])

    def refusal(self, about: "RunDescription") -> str:
        """Return why a run cannot take a drawing of this form, as a sentence; "" if it can."""
        its = DrawingForm.of(about)
        if its == self:
            return ""
        if its.shape == self.shape:
            return _("Needs a {words} background.").format(words="dark" if its.is_dark else "light")
        height, width, channels = its.shape
        kind = {1: _("grey images"), 3: _("colour images")}.get(
            channels, _("images with {channels} channels").format(channels=channels)
        )
        return _("Needs {kind} ({height}×{width}).").format(kind=kind, height=height, width=width)


INK = DrawingForm(_INK_SHAPE, is_dark=True)
"""The form of MNIST's digits."""
