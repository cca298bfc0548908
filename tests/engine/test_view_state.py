"""One run at one position, which snaps to the recorded ones."""

import random
from dataclasses import replace
from pathlib import Path
from weakref import ref

import pytest
from any_run import ViewOfAnyRun, rendered
from fakes import description
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import delete

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.run import new_run_id
from cadl_gui.domain.view import DrawView
from cadl_gui.engine.run import Run

RECORDED = [UNTRAINED, Position(0, 5), Position(1), Position(2), Position(4)]


def run():
    config = preset("lecture-autoencoder").config
    return Run("A", description(new_run_id(), config), History(10), list(RECORDED), newest=Position(4, 7))


def test_a_new_run_is_shown_live():
    view = ViewOfAnyRun()
    view.show_run(run())
    assert view.is_live
    assert view.position == Position(4, 7)


def test_showing_another_run_returns_to_live():
    view = ViewOfAnyRun()
    view.show_run(run())
    lives = rendered(view, lambda: view.is_live)
    view.show_run(run())
    assert not lives
    view.show(UNTRAINED)
    view.show_run(run())
    assert lives == [False, True]


def test_receivers_of_run_changed_find_the_run_live():
    view, other, new = ViewOfAnyRun(), run(), run()
    new.recorded = []
    heard = []
    view.bind(
        QObject(view),
        lambda: view.run,
        lambda: heard.append((view.is_live, view.position, view.position_of(other))),
    )
    heard.clear()
    view.show_run(run())
    view.show(UNTRAINED)
    view.show_run(new)
    assert heard == [(True, Position(4, 7), None)] * 2


def test_a_run_is_shown_anew_each_time_its_images_come_or_go():
    view, new = ViewOfAnyRun(), run()
    whole, without = new.description, replace(new.description, examples=None)
    view.show_run(new)
    heard = rendered(view, lambda: view.run)
    for now, is_new in ((whole, False), (without, True), (without, False), (whole, True), (whole, False)):
        new.description = now
        heard.clear()
        view.update_images()
        assert heard == ([None, new] if is_new else [])
        assert view.run is new


def test_a_dropped_position_is_replaced_by_the_one_before():
    view = ViewOfAnyRun()
    view.show_run(run())
    view.show(Position(2))
    view.run.recorded.remove(Position(2))
    view.newest_moved()
    assert view.position == Position(1)


def test_stepping_through_a_run_without_snapshots_has_no_effect():
    view, new = ViewOfAnyRun(), run()
    new.recorded = []
    view.show_run(new)
    view.step(-1)
    view.show(UNTRAINED)
    assert view.is_live


def test_showing_a_place_detaches_and_following_returns():
    view = ViewOfAnyRun()
    view.show_run(run())
    view.show(Position(2))
    assert (view.position, view.is_live) == (Position(2), False)
    view.run.newest = Position(5)
    view.newest_moved()
    assert view.position == Position(2)
    view.go_live()
    assert (view.position, view.is_live) == (Position(5), True)


@given(st.integers(0, 6), st.integers(0, 12))
def test_a_position_that_is_not_retained_shows_the_one_before(epoch, step):
    view = ViewOfAnyRun()
    view.show_run(run())
    view.show(Position(epoch, step))
    assert view.position == max(place for place in RECORDED if place <= (epoch, step))


def test_stepping_moves_through_retained_positions_and_stops_at_the_ends():
    view = ViewOfAnyRun()
    view.show_run(run())
    seen = []
    for by in (1, -1, -1, -1, -1, -1, 1):
        view.step(by)
        seen.append(view.position)
    assert seen == [
        Position(4), Position(2), Position(1), Position(0, 5), UNTRAINED, UNTRAINED, Position(0, 5)
    ]  # fmt: skip


def test_other_runs_are_at_their_retained_position_before_or_both_are_at_the_end():
    view, shorter, unknown = ViewOfAnyRun(), run(), run()
    shorter.recorded = [UNTRAINED, Position(1)]
    unknown.recorded = []
    assert view.position_of(shorter) is None
    view.show_run(run())
    assert view.position_of(shorter) is None
    view.show(Position(2))
    assert view.position_of(view.run) == Position(2)
    assert view.position_of(shorter) == Position(1)
    assert view.position_of(unknown) is None
    view.show(UNTRAINED)
    assert view.position_of(shorter) == UNTRAINED
    view.show(view.run.newest)
    assert view.position_of(shorter) is None


def test_a_compared_run_that_is_shown_is_chosen_once():
    one, other = run(), run()
    view = ViewOfAnyRun(one, other)
    for compared in (one, other):
        view.compare(compared, on=True)
    view.show_run(other)
    assert view.chosen == (other, one)
    assert view.compared == (one, other)


