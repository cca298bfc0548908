"""Steps that are undone in whatever view there is by then."""

from dataclasses import replace

from domain.test_view import VIEWS
from hypothesis import given

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.view import DrawView, LessonView, RunView, View
from cadl_gui.domain.view_step import ViewStep, ViewSteps

FIRST, SECOND = (1.0, 2.0, 3), (4.0, 5.0, 6)


def at_once(before, after):
    """A view with lists that other steps do not change: those are merged, see below."""
    return replace(after, runs=before.runs, compared=before.compared)


def without_usual(view):
    """A view without runs for which nothing is chosen: they are as good as not there."""
    return replace(view, of_run={key: chosen for key, chosen in view.of_run.items() if chosen != RunView()})


@given(VIEWS, VIEWS)
def test_a_step_leads_back_and_forth(before, after):
    after = at_once(before, after)
    step = ViewStep.of(before, after, "All")
    assert without_usual(step.undone(after)) == without_usual(before)
    assert without_usual(step.redone(before)) == without_usual(after)


@given(VIEWS, VIEWS, VIEWS)
def test_two_steps_of_a_gesture_are_one(first, second, third):
    second, third = at_once(first, second), at_once(first, third)
    step = ViewStep.of(first, second, "Drag", 1).then(ViewStep.of(second, third, "Drag", 1))
    assert without_usual(step.undone(third)) == without_usual(first)
    assert without_usual(step.redone(first)) == without_usual(third)
    back = step.then(ViewStep.of(third, first, "Drag", 1))
    assert not back.parts


def test_only_what_was_changed_is_undone():
    before = View(tab="draw", of_run={"a": RunView(pins=(FIRST,)), "b": RunView()})
    step = ViewStep.of(before, replace(before, of_run=before.with_run("a", pins=())), "Clear pins")
    now = View(
        tab="latent",
        draw=DrawView("fool", True),
        of_run={"c": RunView(pins=(SECOND,)), "a": RunView(span=(None, None)), "b": RunView(pins=(SECOND,))},
    )
    assert step.keys == {"a"}
    assert step.undone(now) == replace(now, of_run={**now.of_run, "a": RunView(pins=(FIRST,))})


def test_a_key_that_is_named_as_a_list_of_runs_is_undone_as_any_other():
    before, after = View(), View(lesson=LessonView(answers={"compared": "9", "runs": "4"}))
    step = ViewStep.of(before, after, "Open")
    assert step.undone(after) == before
    assert step.redone(before) == after


def test_a_run_returns_to_its_place_among_others_that_came_and_went():
    before = View(runs=("a", "b", "c"), run="b", compared=("c", "b", "a"))
    step = ViewStep.of(before, replace(before, runs=("a", "c"), run="c", compared=("c", "a")), "Remove")
    now = View(runs=("a", "d"), run="d", compared=("d", "c"))
    assert step.undone(now) == View(runs=("a", "b", "d"), run="b", compared=("d", "c", "b"))
    assert step.redone(step.undone(now)) == View(runs=("a", "d"), run="c", compared=("d", "c"))


def test_the_first_and_the_last_run_return_to_the_ends_also_where_all_others_are_new():
    before = View(runs=("a", "b", "c"), compared=("a", "c"))
    for removed, now, back in (
        ("a", ("x", "b", "c"), ("a", "x", "b", "c")),
        ("a", ("x", "y"), ("a", "x", "y")),
        ("c", ("a", "b", "x"), ("a", "b", "c", "x")),
        ("b", ("x",), ("b", "x")),
    ):
        left = tuple(key for key in before.runs if key != removed)
        step = ViewStep.of(before, replace(before, runs=left, compared=()), "Remove")
        undone = step.undone(View(runs=now, compared=("x",)))
        assert (undone.runs, undone.compared) == (back, ("a", "c", "x"))
        assert step.redone(undone) == View(runs=now, compared=("x",))


def pinned(view, key, *pins):
    return replace(view, of_run=view.with_run(key, pins=pins))


