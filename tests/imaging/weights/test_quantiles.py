"""Quantiles of a layer and of its units, compared with NumPy on the columns."""

import numpy as np

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.domain.weight_quantiles import SHARES
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.quantiles import weight_quantiles

DENSE = LayerSpec(name="a", kind="dense", input_shape=(4, 3, 1), output_shape=(5,))
SLIDING = LayerSpec(
    name="b", kind="convolution", input_shape=(6, 6, 2), output_shape=(6, 6, 3), kernel_size=3
)


def weights_of(layer):
    return LayerWeights(
        layer, np.random.default_rng(3).normal(size=layer.kernel_shape).astype(np.float32), None
    )


def test_a_dense_unit_is_its_column():
    weights = weights_of(DENSE)
    found = weight_quantiles(weights)
    np.testing.assert_allclose(found.units[2], np.quantile(weights.kernel[:, 2], SHARES), rtol=1e-6)
    np.testing.assert_allclose(found.layer, np.quantile(weights.kernel, SHARES), rtol=1e-6)


def test_a_sliding_unit_is_all_its_kernels():
    weights = weights_of(SLIDING)
    np.testing.assert_allclose(
        weight_quantiles(weights).units[1], np.quantile(weights.kernel[..., 1], SHARES), rtol=1e-6
    )


def test_what_is_not_finite_is_left_out():
    weights = weights_of(DENSE)
    weights.kernel[0, 1] = np.nan
    weights.kernel[:, 3] = np.inf
    found = weight_quantiles(weights)
    np.testing.assert_allclose(found.units[1], np.quantile(weights.kernel[1:, 1], SHARES), rtol=1e-6)
    assert np.isnan(found.units[3]).all()
    assert np.isfinite(found.layer).all()