def test_leaving_live_is_announced_even_where_the_position_did_not_follow_yet(qtbot):
    """What is shown live may be newer than the position: else it would stay for the weights asked for."""
    view, new = ViewOfAnyRun(), run()
    new.newest = Position(2)
    view.show_run(new)
    new.newest = Position(4, 7)  # shown live, before the position follows
    seen = rendered(view)
    view.show(Position(2))
    assert len(seen) == 1
    assert view.position == Position(2)


def test_a_wish_that_comes_late_is_shown_unless_another_was_chosen_meanwhile():
    """The wish never follows what arrives, and what is shown stays until the wished run is there."""
    view, first, late = ViewOfAnyRun(), run(), run()
    for before, act, after in (
        (Position(2), lambda: None, (late, None)),
        (Position(2), view.stay, (first, Position(2))),
        (None, view.stay, (first, None)),
        (Position(2), lambda: view.show(Position(1)), (first, Position(1))),
    ):
        expected = view.listed.expect(late.run_id, "late", Path("late"))
        view.listed.add(first)
        view.show_run(first)
        if before is not None:
            view.show(before)
        view.show_run(expected)
        assert (view.run, view.shown.at, view.value.run) == (first, before, late.run_id)
        act()
        view.listed.add(late)
        view.refresh()
        assert (view.run, view.shown.at) == after
        for each in (first, late):
            view.listed.remove(each)


def test_where_the_run_shown_has_left_the_last_open_one_is_shown():
    first, second, third = run(), run(), run()
    view = ViewOfAnyRun(first, second, third)
    view.show_run(second)
    for left, shown in ((second, third), (third, first), (first, None)):
        view.listed.remove(left)
        view.refresh()
        assert view.run is shown
    assert view.value.run == second.run_id
    view.listed.add(second)
    view.refresh()
    assert view.run is second


def test_a_change_renders_only_what_it_concerns_each_once(qtbot):
    (one, other), heard = (run(), run()), []
    view = ViewOfAnyRun(one, other)
    owner = QObject(view)
    view.bind(owner, lambda: view.run, lambda: heard.append("run"))
    view.bind(owner, lambda: view.shown, lambda: heard.append("weights"))
    view.bind(owner, lambda: view.value.tab, lambda: heard.append("tab"))
    view.bind(owner, lambda: view.compared, lambda: heard.append("compared"))
    assert heard == ["run", "weights", "tab", "compared"], "at once"
    for change, expected in (
        (lambda: view.show_run(one), ["run", "weights"]),
        (lambda: view.show(Position(2)), ["weights"]),
        (lambda: view.show(Position(2, 3)), []),
        (lambda: view.change(tab="drawTab"), ["tab"]),
        (lambda: view.change(tab="drawTab"), []),
        (lambda: view.compare(other, on=True), ["compared"]),
        (view.go_live, ["weights"]),
        (view.newest_moved, ["weights"]),
        (lambda: view.change(run=other.run_id, tab="dataTab"), ["run", "weights", "tab"]),
    ):
        heard.clear()
        change()
        assert heard == expected
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
    heard.clear()
    view.change(tab="trainTab")
    assert heard == []


def test_what_others_say_is_rendered_once_they_have_it_asked_for_also_while_something_renders():
    view, said, heard = ViewOfAnyRun(), {"stage": "a"}, []
    owner = QObject(view)
    view.bind(owner, lambda: said["stage"], view.ask)
    view.bind(owner, lambda: said["stage"], lambda: heard.append(said["stage"]))
    for stage, expected in (("b", ["b"]), ("b", []), ("c", ["c"])):
        heard.clear()
        said["stage"] = stage
        assert heard == []
        view.ask()
        assert heard == expected


def test_what_is_hidden_is_rendered_once_when_it_is_shown_again(qtbot):
    view, heard = ViewOfAnyRun(), []
    pages = QStackedWidget()
    page, other = QWidget(), QWidget()
    for each in (page, other):
        pages.addWidget(each)
    qtbot.addWidget(pages)
    pages.show()
    view.bind(page, lambda: view.value.tab, lambda: heard.append(view.value.tab))
    heard.clear()
    for _ in range(2):
        pages.setCurrentWidget(other)
        for tab in ("a", "b", "c"):
            view.change(tab=tab)
        assert heard == []
        pages.setCurrentWidget(page)
        assert heard == ["c"]
        heard.clear()
        view.change(tab="d")
        assert heard == ["d"]
        pages.setCurrentWidget(other)
        pages.setCurrentWidget(page)
        assert heard == ["d"], "it has not missed anything"
        heard.clear()


