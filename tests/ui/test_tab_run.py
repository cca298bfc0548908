"""A tab shows the current run if it suits the tab, and otherwise the last one that did."""

from types import SimpleNamespace

import pytest
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.tab_run import TabRun

SOFTMAX, VAE = (preset(name).config.replace(epochs=2) for name in ("softmax", "vae"))


@pytest.fixture
def loaded(qtbot, engine):
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    return engine


@pytest.fixture
def suited(loaded):
    return TabRun(loaded, lambda about: about.config.model.is_variational)


def test_tab_has_no_run_at_first(suited):
    assert suited.run is None
    assert suited.position is None


def test_a_run_that_does_not_suit_leaves_the_last_one_that_did(qtbot, loaded, suited):
    for _ in range(2):
        vae = train(qtbot, loaded, VAE)
        assert suited.is_current
        softmax = train(qtbot, loaded, SOFTMAX)
        assert loaded.view.run is softmax
        assert suited.run is vae
        assert not suited.is_current


def test_the_timeline_moves_every_run(qtbot, loaded, suited):
    train(qtbot, loaded, VAE)
    with qtbot.waitSignal(suited.position_changed):
        loaded.view.show(Position(1))
    assert suited.position == Position(1)
    loaded.view.go_live()
    assert suited.position is None
    train(qtbot, loaded, SOFTMAX)
    with qtbot.waitSignal(suited.position_changed):
        loaded.view.show(Position(1))
    assert suited.position == Position(1)


def test_newer_weights_of_another_run_are_no_news(qtbot, loaded, suited):
    train(qtbot, loaded, VAE)
    loaded.training.train(SOFTMAX)
    qtbot.waitUntil(lambda: len(loaded.runs) == 2)
    reported = []
    suited.position_changed.connect(lambda: reported.append("position"))
    qtbot.waitUntil(lambda: loaded.training.state is TrainingState.IDLE)
    assert reported == []


def test_newer_weights_are_news_of_the_run_that_a_tab_shows_only(qtbot, loaded, suited):
    """Of another run in training, also while it is not the one in the view state."""
    loaded.training.train(VAE, paused=True)
    qtbot.waitUntil(lambda: loaded.training.state is TrainingState.PAUSED)
    vae, reported = loaded.training.run, []
    suited.position_changed.connect(lambda: reported.append(suited.run))
    step(qtbot, loaded, vae)
    assert reported == [vae]
    loaded.training.train(SOFTMAX, paused=True, alongside=True)
    qtbot.waitUntil(lambda: len(loaded.runs) == 2 and loaded.training.state is TrainingState.PAUSED)
    softmax = loaded.runs[1]
    assert (suited.run, suited.is_current) == (vae, False)
    reported.clear()
    for trained, news in ((softmax, []), (vae, [vae]), (softmax, [vae])):
        step(qtbot, loaded, trained)
        assert reported == news
    loaded.training.stop_all()


def step(qtbot, loaded, run):
    newest = run.newest
    loaded.training.step(run=run)
    qtbot.waitUntil(lambda: run.newest > newest)


def test_a_removed_run_is_not_shown_any_more(qtbot, loaded, suited):
    first = train(qtbot, loaded, VAE)
    second = train(qtbot, loaded, VAE)
    loaded.runs.remove(second)
    assert suited.run is first
    with qtbot.waitSignal(suited.run_changed):
        loaded.runs.remove(first)
    assert suited.run is None


class Blank(TabPage):
    """An empty tab."""


def test_while_hidden_it_is_inactive_and_then_reports_what_has_changed(qtbot, loaded):
    page = Blank(SimpleNamespace(engine=loaded, theme=None))
    qtbot.addWidget(page)
    suited = TabRun(loaded, lambda about: about.config.model.is_variational, page)
    reported = []
    suited.run_changed.connect(lambda: reported.append("run"))
    suited.position_changed.connect(lambda: reported.append("position"))
    vae = train(qtbot, loaded, VAE)
    loaded.view.show(Position(1))
    assert reported == []
    page.show()
    assert reported == ["run", "position"]
    assert (suited.run, suited.position) == (vae, Position(1))
    page.hide()
    loaded.view.show(Position(0))
    assert reported == ["run", "position"]
    page.show()
    assert reported == ["run", "position", "position"]
    assert suited.position == Position(0)


def test_while_hidden_the_run_of_the_tab_stays_until_it_is_removed(qtbot, loaded):
    """Other parts of the tab still have latents of that run, and send requests with its weights."""
    page = Blank(SimpleNamespace(engine=loaded, theme=None))
    qtbot.addWidget(page)
    suited = TabRun(loaded, lambda about: about.config.model.is_variational, page)
    first = train(qtbot, loaded, VAE)
    page.show()
    page.hide()
    second = train(qtbot, loaded, VAE)
    assert loaded.view.run is second
    assert suited.run is first
    loaded.runs.remove(first)
    assert suited.run is second


def test_of_several_open_runs_the_first_one_suits_also_to_a_tab_that_slept(qtbot, loaded):
    page = Blank(SimpleNamespace(engine=loaded, theme=None))
    qtbot.addWidget(page)
    suited = TabRun(loaded, lambda about: about.config.model.is_variational, page)
    first = train(qtbot, loaded, VAE)
    train(qtbot, loaded, SOFTMAX)
    page.show()
    assert suited.run is first


def test_what_suits_by_another_rule_is_chosen_at_once_and_again_by_the_first(qtbot, loaded, suited):
    vae, softmax = train(qtbot, loaded, VAE), train(qtbot, loaded, SOFTMAX)
    changed = []
    suited.run_changed.connect(lambda: changed.append(suited.run))
    assert suited.run is vae
    suited.set_suits(lambda about: about.config.model.is_classifier)
    assert (suited.run, suited.is_current, suited.weights.run_id) == (softmax, True, softmax.run_id)
    suited.set_suits(lambda about: about.config.model.is_variational)
    assert (suited.run, suited.is_current, suited.weights.run_id) == (vae, False, vae.run_id)
    assert changed == [softmax, vae]
    suited.set_suits(lambda _: False)
    assert (suited.run, suited.position, suited.weights, suited.bends) == (None, None, None, ())


def test_a_run_that_is_removed_and_restored_is_as_before_in_the_view_state_and_its_tab(qtbot, loaded, suited):
    first, second, softmax = (train(qtbot, loaded, config) for config in (VAE, VAE, SOFTMAX))
    for shown in (softmax, second, softmax):
        loaded.view.show_run(shown)
        assert (loaded.view.run, suited.run) == (shown, second)
        loaded.runs.remove(second)
        assert (loaded.view.run, suited.run) == (softmax, first)
        loaded.runs.restore_removed()
        assert loaded.view.run is shown
        assert suited.run is second, "it is the last that suits again"
        loaded.view.show_run(second)
    for run in (softmax, second, first):
        loaded.runs.remove(run)
    assert suited.run is None
    loaded.runs.restore_removed()
    assert suited.run is first
