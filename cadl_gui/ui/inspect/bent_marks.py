"""Which pictures of a layer are bent, and what is written on them."""

from cadl_gui.domain.architecture import Layer
from cadl_gui.domain.bends import Bend, Bends
from cadl_gui.imaging.weights.weight_pictures import WeightPictures


def bent_pictures(bends: Bends, pictures: WeightPictures, owner: Layer) -> dict[int, Bend]:
    """The bend of each picture of a layer that has one, by its number.

    Args:
        bends: of the network.
        pictures: of the layer that is shown.
        owner: the layer whose units they belong to.
    """
    bent: dict[int, Bend] = {}
    for bend in bends:
        part = bend.part
        if part.is_unit and part.layer == owner.name:
            tiles = range(part.unit, pictures.n_inputs * pictures.n_units, pictures.n_units)
            bent |= dict.fromkeys(tiles, bend)
        elif not part.is_unit and part.layer == pictures.layer.name:
            bent[part.source * pictures.n_units + part.unit] = bend
    return bent


def bent_mark(bend: Bend) -> str:
    """A few characters, such as "×0" or "⇄"."""
    swapped = "⇄" if bend.origin != bend.part else ""
    factor = f"×{bend.factor:g}".replace("-", "−") if bend.factor != 1 else ""
    return swapped + factor
