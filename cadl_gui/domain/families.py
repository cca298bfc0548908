"""The four things that a network can be trained to do, which group the presets."""

from dataclasses import dataclass
from enum import Enum

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.presets import PRESETS
from cadl_gui.system.words import _


@dataclass(frozen=True)
class FamilyText:
    """Name of a family, one sentence about it, and what a network of it does."""

    name: str
    help: str
    does: str


class Family(Enum):
    """What a network is trained to do."""

    RECONSTRUCT = FamilyText(
        _("Reconstruct"), _("Repeat an image through a few numbers."), _("copies images")
    )
    DENOISE = FamilyText(
        _("Denoise"), _("Repair an image of which pixels are missing."), _("repairs noisy images")
    )
    PLANE = FamilyText(
        _("Plane"), _("Give each image a place, and make an image of every place."), _("makes new images")
    )
    CLASSIFY = FamilyText(_("Classify"), _("Say which class an image belongs to."), _("says what it sees"))

    @property
    def first_preset(self) -> str:
        """The preset to begin with: the first whose images ship with the program."""
        return next(name for name in self.presets if not PRESETS[name].to_open)

    @property
    def presets(self) -> tuple[str, ...]:
        """Names of the presets of this family, in their order."""
        return tuple(name for name, preset in PRESETS.items() if family_of(preset.config) is self)


def family_of(config: RunConfig) -> Family:
    """Return the family of a configuration; a denoising network with a plane is of the plane."""
    if config.model.is_classifier:
        return Family.CLASSIFY
    if config.model.is_variational:
        return Family.PLANE
    return Family.DENOISE if config.is_denoising else Family.RECONSTRUCT
