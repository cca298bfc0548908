"""The view of the last session: what is stored is what is shown again, and no file hurts."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.bends import Bend, Bends, Part
from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.labelled import Labelled
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.domain.session import Kept
from cadl_gui.domain.view import Axes, FigureView, Held, LessonView, Pin, Square, View, Zoomed

KEYS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
POSITIONS = st.builds(Position, st.integers(0, 10**9), st.integers(0, 10**9))
NEXT = st.builds(
    lambda name, epochs: NextRun.of(preset(name).config).replace(epochs=epochs),
    st.sampled_from(sorted(PRESETS)),
    st.sampled_from(["", "1", "12", "twelve"]),
)
PINS = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.tuples(*[st.floats(-1e9, 1e9)] * n, st.integers(0, 10**9)), max_size=4).map(tuple)
)
PARTS = st.builds(Part, KEYS, st.integers(0, 10**9), st.integers(-1, 10**9))
BENDS = st.lists(
    st.builds(Bend, PARTS, PARTS, st.floats(-10, 10)), unique_by=lambda bend: bend.part, max_size=4
).map(lambda bends: tuple(sorted(bends)))
KNOWN = {
    str: KEYS, bool: st.booleans(), int: st.integers(0, 100), Position: POSITIONS, NextRun: NEXT,
    type(None): st.none(), tuple[Pin, ...]: PINS, Bends: BENDS, Kept: st.sampled_from(Kept),
    Mapping[str, Drawing]: st.just({}), Mapping[str, Held]: st.just({}), tuple[Labelled, ...]: st.just(()),
    tuple[float, ...]: st.lists(st.floats(-1e9, 1e9), max_size=4).map(tuple),
    Axes: st.tuples(KEYS, st.integers(0, 4), st.integers(5, 4_095)),
    Zoomed: st.tuples(st.floats(1, 1e6), st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**9)),
    Square: st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(1e-5, 1e6)),
}  # fmt: skip


def any_of(kind):
    """Values of a type that the view, or a part of it, has as a member."""
    if kind in KNOWN:
        return KNOWN[kind]
    inner = [any_of(each) for each in get_args(kind) if each is not ...]
    match get_origin(kind):
        case None if is_dataclass(kind):
            return st.builds(kind, **{name: any_of(each) for name, each in get_type_hints(kind).items()})
        case origin if origin is Mapping:
            return st.dictionaries(*inner, max_size=4)
        case origin if origin is tuple and ... in get_args(kind):
            return st.lists(*inner, max_size=4).map(tuple)
        case origin if origin is tuple:
            return st.tuples(*inner)
        case _:
            assert inner, f"there are no examples of {kind}"
            return st.one_of(inner)


VIEWS = any_of(View)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=5), children, max_size=4)
    ),
    max_leaves=9,
)


def never(error):
    raise AssertionError(error)


@given(VIEWS)
def test_a_view_that_was_stored_is_shown_again(view):
    assert View.from_json(json.loads(json.dumps(view.to_json())), never) == view


def test_as_many_runs_as_may_be_listed_are_listed_again():
    view = View(runs=tuple(f"/{i}" for i in range(1_000)))
    assert View.from_json(view.to_json(), never) == view


@given(VIEWS, st.sampled_from([part.name for part in fields(View)]), JSON)
def test_a_damaged_part_is_as_at_first_and_the_others_hold(view, part, damage):
    errors = []
    read = View.from_json(view.to_json() | {part: damage}, errors.append)
    others = {name: value for name, value in view.to_json().items() if name != part}
    assert {name: value for name, value in read.to_json().items() if name != part} == others
    assert all(isinstance(key, str) for key in (*read.runs, read.run, *read.compared, read.tab))
    assert read.at is None or all(type(number) is int and 0 <= number <= 10**9 for number in read.at)
    assert isinstance(read.next, NextRun)
    if errors:
        assert str(errors[0]).startswith(f"“{part}”")
        assert getattr(read, part) == getattr(View(), part)


PART = {"layer": "encoder_1", "unit": 3, "source": -1}
BEND = {"part": PART, "origin": PART | {"unit": 5}, "factor": 0.5}
DAMAGED_BENDS = (
    [BEND, BEND], [BEND | {"factor": 10.5}], [BEND | {"factor": float("nan")}], [BEND | {"part": 3}],
    [BEND | {"origin": PART | {"unit": -1}}], [BEND | {"part": PART | {"unit": True}}],
    [BEND | {"part": PART | {"source": -2}}], [BEND | {"part": PART | {"unit": 10**9 + 1}}],
    [BEND | {"part": PART | {"layer": 1}}], [BEND | {"part": PART | {"unit": n}} for n in range(1_001)],
)  # fmt: skip


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        ("run", "a\0b"),
        ("run", "\ud800"),
        ("tab", "x" * 10_001),
        ("runs", ["/x"] * 1_001),
        ("runs", "/x"),
        ("at", [1]),
        ("at", [True, 0]),
        ("at", [0, 10**9 + 1]),
        ("draw", {"section": 3}),
        ("draw", {"is_logarithmic": 1}),
        ("draw", {"noise": 101}),
        ("draw", {"noise": True}),
        ("inspect", ["weights"]),
        ("latent", {"layers": "points"}),
        ("latent", {"to_place": ["mnist"]}),
        ("latent", {"to_place": ["mnist", -1]}),
        ("latent", {"to_place": [5, 3]}),
        ("inspect", {"dataset": None}),
        ("of_run", {"id:a": {"span": [[1, 0]]}}),
        ("of_run", {"id:a\0": {}}),
        ("of_run", {"id:a": {"pins": [[0.5, 1.0]]}}),
        ("of_run", {"id:a": {"pins": [[0.5, -1]]}}),
        ("of_run", {"id:a": {"pins": [[0.5, True]]}}),
        ("of_run", {"id:a": {"pins": [[1e10, 3]]}}),
        ("of_run", {"id:a": {"pins": [[float("nan"), 3]]}}),
        ("of_run", {"id:a": {"pins": [[3]]}}),
        ("of_run", {"id:a": {"pins": [[0.5, 3], [0.5, 1.5, 3]]}}),
        ("of_run", {"id:a": {"pins": [[0.5, 3]] * 501}}),
        ("of_run", {"id:a": {"pins": [[0.5] * 4096 + [3]] * 86}}),
        *(("of_run", {"id:a": {"bends": bends}}) for bends in DAMAGED_BENDS),
        ("of_run", {"id:a": {"z": [1e10, 0.5]}}),
        ("of_run", {"id:a": {"z": [float("nan"), 0.5]}}),
        ("of_run", {"id:a": {"z": [0.5] * 4_097}}),
        ("of_run", {"id:a": {"axes": ["latents", 3, 3]}}),
        ("of_run", {"id:a": {"axes": ["latents", -1, 3]}}),
        ("of_run", {"id:a": {"axes": ["latents", 2, 4_096]}}),
        ("of_run", {"id:a": {"axes": [2, 0, 1]}}),
        ("of_run", {"id:a": {"box": [0.5, -1.5, 0]}}),
        ("of_run", {"id:a": {"box": [0.5, -1.5, 1e7]}}),
        ("of_run", {"id:a": {"box": [0.5, float("inf"), 2]}}),
        ("figure", {"zooms": {"a\0": [2.5, 0.25, 0.75, 3]}}),
        ("figure", {"zooms": {"a": [0.5, 0.25, 0.75, 3]}}),
        ("figure", {"zooms": {"a": [float("nan"), 0.25, 0.75, 3]}}),
        ("figure", {"zooms": {"a": [2.5, -0.25, 0.75, 3]}}),
        ("figure", {"zooms": {"a": [2.5, 0.25, 1.75, 3]}}),
        ("figure", {"zooms": {"a": [2.5, 0.25, 0.75, -3]}}),
        ("figure", {"zooms": {"a": [2.5, 0.25, 0.75]}}),
        ("lesson", {"steps": {"edges": -1}}),
        ("lesson", {"steps": {"edges": "first"}}),
        ("lesson", {"answers": {"edges/One": 3}}),
        ("lesson", {"done": ["a\0"]}),
        ("lesson", {"noise": 101}),
        ("next", {"epochs": 3}),
        ("next", NextRun().to_json() | {"epochs": [3]}),
    ],
)
def test_what_this_program_did_not_write_is_reported(part, damage):
    errors = []
    assert View.from_json({part: damage, "from another version": 1}, errors.append) == View()
    assert len(errors) == 1


@given(JSON.filter(lambda values: not isinstance(values, dict)))
def test_a_file_that_holds_no_view_is_reported(values):
    errors = []
    assert View.from_json(values, errors.append) == View()
    assert len(errors) == 1


def test_what_is_chosen_for_runs_is_bounded_and_the_newest_stay():
    view = View()
    for number in (*range(200), 7, 200):
        span = Position(number), None
        view = replace(view, of_run=view.with_run(f"id:{number}", span=span))
    assert len(view.of_run) == 200
    assert "id:0" not in view.of_run
    assert [*view.of_run][-2:] == ["id:7", "id:200"]


def test_what_was_done_in_lessons_is_bounded_and_the_newest_stay():
    lesson = LessonView("shipped:edges")
    for number in (*range(200), 7, 200):
        name = f"edges/{number}"
        lesson = lesson.at(name, number).answered(name, f"{number}!").with_done(name)
    assert len(lesson.steps) == len(lesson.answers) == len(lesson.done) == 200
    assert (lesson.path, "edges/0" in lesson.answers, "edges/0" in lesson.done) == (
        "shipped:edges",
        False,
        False,
    )
    assert [*lesson.answers.items()][-2:] == [("edges/7", "7!"), ("edges/200", "200!")]
    assert lesson.done[-1] == "edges/200"
    without = lesson.answered("edges/200", "")
    assert [*without.answers][-1] == "edges/7"
    assert without.with_done("edges/200") == without


def test_zooms_are_bounded_and_the_newest_stay():
    figure = FigureView()
    for number in (*range(200), 7, 200):
        figure = figure.zoomed(f"layer {number}", (1.5 + number, 0.25, 0.75, 3))
    assert len(figure.zooms) == 200
    assert "layer 0" not in figure.zooms
    assert [*figure.zooms.items()][-2:] == [
        ("layer 7", (8.5, 0.25, 0.75, 3)),
        ("layer 200", (201.5, 0.25, 0.75, 3)),
    ]
