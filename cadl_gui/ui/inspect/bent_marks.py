"""Which images of a layer are bent, and what is written on them."""

from cadl_gui.domain.bends import Bend, Bends
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.weight_images import WeightImages


def bent_images(bends: Bends, images: WeightImages, owner: LayerSpec) -> dict[int, Bend]:
    """The bend of each image of a layer that has one, by its number.

    Args:
        bends: of the network.
        images: of the layer that is shown.
        owner: the layer whose units they belong to.
    """
    bent: dict[int, Bend] = {}
    for bend in bends:
        part = bend.part
        if part.is_unit and part.layer == owner.name:
            tiles = range(part.unit, images.n_inputs * images.n_units, images.n_units)
            bent |= dict.fromkeys(tiles, bend)
        elif not part.is_unit and part.layer == images.layer.name:
            bent[part.source * images.n_units + part.unit] = bend
    return bent


def bent_mark(bend: Bend) -> str:
    """A few characters, such as "×0" or "⇄"."""
    swapped = "⇄" if bend.origin != bend.part else ""
    factor = f"×{bend.factor:g}".replace("-", "−") if bend.factor != 1 else ""
    return swapped + factor
