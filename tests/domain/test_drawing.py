"""Strokes and drawings as data."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from cadl_gui.domain.drawing import Drawing, Point, Stroke

LINE = Stroke((Point(0.2, 0.2), Point(0.4, 0.2), Point(0.42, 0.2), Point(0.6, 0.8)), 0.1)
ERASER = Stroke((Point(0.0, 0.0), Point(1.0, 1.0)), 0.3, erases=True)


def test_the_box_contains_the_ink_on_the_canvas():
    assert Drawing((LINE, ERASER)).box == (0.2, 0.2, 0.6, 0.8)
    assert Drawing((Stroke((Point(-1, 0.5), Point(0.5, 2)), 0.1),)).box == (0, 0.5, 0.5, 1)
    assert Drawing().box == (0, 0, 0, 0)


def test_widths_average_along_the_ink_and_scale_together():
    long, short = Stroke((Point(0, 0), Point(0.9, 0)), 0.1), Stroke((Point(0, 0), Point(0, 0.1)), 0.2)
    drawing = Drawing((long, short, ERASER))
    assert drawing.mean_width == pytest.approx(0.11)
    thinner = drawing.with_mean_width(0.055)
    assert [stroke.width for stroke in thinner.strokes] == pytest.approx([0.05, 0.1, 0.3])
    assert Drawing((Stroke((Point(0, 0),), 0.1),)).mean_width == pytest.approx(0.1)
    assert Drawing().mean_width == 0


def test_pieces_leave_near_points_out_but_never_the_ends():
    ends = [(start.x, end.x) for start, end in LINE.segments(step=0.1)]
    assert ends == [(0.2, 0.4), (0.4, 0.6)]
    assert len(list(LINE.segments())) == 3
    dot = Stroke((Point(0.5, 0.5),), 0.1)
    assert list(dot.segments()) == [(Point(0.5, 0.5), Point(0.5, 0.5))]


PLACES, SHARES = st.floats(-100, 100), st.floats(0, 1)
STROKES = st.builds(
    Stroke,
    st.lists(st.builds(Point, PLACES, PLACES, SHARES), min_size=1, max_size=3).map(tuple),
    st.floats(0.01, 2),
    st.booleans(),
    st.tuples(*[st.integers(0, 255)] * 3),
)
FLIPS = st.frozensets(st.tuples(st.integers(0, 27), st.integers(0, 27)), max_size=3)


@pytest.mark.parametrize("is_ink", [True, False])
@given(data=st.data())
def test_a_drawing_that_was_stored_is_drawn_again(data, is_ink):
    sides = array_shapes(min_dims=2, max_dims=2, max_side=5).map(
        lambda sides: sides if is_ink else (*sides, 3)
    )
    image = data.draw(st.none() | arrays(np.uint8, sides))
    strokes = tuple(data.draw(st.lists(STROKES, max_size=2)))
    flips = data.draw(FLIPS) if is_ink else frozenset()
    again = Drawing.from_json(json.loads(json.dumps(Drawing(strokes, image, flips).to_json())), is_ink=is_ink)
    assert (again.strokes, again.flips) == (strokes, flips)
    np.testing.assert_array_equal(again.image, image)
