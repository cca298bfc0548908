"""Strokes and drawings as data."""

import pytest

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
