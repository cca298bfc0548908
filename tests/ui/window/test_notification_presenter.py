"""A message goes with what it is about, and its button does what stands on it: no other message's."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from trained import train

from cadl_gui.domain.errors import NOT_FINITE
from cadl_gui.domain.events import HealthNoted
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import LatentView
from cadl_gui.ui.window.notification_presenter import NotificationPresenter

pytestmark = pytest.mark.gui
PAGES = "seen"

VAE = preset("vae").config.replace(epochs=2, seed=7)
SOFTMAX = preset("softmax").config.replace(epochs=2)


@pytest.fixture
def notice(find):
    """What is said, and the text of the button beside it."""

    def notice():
        button = find("noticeAction")
        return find("noticeStrip").message(), button.text() if button.isVisible() else ""

    return notice


@pytest.fixture
def press(find):
    return lambda: QTest.mouseClick(find("noticeAction"), Qt.MouseButton.LeftButton)


def note_health(engine, run, words, *suggestion):
    note = HealthNote(Position(1), "collapse", words, Suggestion(*suggestion) if suggestion else None)
    engine.runs.handle_events((HealthNoted(run.run_id, note),))


NOTHING = "", ""


def test_a_button_does_what_the_last_message_offers_and_each_only_once(
    qtbot, window, find, engine, notice, press, opened_folders, tmp_path
):
    vae, softmax = train(qtbot, engine, VAE), train(qtbot, engine, SOFTMAX)
    for run, field, value, words in (
        (vae, "beta", 0.5, "Set β to 0.5"),
        (softmax, "learning_rate", 0.25, ""),
    ):
        note_health(engine, run, "It may fail.", field, value)
        assert notice()[0] == f"{run.letter} · It may fail."
        assert notice()[1] == words or not words
        press()
        assert engine.view.value.next == NextRun.of(run.description.config.replace(**{field: value}))
        assert notice() == NOTHING
    before = engine.view.value.next
    note_health(engine, vae, "It may fail.", "beta", 0.125)
    engine.notifications.report_saved(tmp_path / "saved.png", "epoch 2")
    assert notice() == (f"Saved epoch 2 as “saved.png” in {tmp_path}.", "Show")
    press()
    assert opened_folders == [str(tmp_path)]
    assert "saved.png" in notice()[0]
    note_health(engine, vae, "It may fail.", "beta", 0.125)
    engine.notifications.fail("That could not be done.")
    assert notice() == ("That could not be done.", "")
    note_health(engine, softmax, "It stands still.")
    assert notice() == ("B · It stands still.", "")
    assert engine.view.value.next == before, "an offer of before is none"


def test_a_message_about_a_run_goes_with_that_run_and_others_stay(qtbot, window, find, engine, notice):
    vae, softmax = train(qtbot, engine, VAE), train(qtbot, engine, SOFTMAX)
    for run, other in ((softmax, vae), (vae, softmax)):
        engine.view.show_run(run)
        note_health(engine, run, "It may fail.")
        engine.view.show(Position(1))
        find("tabs").setCurrentWidget(find("drawTab"))
        assert notice()[0] == f"{run.letter} · It may fail."
        engine.view.show_run(other)
        assert notice() == NOTHING
        note_health(engine, other, "It may fail.")
        window.report_error("Something else.", "")
        for shown in (run, other):
            engine.view.show_run(shown)
            assert notice()[0] == "Something else."


def test_what_was_saved_or_not_answered_goes_with_its_tab_and_an_error_stays(
    qtbot, window, find, engine, notice, tmp_path
):
    tabs = find("tabs")
    train(qtbot, engine, VAE)
    for name in ("drawTab", "dataTab", "drawTab"):
        engine.notifications.report_saved(tmp_path / "x.png", "epoch 2")
        assert "x.png" in notice()[0]
        tabs.setCurrentWidget(find(name))
        assert notice() == NOTHING
        engine.notifications.fail("That could not be done.")
        tabs.setCurrentWidget(find("trainTab"))
        assert notice()[0] == "That could not be done."
        engine.notifications.warn("Take care.", "Traceback")
        assert find("noticeDetailsButton").isVisible()
        tabs.setCurrentWidget(find(name))
        tabs.setCurrentWidget(find("trainTab"))
        assert notice()[0] == "Take care."
        engine.notifications.resolve("That could not be done.")
        assert notice()[0] == "Take care.", "that is another one"
        engine.notifications.resolve("Take care.")
        assert notice() == NOTHING


def test_what_went_well_goes_by_itself_but_not_from_under_the_pointer_and_all_else_stays(
    qtbot, window, find, engine, notice, tmp_path
):
    presenter, bar = window.findChild(NotificationPresenter), find("noticeStrip")
    timer = presenter.findChild(QTimer)
    for say, stays in (
        (lambda: engine.notifications.report_saved(tmp_path / "x.png"), False),
        (lambda: engine.notifications.inform("A was removed.", "Undo", None), True),
        (lambda: engine.notifications.inform("Your drawing is kept.", "", None), False),
        (lambda: engine.notifications.fail("That could not be done."), True),
        (lambda: engine.notifications.inform("Your drawing is kept.", "", None), False),
    ):
        timer.setInterval(60_000)
        engine.notifications.inform("Something before.", "", None)
        say()
        said = notice()
        for is_over in (True, False):
            at = bar.rect().center() if is_over else QPoint(5, bar.height() + 50)
            QTest.mouseMove(bar, at)
            qtbot.waitUntil(lambda over=is_over: bar.underMouse() == over)
            if timer.isActive():
                with qtbot.waitSignal(timer.timeout):
                    timer.start(0)
                timer.setInterval(60_000)
            assert notice() == (said if stays or is_over else NOTHING)
    for words, left in (("", NOTHING), ("Undo", ("It is kept.", "Undo"))) * 2:
        engine.notifications.inform("It is kept.", words, None)
        engine.view.change(latent=LatentView(path_kind="spline"), undo="a path")
        engine.view.undo()
        assert notice() == left
    timer.setInterval(0)
    engine.notifications.report_saved(tmp_path / "x.png")
    qtbot.waitUntil(lambda: notice() == NOTHING)


def test_an_answer_that_a_page_lacks_covers_no_error_that_can_be_mended(qtbot, window, find, engine, notice):
    presenter = window.findChild(NotificationPresenter)
    failing = SOFTMAX.replace(learning_rate=1e6)
    engine.training.train(failing)
    qtbot.waitUntil(lambda: "learning rate" in notice()[1].lower())
    words, tabs = notice(), find("tabs")
    for answer in ("There is no answer.", "There is another one."):
        presenter.report_page_failure(answer)
        assert notice() == words
    vae = train(qtbot, engine, VAE)
    engine.view.show_run(engine.runs[0])
    find("noticeStrip").hide()
    presenter.report_page_failure(NOT_FINITE)
    assert notice() == NOTHING, "it is known of a network that failed"
    for answer, leave in (
        ("There is no answer.", lambda: engine.view.show_run(vae)),
        ("There is none here.", lambda: tabs.setCurrentWidget(find("drawTab"))),
    ):
        presenter.report_page_failure(answer)
        assert notice() == (answer, "")
        leave()
        assert notice() == NOTHING
        engine.notifications.fail(answer)
        engine.view.show_run(engine.runs[0])
        assert notice() == (answer, ""), "the same words of an error stay"
        find("noticeStrip").hide()
