"""What is chosen is of its dataset, form or run, and the choices made last stay where they are too many."""

from dataclasses import replace

import numpy as np
import pytest

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.drawing import BLANK, Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.labelled import Labelled, labelled_from_json, labelled_to_json
from cadl_gui.domain.view import DataView, DrawView, FigureView, RunView, View

MOST = 200
PHOTOGRAPHS = DrawingForm((48, 64, 3), is_dark=False)


@pytest.mark.parametrize(("page", "there"), [("image", ""), ("statistics", "statistics"), ("", "")])
def test_order_split_and_page_are_of_all_datasets_and_the_rest_of_one(page, there):
    chosen = DataView("brightness", 2, True, page, "faces", 3, "img_", 41, 1)
    assert chosen.about("faces") is chosen
    other = chosen.about("digits")
    assert other == DataView("brightness", 2, True, there, "digits")
    assert other.about("digits") is other


def test_each_form_has_its_sheet_and_without_normalisation_flipped_pixels_are_those_of_no_image():
    stroke = Stroke((Point(0.25, 0.5),), 0.1)
    ink, photograph = Drawing((stroke,), flips=frozenset({(3, 4)})), Drawing((stroke, stroke))
    draw = DrawView(noise=30).with_sheet(INK, ink).with_sheet(PHOTOGRAPHS, photograph)
    assert (draw.sheet(INK), draw.sheet(PHOTOGRAPHS)) == (ink, photograph)
    assert draw.sheet(replace(PHOTOGRAPHS, is_dark=True)) is BLANK
    for is_on in (False, True):
        other = draw.normalised(is_on)
        assert (other.is_normalised, other.noise) == (is_on, 30)
        assert (other.sheet(INK).strokes, other.sheet(INK).flips) == ((stroke,), frozenset())
        assert other.sheet(PHOTOGRAPHS) is photograph
        assert other.normalised(not is_on).sheet(INK) is other.sheet(INK), "there is nothing to take back"


def test_the_runs_shown_last_and_chosen_last_stay_and_zooms_too():
    view = View(of_run={"a": RunView(z=(1.0,))})
    for n in (*range(MOST + 5), 7, 7, 50):
        view = replace(view, run=f"run {n}").with_recent()
    assert view.recent[-3:] == (f"run {MOST + 4}", "run 7", "run 50")
    assert (len(view.recent), len({*view.recent}), "run 4" in view.recent) == (MOST, MOST, False)
    for n in (*range(MOST + 5), 9):
        view = replace(view, of_run=view.with_run(f"run {n}", z=(float(n),)))
    assert ([*view.of_run][-2:], len(view.of_run)) == ([f"run {MOST + 4}", "run 9"], MOST)
    assert "run 4" not in view.of_run
    assert view.chosen("run 9") == RunView(z=(9.0,))
    figure = FigureView(covered=("x",))
    for n in (*range(MOST + 5), 9):
        figure = figure.zoomed(f"image {n}", (1.5, 0.25, 0.75, n))
    assert ([*figure.zooms][-2:], len(figure.zooms)) == ([f"image {MOST + 4}", "image 9"], MOST)
    assert figure.covered == ("x",)


def test_a_run_has_one_choice_whose_parts_are_changed_one_by_one_and_none_once_all_are_the_usual():
    bends = scaled((), Part("logits", 3), 0.5)
    view = View()
    for parts in ({"pins": ((0.5, 1.0, 3),)}, {"bends": bends}, {"z": (1.0, -2.0)}, {"bends": ()}):
        view = replace(view, of_run=view.with_run("a", **parts))
    assert view.chosen("a") == RunView(pins=((0.5, 1.0, 3),), z=(1.0, -2.0))
    view = replace(view, of_run=view.with_run("b", box=(0.5, 0.25, 2.0)))
    assert [*replace(view, of_run=view.with_run("a", pins=(), z=())).of_run] == ["b"]


def test_a_run_whose_key_is_known_by_now_is_renamed_wherever_it_is_chosen():
    def view(a):
        return View(
            runs=("b", a, "c"), run=a, recent=("c", a), compared=(a, "b"), draw=DrawView(nearest=a),
            of_run={"b": RunView(z=(1.0,)), a: RunView(z=(2.0,))},
        )  # fmt: skip

    assert view("path").renamed("path", "id:x") == view("id:x")
    assert view("path").renamed("id:x", "other") == view("path")


def test_labelled_drawings_come_back_in_their_order_from_sheets_that_alternate():
    names, animals = tuple("0123456789"), ("cat", "dog")
    images = [np.random.default_rng(n).integers(0, 256, form.shape, np.uint8) for n, form in enumerate(
        (INK, PHOTOGRAPHS, INK, INK)
    )]  # fmt: skip
    drawings = (
        Labelled(INK, names, images[0], 7, "digits.npz"),
        Labelled(PHOTOGRAPHS, animals, images[1], 1),
        Labelled(INK, names, images[2], 4),
        Labelled(INK, animals, images[3], 0, "animals.npz"),
    )
    again = labelled_from_json(labelled_to_json(drawings))
    assert [(each.sheet, each.label, each.saved) for each in again] == [
        (each.sheet, each.label, each.saved) for each in drawings
    ]
    for each, image in zip(again, images, strict=True):
        np.testing.assert_array_equal(each.image, image)
