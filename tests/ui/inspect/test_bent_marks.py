"""Marks of bent images of a layer."""

import numpy as np

from cadl_gui.domain.bends import Bend, Part, scaled, swapped
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.weight_images import weight_images
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