def test_steps_are_undone_last_first_and_those_of_closed_runs_wait():
    views = [View(runs=("a", "b"))]
    steps = ViewSteps()
    for key, pins in (("a", (FIRST,)), ("b", (SECOND,)), ("a", (FIRST, SECOND))):
        views.append(pinned(views[-1], key, *pins))
        steps.add(ViewStep.of(*views[-2:], f"Pin {key}"))
    last = steps.to_undo("ab")
    assert last.undone(views[-1]) == views[-2]
    steps.turn(last)
    assert without_usual(steps.to_undo("a").undone(views[1])) == views[0], (
        "the run of the second step is closed"
    )
    assert steps.to_undo("ab").text == "Pin b"
    assert steps.to_redo("ab") is last
    assert steps.to_redo("b") is None
    steps.turn(last)
    assert steps.to_redo("ab") is None
    assert steps.to_undo("ab") is last


def test_the_steps_of_a_drawing_are_undone_and_redone_whatever_was_done_elsewhere_since():
    view, steps = View(runs=("a",)), ViewSteps()

    def do(after, text):
        nonlocal view
        steps.add(ViewStep.of(view, after, text))
        view = after

    def drawn(key, width):
        stroke = Stroke((Point(0.1, 0.2, 0.5),), width, False, (255, 255, 255))
        return replace(view, draw=replace(view.draw, sheets={**view.draw.sheets, key: Drawing((stroke,))}))

    other = DrawingForm((8, 12, 3), is_dark=True)
    for key, width in ((INK.key, 0.1), (other.key, 0.2), (INK.key, 0.3)):
        do(drawn(key, width), f"{key} {width}")
        do(pinned(view, "a", (width, 1.0, 2)), "Pin")
    for key, widths in ((INK.key, (0.3, 0.1)), (other.key, (0.2,))):
        for width in widths:
            step = steps.to_undo("a", key)
            assert step.text == f"{key} {width}"
            view = step.undone(view)
            steps.turn(step)
        assert steps.to_undo("a", key) is None
        assert key not in view.draw.sheets
        assert steps.to_redo("a", key).text == f"{key} {widths[-1]}"
    assert view.chosen("a").pins == ((0.3, 1.0, 2),)
    assert steps.to_undo("a").text == "Pin"
    do(replace(drawn(INK.key, 0.4), runs=("a", "b")), "opening of a session")
    assert (steps.to_undo("a", INK.key), steps.to_undo("a").text) == (None, "opening of a session")
    do(drawn(INK.key, 0.5), "stroke")
    assert steps.to_undo("a", INK.key).text == "stroke"


def test_what_is_undone_is_lost_once_something_else_is_done():
    first, second = View(runs=("a",)), pinned(View(runs=("a",)), "a", FIRST)
    steps = ViewSteps()
    steps.add(ViewStep.of(first, second, "Pin", 7))
    steps.turn(steps.to_undo("a"))
    steps.add(ViewStep.of(first, pinned(first, "a", SECOND), "Pin", 7))
    assert steps.to_redo("a") is None
    assert steps.to_undo("a").undone(first) == pinned(first, "a")
    steps.add(ViewStep.of(pinned(first, "a", SECOND), pinned(first, "a"), "Pin", 7))
    assert steps.to_undo("a") is None, "the gesture has come back to where it began"


def test_a_drag_that_goes_on_after_an_undo_is_a_step_of_its_own():
    views = [View(runs=("a", "b"))]
    steps = ViewSteps()
    for key, pin, gesture in (("a", FIRST, 7), ("b", SECOND, 8), ("a", SECOND, 7)):
        views.append(pinned(views[-1], key, pin))
        steps.add(ViewStep.of(*views[-2:], "Drag", gesture))
        if key == "b":
            steps.turn(steps.to_undo("ab"))
            views.append(views[1])
    assert without_usual(steps.to_undo("ab").undone(views[-1])) == views[1]
    assert steps.to_redo("ab") is None


def test_a_run_that_is_gone_for_good_takes_its_steps_along():
    first = View(runs=("a", "b"), run="a", compared=("b",))
    removed = replace(first, runs=("b",), run="b")
    both = replace(pinned(pinned(first, "a", FIRST), "b", SECOND), compared=())
    steps = ViewSteps()
    steps.add(ViewStep.of(first, both, "Both"))
    steps.add(ViewStep.of(first, removed, "Remove"))
    steps.turn(steps.to_undo("ab"))
    steps.forget("a")
    assert steps.to_redo("ab") is None
    kept = steps.to_undo("b")
    assert kept.keys == {"b"}, "the pins of the other run can be taken back still"
    assert kept.undone(both) == replace(both, compared=("b",), of_run={"a": RunView(pins=(FIRST,))})
