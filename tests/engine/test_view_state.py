"""One run at one position, which snaps to the recorded ones."""

from dataclasses import replace

from fakes import description
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState

RECORDED = [UNTRAINED, Position(0, 5), Position(1), Position(2), Position(4)]


def run():
    config = preset("lecture-autoencoder").config
    return Run("A", description("a", config), History(10), list(RECORDED), newest=Position(4, 7))


def test_a_new_run_is_shown_live(qtbot):
    view = ViewState()
    with qtbot.waitSignals([view.run_changed, view.position_changed]):
        view.show_run(run())
    assert view.is_live
    assert view.position == Position(4, 7)


def test_showing_another_run_returns_to_live(qtbot):
    view = ViewState()
    view.show_run(run())
    with qtbot.assertNotEmitted(view.live_changed):
        view.show_run(run())
    view.show(UNTRAINED)
    with qtbot.waitSignal(view.live_changed):
        view.show_run(run())


def test_receivers_of_run_changed_find_the_run_live():
    view, other, new = ViewState(), run(), run()
    new.recorded = []
    heard = []
    view.run_changed.connect(lambda: heard.append((view.is_live, view.position, view.position_of(other))))
    view.show_run(run())
    view.show(UNTRAINED)
    view.show_run(new)
    assert heard == [(True, Position(4, 7), None)] * 2


def test_a_run_is_shown_anew_each_time_its_images_come_or_go():
    view, new = ViewState(), run()
    whole, without = new.description, replace(new.description, examples=None)
    view.show_run(new)
    heard = []
    view.run_changed.connect(lambda: heard.append(view.run))
    for now, is_new in ((whole, False), (without, True), (without, False), (whole, True), (whole, False)):
        new.description = now
        heard.clear()
        view.update_images()
        assert heard == ([None, new] if is_new else [])
        assert view.run is new


def test_a_dropped_position_is_replaced_by_the_one_before():
    view = ViewState()
    view.show_run(run())
    view.show(Position(2))
    view.run.recorded.remove(Position(2))
    view.newest_moved()
    assert view.position == Position(1)


def test_stepping_through_a_run_without_snapshots_has_no_effect():
    view, new = ViewState(), run()
    new.recorded = []
    view.show_run(new)
    view.step(-1)
    view.show(UNTRAINED)
    assert view.is_live


def test_showing_a_place_detaches_and_following_returns(qtbot):
    view = ViewState()
    view.show_run(run())
    with qtbot.waitSignal(view.live_changed):
        view.show(Position(2))
    assert (view.position, view.is_live) == (Position(2), False)
    view.run.newest = Position(5)
    view.newest_moved()
    assert view.position == Position(2)
    with qtbot.waitSignal(view.live_changed):
        view.go_live()
    assert (view.position, view.is_live) == (Position(5), True)


@given(st.integers(0, 6), st.integers(0, 12))
def test_a_position_that_is_not_retained_shows_the_one_before(epoch, step):
    view = ViewState()
    view.show_run(run())
    view.show(Position(epoch, step))
    assert view.position == max(place for place in RECORDED if place <= (epoch, step))


def test_stepping_moves_through_retained_positions_and_stops_at_the_ends():
    view = ViewState()
    view.show_run(run())
    seen = []
    for by in (1, -1, -1, -1, -1, -1, 1):
        view.step(by)
        seen.append(view.position)
    assert seen == [
        Position(4), Position(2), Position(1), Position(0, 5), UNTRAINED, UNTRAINED, Position(0, 5)
    ]  # fmt: skip


def test_other_runs_are_at_their_retained_position_before_or_both_are_at_the_end():
    view, shorter, unknown = ViewState(), run(), run()
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
    view, one, other = ViewState(), run(), run()
    for compared in (one, other):
        view.compare(compared, on=True)
    view.show_run(other)
    assert view.chosen == (other, one)
    assert view.compared == (one, other)


def test_leaving_live_is_announced_even_where_the_position_did_not_follow_yet(qtbot):
    """What is shown live may be newer than the position: else it would stay for the weights asked for."""
    view, new = ViewState(), run()
    new.newest = Position(2)
    view.show_run(new)
    new.newest = Position(4, 7)  # shown live, before the position follows
    with qtbot.waitSignal(view.position_changed):
        view.show(Position(2))
    assert view.position == Position(2)
