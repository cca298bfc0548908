"""Marks of bent weight images."""

from cadl_gui.domain.bends import Bend, Bends
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.weight_images import WeightImages


def bent_images(bends: Bends, images: WeightImages, owner: LayerSpec) -> dict[int, Bend]:
    """Return the bends of the images of a layer, by image index.

    Args:
        bends: Bends of the network.
        images: Weight images of the layer shown.
        owner: The layer whose units the images belong to.
    """
    bent: dict[int, Bend] = {}
    for bend in bends:
        part = bend.part
        if part.is_unit and part.layer == owner.name:
            tiles = range(part.unit, images.n_inputs * images.n_units, images.n_units)
            bent |= dict.fromkeys(tiles, bend)
        elif not part.is_unit and part.layer == images.layer.name:
            source = 0 if images.is_colour else part.source
            bent[part.source if images.paints else source * images.n_units + part.unit] = bend
    return bent


def bent_mark(bend: Bend) -> str:
    """Return a short mark, such as "×0" or "⇄"."""
    swapped = "⇄" if bend.origin != bend.part else ""
    factor = f"×{bend.factor:g}".replace("-", "−") if bend.factor != 1 else ""
    return swapped + factor
