"""What is written on the pictures of bent units and kernels."""

from cadl_gui.core.architecture import Layer
from cadl_gui.core.bends import Bend, Bends
from cadl_gui.core.weights.weight_pictures import WeightPictures


def bent_marks(bends: Bends, pictures: WeightPictures, owner: Layer) -> dict[int, str]:
    """A few characters for each picture of a layer that is bent, by its number.

    Args:
        bends: of the network.
        pictures: of the layer that is shown.
        owner: the layer whose units they belong to.
    """
    marks: dict[int, str] = {}
    for bend in bends:
        part = bend.part
        if part.is_unit and part.layer == owner.name:
            tiles = range(part.unit, pictures.n_inputs * pictures.n_units, pictures.n_units)
            marks |= dict.fromkeys(tiles, _mark(bend))
        elif not part.is_unit and part.layer == pictures.layer.name:
            marks[part.source * pictures.n_units + part.unit] = _mark(bend)
    return marks


def _mark(bend: Bend) -> str:
    swapped = "⇄" if bend.origin != bend.part else ""
    factor = f"×{bend.factor:g}".replace("-", "−") if bend.factor != 1 else ""
    return swapped + factor
