"""Transposed convolutions, compared with NumPy, which adds kernels where the convolution read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import convolved, transposed

from cadl_gui.models.layers.conv_transpose import ConvTranspose

pytestmark = pytest.mark.tf

sizes = st.integers(1, 11)


def numbers(*shape):
    return np.random.default_rng(3).standard_normal(shape).astype(np.float32)


def latents_for(height, width, stride):
    return numbers(2, -(-height // stride), -(-width // stride), 4)


@given(sizes, sizes, st.integers(1, 3), st.integers(1, 5))
def test_a_tied_kernel_is_put_down_as_numpy_does(height, width, stride, side):
    latents, kernel = latents_for(height, width, stride), numbers(side, side, 3, 4)
    layer = ConvTranspose((height, width, 3), stride=stride)
    layer.build(latents.shape)
    assert layer.trainable_variables == []
    oracle = transposed(latents, kernel, stride, (height, width, 3))
    np.testing.assert_allclose(layer(latents, kernel), oracle, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("height", "width"), [(28, 28), (13, 7), (5, 1)])
def test_a_kernel_of_its_own_and_a_bias_are_learned(height, width):
    latents, bias = latents_for(height, width, 2), numbers(3)
    layer = ConvTranspose((height, width, 3), stride=2, use_bias=True, kernel_size=4)
    layer.build(latents.shape)
    layer.bias.assign(bias)
    assert [tuple(v.shape) for v in layer.trainable_variables] == [(4, 4, 3, 4), (3,)]
    oracle = transposed(latents, layer.kernel.numpy(), 2, (height, width, 3)) + bias
    np.testing.assert_allclose(layer(latents), oracle, rtol=1e-4, atol=1e-4)


@given(sizes, sizes, st.integers(1, 3), st.integers(1, 5))
def test_the_oracle_itself_is_the_adjoint_of_a_convolution(height, width, stride, side):
    """⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩ in double precision."""
    images, latents = numbers(2, height, width, 3), latents_for(height, width, stride)
    kernel = numbers(side, side, 3, 4)
    there = np.vdot(convolved(images, kernel, stride), latents)
    back = np.vdot(images, transposed(latents, kernel, stride, (height, width, 3)))
    assert there == pytest.approx(back, rel=1e-9, abs=1e-9)
