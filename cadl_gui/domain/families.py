"""The four things that a network can be trained to do, which group the presets."""

from dataclasses import dataclass
from enum import Enum

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.presets import PRESETS


@dataclass(frozen=True)
class FamilyText:
    """Name of a family, and one sentence about it."""

    name: str
    help: str


class Family(Enum):
    """What a network is trained to do."""

    RECONSTRUCT = FamilyText("Reconstruct", "Repeat an image through a few numbers.")
    DENOISE = FamilyText("Denoise", "Repair an image of which pixels are missing.")
    PLANE = FamilyText("Plane", "Give each image a place, and make an image of every place.")
    CLASSIFY = FamilyText("Classify", "Say which class an image belongs to.")

    @property
    def first_preset(self) -> str:
        """The preset to begin with: the first whose images ship with the program."""
        ours = [name for name, preset in PRESETS.items() if family_of(preset.config) is self]
        return next(name for name in ours if not PRESETS[name].to_open)


def family_of(config: RunConfig) -> Family:
    """Return the family of a configuration; a denoising network with a plane is of the plane."""
    if config.model.is_classifier:
        return Family.CLASSIFY
    if config.model.is_variational:
        return Family.PLANE
    return Family.DENOISE if config.is_denoising else Family.RECONSTRUCT


def presets_by_family() -> list[str]:
    """Return the names of all presets, those of a family together, in the order of both."""
    families = list(Family)
    return sorted(PRESETS, key=lambda name: families.index(family_of(PRESETS[name].config)))