def test_what_renders_must_not_change_the_wish(qtbot):
    view = ViewOfAnyRun()
    owner = QObject(view)

    def render():
        if view.value.tab:
            view.change(tab="of its own")

    view.bind(owner, lambda: view.value.tab, render)
    for tab in ("a", "b"):
        with pytest.raises(RuntimeError, match="What renders changes tab"):
            view.change(tab=tab)
        assert view.value.tab == tab


def test_undo_leads_back_to_where_something_was_done_and_moves_nothing_else():
    view = ViewOfAnyRun(first := run(), second := run())
    keys = [view.listed.key(each) for each in (first, second)]
    turned = []
    view.turned.connect(lambda text: turned.append((text, view.value.tab)))
    view.change(run=keys[0], tab="latent")
    view.change(undo="Pin", of_run=view.value.with_run(keys[1], pins=((1.0, 2.0, 3),)))
    view.undo()
    assert turned.pop() == ("Undone: Pin.", "latent")
    assert view.run is first, "the pin was set while it was shown"
    view.redo()
    view.change(run=keys[1], tab="draw", at=Position(1))
    view.change(undo="Stroke", draw=DrawView("fool"), at=Position(0))
    view.change(run=keys[0], at=Position(2))
    view.undo()
    assert (view.run, view.position, view.value.draw) == (first, Position(2), DrawView())
    view.show_run(first)
    view.change(tab="data")
    view.listed.remove(second)
    view.refresh()
    assert view.to_undo is None, "its run is closed"
    view.listed.restore()
    view.change(run=keys[1])
    assert view.to_undo.text == "Pin"
    view.change(run=keys[0])
    view.show(Position(1))
    view.undo()
    assert turned[-1] == ("Undone: Pin.", "latent"), "the page where it was done"
    assert (view.run, view.position, view.is_live) == (first, Position(1), False)
    view.redo()
    view.redo()
    assert turned[-2:] == [("Redone: Pin.", "latent"), ("Redone: Stroke.", "draw")]
    assert (view.value.draw, view.to_redo) == (DrawView("fool"), None)
    view.change(run=keys[0], tab="latent")
    view.forget(keys[1])
    assert view.to_undo.text == "Stroke"


def test_undo_shows_the_run_whose_part_it_is_unless_what_was_shown_then_is_shown():
    view = ViewOfAnyRun(*(runs := [run(), run(), run()]))
    keys = [view.listed.key(each) for each in runs]
    view.change(run=keys[0])
    view.change(undo="Pin", of_run=view.value.with_run(keys[1], pins=((1.0, 2.0, 3),)))
    view.show_run(runs[2])
    view.show(Position(1))
    view.undo()
    assert (view.run, view.is_live) == (runs[1], True)
    assert view.value.chosen(keys[1]).pins == ()


@pytest.mark.parametrize("seed", range(3))
def test_what_was_done_at_random_is_undone_and_redone_step_by_step(seed):
    choose, view = random.Random(seed), ViewOfAnyRun(*(runs := [run() for _ in range(4)]))
    keys = [view.listed.key(each) for each in runs]

    def parts():
        value = view.value
        return value.draw, dict(value.of_run), value.compared

    def look_around():
        """Move through the program, which is never undone."""
        view.change(tab=choose.choice(("draw", "latent", "data")))
        choose.choice((lambda: view.show_run(choose.choice(runs)), lambda: view.step(-1), view.go_live))()

    def change(gesture=0):
        key, number = choose.choice(keys), choose.random()
        part = scaled((), Part("hidden", choose.randrange(9)), round(number, 2))
        done = choose.choice((
            {"of_run": view.value.with_run(key, pins=((number, 2.0, 3),))},
            {"of_run": view.value.with_run(key, bends=part)},
            {"draw": replace(view.value.draw, section=str(number))},
            {"compared": tuple(choose.sample(keys, choose.randrange(4)))},
        ))  # fmt: skip
        view.change(undo="change", gesture=gesture, **done)

    states = [parts()]
    for n in range(200):
        look_around()
        for _ in range(choose.choice((1, 1, 3))):
            change(gesture=n + 1)
        if parts() != states[-1]:
            states.append(parts())
    assert len(states) > 150
    for way, expected in ((view.undo, states[-2::-1]), (view.redo, states[1:])):
        for state in expected:
            look_around()
            way()
            assert parts() == state
    assert view.to_redo is None


def test_what_a_binding_holds_is_freed_with_its_owner():
    """Windows stayed alive whose parts select by a function that names them."""
    view = ViewOfAnyRun()

    def bound():
        owner = QObject()
        view.bind(owner, lambda: (owner, view.value.run), lambda: None)
        return owner

    owner = bound()
    gone = ref(owner)
    delete(owner)
    del owner
    assert gone() is None
