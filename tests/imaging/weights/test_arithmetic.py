"""The steps of a unit add up to the result of an independent convolution, or matrix product."""

import numpy as np
import pytest
from oracles import convolved, transposed

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.arithmetic import UnitComputation
from cadl_gui.imaging.weights.layer_weights import LayerWeights, Normalisation


def sliding(side, stride, height=7, width=6, channels=2):
    out = (-(-height // stride), -(-width // stride), 3)
    layer = LayerSpec(
        name="conv", kind="convolution", input_shape=(height, width, channels), output_shape=out,
        kernel_size=side,
        stride=stride, activation="relu",
    )  # fmt: skip
    rng = np.random.default_rng(5)
    kernel = rng.normal(size=layer.kernel_shape).astype(np.float32)
    inputs = rng.normal(size=layer.input_shape).astype(np.float32)
    bias = rng.normal(size=3).astype(np.float32)
    outputs = convolved(inputs[None], kernel, stride)[0] + bias
    return layer, kernel, inputs, bias, outputs.astype(np.float32)


@pytest.mark.parametrize(("side", "stride"), [(3, 1), (3, 2), (5, 2), (2, 2), (4, 3), (1, 1)])
def test_the_products_under_the_kernel_sum_up_to_the_convolution(side, stride):
    layer, kernel, inputs, bias, outputs = sliding(side, stride)
    weights = LayerWeights(layer, kernel, bias)
    works = [
        UnitComputation(weights, 1, source, inputs, np.maximum(outputs[..., 1], 0)) for source in range(2)
    ]
    for step in range(works[0].n_steps):
        products = [work.at(step).rows[1][2].values.sum() for work in works]
        row, column = divmod(step, outputs.shape[1])
        assert sum(products) + bias[1] == pytest.approx(outputs[row, column, 1], abs=1e-4)


def painting(side, stride, height=7, width=6, channels=2):
    """A transposed convolution, whose input is smaller by the stride."""
    shape = (-(-height // stride), -(-width // stride), channels)
    layer = LayerSpec(
        name="painting", kind="transposed convolution", input_shape=shape, output_shape=(height, width, 3),
        kernel_size=side, stride=stride,
    )  # fmt: skip
    rng = np.random.default_rng(5)
    kernel = rng.normal(size=layer.kernel_shape).astype(np.float32)
    inputs = rng.normal(size=shape).astype(np.float32)
    outputs = transposed(inputs[None], kernel, stride, layer.output_shape)[0].astype(np.float32)
    works = [
        UnitComputation(LayerWeights(layer, kernel, None), 1, source, inputs, outputs[..., 1])
        for source in range(channels)
    ]
    return works, kernel, inputs, outputs


@pytest.mark.parametrize(("side", "stride"), [(3, 1), (3, 2), (5, 2), (4, 2), (4, 3), (1, 1), (2, 3)])
def test_what_the_inputs_paint_sums_up_to_the_transposed_convolution(side, stride):
    works, kernel, _, outputs = painting(side, stride)
    for step in range(outputs[..., 0].size):
        (_, unit), (seen, weights, products) = works[0].at(step).rows
        row, column = unit.mark.y, unit.mark.x
        assert unit.step_at(column, row) == step
        total = sum(np.nansum(work.at(step).rows[1][2].values) for work in works)
        assert total == pytest.approx(outputs[row, column, 1], abs=1e-4)
        np.testing.assert_array_equal(products.values, seen.values * weights.values)
        assert np.isin(weights.values[~np.isnan(weights.values)], kernel[:, :, 1, 0]).all()


def test_the_frame_lies_around_the_pixels_that_reach_the_painted_one():
    works, _, inputs, _ = painting(4, 2, height=6, width=6, channels=1)
    inner, corner = works[0].at(2 * 6 + 3), works[0].at(0)
    assert inner.rows[0][0].mark == (1, 0, 2, 2)
    np.testing.assert_array_equal(inner.rows[1][0].values, inputs[0:2, 1:3, 0])
    assert corner.rows[0][0].mark == (0, 0, 1, 1)
    assert np.isnan(corner.rows[1][0].values).sum() == 3, "beyond the edge nothing paints"
    assert corner.rows[1][0].values[1, 1] == inputs[0, 0, 0]


def test_between_kernels_that_lie_apart_nothing_is_painted():
    works, _, _, outputs = painting(1, 2, height=4, width=4, channels=1)
    step = int(np.argwhere(outputs[..., 1].reshape(-1) == 0)[0, 0])
    shown = works[0].at(step)
    assert shown.rows[0][0].mark is None
    assert np.isnan(shown.rows[1][2].values).all()
    assert "sum 0" in shown.text[0]


def test_the_frame_lies_where_the_kernel_looks_and_may_reach_beyond_the_edge():
    layer, kernel, inputs, bias, outputs = sliding(3, 1)
    work = UnitComputation(LayerWeights(layer, kernel, bias), 0, 0, inputs, outputs[..., 0])
    assert work.at(0).rows[0][0].mark == (-1, -1, 3, 3)
    assert work.at(6 + 2).rows[0][0].mark == (1, 0, 3, 3)
    assert work.at(6 + 2).rows[0][1].mark == (2, 1, 1, 1)
    window = work.at(0).rows[1][0].values
    assert not window[0].any(), "beyond the image there is nothing"
    np.testing.assert_array_equal(window[1:, 1:], inputs[:2, :2, 0])


@pytest.mark.parametrize(("make", "side", "stride"), [("slides", 3, 1), ("slides", 3, 2), ("paints", 4, 2)])
def test_a_pixel_of_the_input_stands_for_the_step_that_has_it_in_its_middle(make, side, stride):
    if make == "slides":
        layer, kernel, inputs, bias, outputs = sliding(side, stride)
        work = UnitComputation(LayerWeights(layer, kernel, bias), 0, 0, inputs, outputs[..., 0])
    else:
        (work, *_), _, inputs, _ = painting(side, stride)
    for y, x in np.ndindex(inputs.shape[:2]):
        step = work.at(0).rows[0][0].step_at(x, y)
        left, top, width, height = work.at(step).rows[0][0].mark
        assert left <= x < left + width
        assert top <= y < top + height
        if make == "slides":
            assert abs(left + (side - 1) / 2 - x) <= max(stride / 2, (stride - 1))


def test_the_map_fills_step_by_step():
    layer, kernel, inputs, bias, outputs = sliding(3, 2)
    work = UnitComputation(LayerWeights(layer, kernel, bias), 2, 0, inputs, outputs[..., 2])
    given = work.at(3).rows[0][1].values
    assert np.isfinite(given).sum() == 4
    np.testing.assert_array_equal(work.at(work.n_steps - 1).rows[0][1].values, outputs[..., 2])


def test_the_text_contains_the_whole_sum():
    layer = LayerSpec(name="a", kind="dense", input_shape=(2, 2, 1), output_shape=(2,), activation="relu")
    kernel = np.array([[1, 0], [2, 0], [-3, 0], [0.5, 0]], np.float32)
    inputs = np.array([1, 0.5, 0, 2], np.float32).reshape(2, 2, 1)
    weights = LayerWeights(layer, kernel, np.array([-0.5, 0], np.float32))
    work = UnitComputation(weights, 0, 0, inputs, np.array([[2.5]], np.float32))
    shown = work.at(1)
    assert shown.text == (
        "input 1 · 0.5 × 2 = 1 · so far 2",
        "sum 3 + bias −0.5 = 2.5 → relu: 2.5",
    )
    so_far = shown.rows[1][0].values
    np.testing.assert_array_equal(so_far, [[1, 1], [np.nan, np.nan]])


def test_the_steps_of_a_dense_unit_add_up_to_the_product(rng):
    layer = LayerSpec(name="a", kind="dense", input_shape=(3, 2, 2), output_shape=(4,))
    kernel = rng.normal(size=(12, 4)).astype(np.float32)
    inputs = rng.normal(size=(3, 2, 2)).astype(np.float32)
    given = inputs.reshape(-1) @ kernel
    work = UnitComputation(LayerWeights(layer, kernel, None), 3, 0, inputs, given[3:].reshape(1, 1))
    assert work.n_steps == 12
    for step in range(12):
        so_far = np.nansum(work.at(step).rows[1][0].values)
        assert so_far == pytest.approx((inputs.reshape(-1) * kernel[:, 3])[: step + 1].sum(), abs=1e-5)
        panel = work.at(step).rows[0][0]
        assert panel.step_at(panel.mark.x, panel.mark.y) == step
    assert np.nansum(work.at(11).rows[1][0].values) == pytest.approx(given[3], abs=1e-5)


def test_where_inputs_have_no_place_a_free_cell_is_no_step():
    layer = LayerSpec(name="a", kind="dense", input_shape=(7,), output_shape=(1,))
    work = UnitComputation(
        LayerWeights(layer, np.ones((7, 1), np.float32), None), 0, 0, np.ones(7, np.float32),
        np.array([[7.0]], np.float32),
    )  # fmt: skip
    steps = [work.at(0).rows[1][0].step_at(x, y) for y in range(3) for x in range(3)]
    assert steps == [*range(7), None, None]


def test_normalisation_and_bends_are_reported():
    layer, kernel, inputs, _, outputs = sliding(3, 1, channels=1)
    own = Normalisation(*(np.full(3, number, np.float32) for number in (2, 1, 0.5, 0.999)))
    weights = LayerWeights(layer, kernel, None, own)
    for factor, changed in ((0.0, ", then muted"), (2.5, ", then × 2.5"), (1.0, "")):
        words = UnitComputation(weights, 0, 0, inputs, outputs[..., 0], factor=factor).at(0).text[1]
        assert "→ batch normalisation " in words
        assert f"→ relu{changed}:" in words
