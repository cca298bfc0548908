"""Handwriting variants are drawn at plausible places, into the right digits only, and are reproducible."""

import numpy as np
import pytest

from cadl_gui.datasets.handwriting_variants import rewritten

Y, X = np.indices((28, 28))
N = 60


def line(slant=0.0, width=2.0):
    """A plain 1, 20 pixels high, that leans to the right by `slant` pixels per row."""
    distance = np.abs(X - 14 + slant * (Y - 13.5))
    return (255 * np.clip(width / 2 + 0.5 - distance, 0, 1) * (np.abs(Y - 13.5) < 10)).astype(np.uint8)


def ring(width=2.0):
    """A 0, 20 pixels high."""
    distance = 7 * np.abs(np.hypot((X - 13.5) / 7, (Y - 13.5) / 9) - 1)
    return (255 * np.clip(width / 2 + 0.5 - distance, 0, 1)).astype(np.uint8)


def repeated(image, label, *, share=1.0, seed=1):
    """Many images of the same digit, without and with variants, (n, 28, 28)."""
    images = np.repeat(image[np.newaxis, ..., np.newaxis], N, axis=0)
    return images[..., 0], rewritten(images, np.full(N, label), share, seed)[..., 0]


def centres(images):
    mass = images.sum(axis=(1, 2))
    return np.stack([(images * places).sum(axis=(1, 2)) / mass for places in (X, Y)], axis=1)


def extent(images, *, axis):
    """Number of columns (axis 1) or rows (axis 2) with ink, (n,)."""
    return (images > 100).any(axis=axis).sum(axis=1)


def pieces(image):
    """Number of connected parts of ink."""
    left = {(int(y), int(x)) for y, x in np.argwhere(image > 60)}
    count = 0
    while left:
        count += 1
        edge = [left.pop()]
        while edge:
            y, x = edge.pop()
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            edge += near
    return count


def test_only_ones_and_zeros_change_and_about_the_requested_fraction():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (2000, 28, 28, 1), dtype=np.uint8)
    labels = random.integers(0, 10, 2000)
    changed = (rewritten(images, labels, 0.3, 1) != images).any(axis=(1, 2, 3))
    assert not changed[labels > 1].any()
    for label in (0, 1):
        assert changed[labels == label].mean() == pytest.approx(0.3, abs=0.1)


def test_the_same_seed_alters_alike_and_a_share_of_none_alters_nothing():
    before, after = repeated(line(), 1, share=0.5, seed=3)
    np.testing.assert_array_equal(after, repeated(line(), 1, share=0.5, seed=3)[1])
    assert (after != repeated(line(), 1, share=0.5, seed=4)[1]).any()
    np.testing.assert_array_equal(repeated(line(), 1, share=0.0)[1], before)


@pytest.mark.parametrize("slant", [-0.4, 0.0, 0.4, 0.9])
def test_flags_and_foot_lines_begin_at_the_ends_of_the_stroke_however_it_leans(slant):
    before, after = repeated(line(slant), 1)
    assert (after.sum(axis=(1, 2)) > before.sum(axis=(1, 2))).all()
    assert {pieces(image) for image in after} == {1}
    assert extent(after, axis=2).max() <= extent(before, axis=2).max() + 4  # rows: it is hardly higher


def test_flags_lie_to_the_left_and_foot_lines_to_both_sides():
    _, after = repeated(line(), 1)
    stem = (after[:, 9:18] > 100).sum(axis=1).argmax(axis=1)[:, np.newaxis]
    columns = np.arange(28)
    upper, lower = (after[:, rows].max(axis=1) > 100 for rows in (slice(0, 14), slice(18, 28)))
    assert not (upper & (columns > stem + 2)).any()
    has_flag = (upper & (columns < stem - 2)).any(axis=1)
    has_foot = (lower & (columns > stem + 2)).any(axis=1)
    assert (has_flag | has_foot).mean() > 0.8
    assert has_flag.mean() > has_foot.mean() > 0.2


def test_no_two_are_alike():
    _, after = repeated(line(), 1)
    assert len(np.unique(after, axis=0)) > 0.9 * N


@pytest.mark.parametrize(("draw", "label"), [(line, 1), (ring, 0)])
def test_what_is_added_is_as_wide_as_the_stroke(draw, label):
    added = []
    for width in (1.5, 3.0):
        before, after = repeated(draw(width=width), label)
        added.append((after.astype(int).sum() - before.astype(int).sum()) / 255 / N)
    assert added[1] > 1.4 * added[0]


def test_a_slash_crosses_the_hole_of_a_nought():
    _, after = repeated(ring(), 0)
    assert (after[:, 10:18, 10:18].max(axis=(1, 2)) > 200).all()
    assert {pieces(image) for image in after} == {1}


@pytest.mark.parametrize(("draw", "label"), [(line, 1), (ring, 0)])
def test_the_centre_of_mass_stays_within_a_pixel(draw, label):
    before, after = repeated(draw(), label)
    assert np.abs(centres(after) - centres(before)).max() < 0.75


def test_where_a_digit_is_moved_back_from_an_edge_it_leaves_black():
    """A flag raises a line's centre of mass and a foot line lowers it; the line reaches from edge to edge."""
    tall = (255 * (np.abs(X - 14) < 1)).astype(np.uint8)
    _, after = repeated(tall, 1)
    is_black = ~(after > 100).any(axis=2)
    assert is_black[:, 0].any()
    assert is_black[:, -1].any()


def test_images_without_a_stroke_stay_as_they_are_or_at_least_are_no_error():
    empty, speck = np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.uint8)
    speck[3, 4] = 255
    for label in (0, 1):
        before, after = repeated(empty, label)
        np.testing.assert_array_equal(after, before)
        assert repeated(speck, label)[1].max() == 255
    nothing = rewritten(np.zeros((0, 28, 28, 1), np.uint8), np.zeros(0, np.int64), 1.0, 1)
    assert nothing.shape == (0, 28, 28, 1)


def test_images_of_another_shape_and_with_colours_are_altered_too():
    tall = np.zeros((N, 30, 9, 3), np.uint8)
    tall[:, 3:27, 4] = (200, 10, 10)
    assert (rewritten(tall, np.ones(N, np.int64), 1.0, 1) != tall).any(axis=(1, 2, 3)).all()
