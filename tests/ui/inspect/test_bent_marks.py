"""Marks of bent images of a layer."""

import numpy as np
import pytest

from cadl_gui.domain.bends import WHOLE_UNIT, Bend, Part, scaled, swapped
from cadl_gui.domain.model_spec import LayerSpec, model_spec
from cadl_gui.domain.presets import preset
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.weight_images import weight_images
from cadl_gui.ui.inspect.bend_toolbar import parts_of
from cadl_gui.ui.inspect.bent_marks import bent_images, bent_mark

LAYER = LayerSpec(
    name="conv", kind="convolution", input_shape=(6, 6, 2), output_shape=(6, 6, 3), kernel_size=3
)
IMAGES = weight_images(LayerWeights(LAYER, np.zeros(LAYER.kernel_shape, np.float32), None))


def test_a_unit_has_an_image_for_each_input_and_a_kernel_one():
    bends = scaled(scaled((), Part("conv", 1), 0.0), Part("conv", 2, 1), 2.0)
    assert sorted(bent_images(bends, IMAGES, LAYER)) == [1, 4, 5]
    assert bent_images(scaled((), Part("other", 1), 0.0), IMAGES, LAYER) == {}


def test_marks_are_short():
    part, other = Part("conv", 0), Part("conv", 1)
    assert bent_mark(Bend(part, part, 0.0)) == "×0"
    assert bent_mark(Bend(part, part, -1.5)) == "×−1.5"
    assert bent_mark(swapped((), part, other)[0]) == "⇄"


@pytest.mark.parametrize(
    ("kind", "shapes", "marked"),
    [("convolution", ((8, 8, 3), (4, 4, 5)), 4), ("transposed convolution", ((4, 4, 5), (8, 8, 3)), 2)],
)
def test_a_bent_kernel_of_one_colour_marks_the_image_that_it_is_part_of(kind, shapes, marked):
    """Kernel 2 → 4 of a layer that sees colours is blue of unit 4; of one that paints them, of input 2."""
    layer = LayerSpec(name="layer", kind=kind, input_shape=shapes[0], output_shape=shapes[1], kernel_size=2)
    kernel = np.zeros(layer.kernel_shape, np.float32)
    images = weight_images(LayerWeights(layer, kernel, None), in_colour=True)
    unit = min(4, shapes[1][2] - 1)
    bent = scaled((), Part("layer", unit, 2), 0.5)
    assert list(bent_images(bent, images, layer)) == [marked]


def test_an_image_of_three_kernels_offers_the_unit_alone():
    """To bend the kernel of one colour, each channel is shown by itself."""
    spec = model_spec(preset("emoji-vae").config.model, (16, 16, 3), 0)
    layer = spec.encoder[0]
    weights = LayerWeights(layer, np.zeros(layer.kernel_shape, np.float32), None)
    in_colour, each = (weight_images(weights, in_colour=chosen) for chosen in (True, False))
    assert parts_of(spec, in_colour, 3) == (Part("encoder_1", 3, WHOLE_UNIT),)
    assert len(parts_of(spec, each, 3)) == 2
