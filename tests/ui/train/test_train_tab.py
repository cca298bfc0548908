"""The Train tab shows reconstructions, or a confusion matrix, and the progress of the run."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from asking import watch
from geometry import texts
from hand import choose_preset, tip_at
from menus import entry
from next_settings import next_config, set_next
from plots import axis, lines, names, upright_line
from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from seen import part_told
from trained import train

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import HealthNoted
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.controls.spotlight import Spotlight
from cadl_gui.ui.figures.figure_panel import FigurePanel

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
SOFTMAX, VAE = (preset(name).config.replace(epochs=2) for name in ("softmax", "vae"))


def test_a_classifier_shows_its_confusion_and_mistakes_in_place_of_reconstructions(
    qtbot, window, find, engine
):
    train(qtbot, engine, SOFTMAX)
    confusion = find("confusionView")
    qtbot.waitUntil(lambda: confusion.confusion is not None and confusion.confusion.trace() == 1000)
    assert confusion.isVisible()
    assert find("mistakesView").isVisible()
    assert not find("reconstructionMontage").isVisible()
    train(qtbot, engine, VAE)
    assert find("reconstructionMontage").isVisible()
    assert not confusion.isVisible()


def test_the_timeline_moves_the_confusion(qtbot, window, find, engine):
    train(qtbot, engine, SOFTMAX)
    confusion = find("confusionView")
    engine.view.show(Position(0))
    qtbot.waitUntil(lambda: confusion.confusion is not None and confusion.confusion.trace() == 100)
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: confusion.confusion.trace() == 550)
    assert find("mistakesView").mistakes.answers.sum() == 0


def test_a_click_in_the_confusion_shows_its_images_in_data(qtbot, window, find, engine):
    """The cell “38” in the row of 9 was clicked to see the 38 images; the split was that of another run."""
    for label, predicted in ((9, 7), (4, 0), (5, None), (None, 3)):
        chosen = engine.view.value.data
        engine.view.change(tab="dataTab", data=replace(chosen, page="reinterpret"))
        run = train(qtbot, engine, SOFTMAX)
        engine.view.change(tab="trainTab")
        confusion = find("confusionView")
        qtbot.waitUntil(lambda view=confusion: view.confusion is not None and view.confusion.trace() == 1000)
        true, answer = (f"{word} {n}" for word, n in (("true", label), ("predicted", predicted)))
        told = f"{answer}: " if label is None else f"{true}: " if predicted is None else f"{true}, {answer}: "
        cell = part_told(confusion, told).center()
        beside = QPoint(confusion.width() - 1, cell.y())
        qtbot.mouseClick(confusion, LEFT, pos=beside)
        assert engine.view.value.tab == "trainTab", "beside the cells"
        qtbot.mouseClick(confusion, LEFT, pos=cell)
        chosen, name = engine.view.value.data, run.description.config.data.dataset
        assert (chosen.of, chosen.part, chosen.sort) == (name, 1, "error")
        assert (chosen.label, chosen.predicted) == (label, predicted)
        assert find("tabs").currentWidget() is find("dataTab")
        sort = find("sortCombo")
        assert f"Strangest to {run.letter} first" in [sort.itemText(i) for i in range(sort.count())]


def test_what_an_untrained_network_adds_to_the_mean_image_is_said_to_be_nothing(qtbot, window, find, engine):
    """A blurred digit was taken for something learned."""
    for name, says in (("lecture-autoencoder", True), ("vae", False)):
        train(qtbot, engine, preset(name).config.replace(epochs=1))
        for position, is_said in ((Position(0), says), (Position(1), False)):
            engine.view.show(position)
            (panel,) = [
                each
                for each in window.findChildren(FigurePanel)
                if each.isAncestorOf(find("reconstructionMontage"))
            ]
            note = panel.findChild(QWidget, "stageNote")
            text = str(position)
            qtbot.waitUntil(lambda note=note, text=text: text in note.accessibleName())
            assert note.accessibleName().endswith("only the mean image") == is_said


def test_the_line_in_the_curves_is_at_the_position_shown_and_away_at_the_newest(
    qtbot, window, find, engine, theme
):
    plot, view = find("lossPlot"), engine.view
    first, second = train(qtbot, engine, SOFTMAX), train(qtbot, engine, VAE.replace(epochs=3))
    assert upright_line(plot, theme) is None
    for run, position, place in (
        (first, Position(0, 5), 0.5),
        (first, Position(1), 1),
        (second, Position(2), 2),
        (second, Position(0), 0),
    ):
        view.show_run(run)
        assert upright_line(plot, theme) is None
        view.show(position)
        assert upright_line(plot, theme) == place
    view.go_live()
    assert upright_line(plot, theme) is None
    for mode in ("dark", "light"):
        theme.set_mode(mode)
        colour = theme.run_colour(second.letter).lower()
        qtbot.waitUntil(lambda colour=colour: lines(plot)[0].opts["pen"].color().name() == colour)
    view.show(Position(1))
    for run in (second, first):
        engine.runs.remove(run)
    assert upright_line(plot, theme) is None


def test_classifier_is_asked_for_no_reconstructions(qtbot, window, find, engine, monkeypatch):
    asked = watch(engine, monkeypatch)
    train(qtbot, engine, SOFTMAX)
    qtbot.waitUntil(lambda: find("confusionView").confusion is not None)
    assert asked
    assert not [ticket for ticket in asked if isinstance(ticket.request, Reconstruct)]
    assert not find("noticeStrip").isVisible()


def test_of_a_classifier_the_accuracy_is_largest_and_the_loss_can_be_drawn(qtbot, window, find, engine):
    """Of single batches, it was a bar code, whose stripes filled the plot; 0.92 stood below 91.7 %."""
    run = train(qtbot, engine, SOFTMAX)
    plot = find("lossPlot")
    qtbot.waitUntil(lambda: names(plot).keys() == {"training", "validation"})
    qtbot.waitUntil(lambda: "% correct" in axis(plot, "left").labelText)
    curves = [run.history.curve(metric) for metric in ("val_accuracy", "accuracy")]
    assert [x.tolist() for x, _ in curves] == [[0, 1, 2], [1, 2]]
    drawn = [[x.tolist(), (100 * y).tolist()] for x, y in curves]
    qtbot.waitUntil(
        lambda: sorted([values.tolist() for values in line.getData()] for line in lines(plot)) == drawn
    )
    assert not find("logAxisCheck").isEnabled()
    qtbot.waitUntil(lambda: find("accuracyLabel").text() == "100.0 %")
    assert find("wrongLabel").text() == "0 of its 1,000 validation images wrong"
    qtbot.mouseClick(find("accuracyCheck"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "loss" in axis(plot, "left").labelText)
    qtbot.waitUntil(lambda: names(plot).keys() == {"training", "validation"})
    notes = window.findChildren(QLabel, "stageNote")
    said = "lower is better · improbability of the right class"
    qtbot.waitUntil(lambda: said in [note.accessibleName() for note in notes if note.isVisible()])
    assert find("logAxisCheck").isEnabled()
    for weight, of_steps in ((10, "training, smoothed"), (0, "training")):
        find("smoothingSlider").setValue(weight)
        qtbot.waitUntil(lambda of_steps=of_steps: names(plot).keys() == {of_steps, "validation"})
    train(qtbot, engine, VAE)
    assert not find("accuracyCheck").isVisible()
    assert not find("accuracyLabel").isVisible()
    assert find("logAxisCheck").isEnabled()


def test_the_accuracy_within_an_epoch_says_that_it_is_of_fewer_images(qtbot, window, find, engine):
    """Beside “best 94.5 %” stood 95.6 %, of the few images that are evaluated within an epoch."""
    train(qtbot, engine, SOFTMAX)
    line = find("wrongLabel")
    qtbot.waitUntil(lambda: line.text() == "0 of its 1,000 validation images wrong")
    engine.view.show(Position(0, 2))
    where = "Measured at epoch 1, batch 2, on fewer images than after a whole epoch."
    qtbot.waitUntil(lambda: line.text().endswith(f"images wrong. {where}"))
    tip = find("runList").model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Measured on all validation images, at the end of the last epoch." in tip


def test_in_the_spotlight_the_confusion_has_its_accuracy(qtbot, window, find, engine):
    train(qtbot, engine, SOFTMAX)
    matrix = find("confusionView")
    qtbot.waitUntil(lambda: find("accuracyLabel").text() == "100.0 %")
    assert "100.0 %" not in painted_on(matrix, window)
    (panel,) = [panel for panel in window.findChildren(FigurePanel) if panel.isAncestorOf(matrix)]
    panel.toggle_spotlight()
    assert "100.0 % correct" in painted_on(matrix, window)
    panel.toggle_spotlight()
    assert "100.0 %" not in painted_on(matrix, window)


@pytest.mark.parametrize("tab", ["trainTab", "drawTab"])
def test_the_spotlight_goes_with_a_figure_that_the_next_run_does_not_have(qtbot, window, find, engine, tab):
    """It stayed, as a blank page that covered the images of the run."""
    vae, softmax = train(qtbot, engine, VAE), train(qtbot, engine, SOFTMAX)
    matrix, tabs, runs = find("confusionView"), find("tabs"), find("runList")
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Space)
    assert any(each.isVisible() for each in window.findChildren(Spotlight))
    tabs.setCurrentWidget(find(tab))
    qtbot.mouseClick(runs.viewport(), LEFT, pos=runs.visualRect(runs.model().index(0, 0)).center())
    assert engine.view.run is vae
    tabs.setCurrentWidget(find("trainTab"))
    assert not any(each.isVisible() for each in window.findChildren(Spotlight))
    assert not find("reconstructionMontage").visibleRegion().isEmpty()
    for run in (softmax, vae, softmax):
        engine.view.show_run(run)
        fills = any(each.isVisible() for each in window.findChildren(Spotlight))
        assert fills == matrix.isVisible() == (run is softmax), "it fills the page again, as it was chosen"
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: matrix.width() < tabs.width() / 2)  # it is at its place


def painted_on(figure, window):
    return " ".join(text.words for text in texts(window) if text.widget is figure)


def test_the_kl_divergence_of_a_variational_run_is_drawn_alone(qtbot, window, find, engine):
    run = train(qtbot, engine, VAE)
    plot = find("lossPlot")
    qtbot.waitUntil(lambda: names(plot).keys() == {"training", "validation"})
    x, y = run.history.curve("val_kl_loss")
    shown = x, np.log10(y)
    assert not any(np.array_equal(shown, line.getData()) for line in lines(plot))
    qtbot.mouseClick(find("klCheck"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "KL" in axis(plot, "left").labelText)
    qtbot.waitUntil(lambda: any(np.array_equal(shown, line.getData()) for line in lines(plot)))
    assert plot.accessibleDescription() == "KL over epochs: training, validation"
    train(qtbot, engine, SOFTMAX)
    assert not find("klCheck").isVisible()
    qtbot.waitUntil(lambda: "% correct" in axis(plot, "left").labelText)


def test_a_health_note_says_what_to_try_and_its_button_fills_the_form(qtbot, window, find, engine):
    run = train(qtbot, engine, VAE)
    note = HealthNote(Position(1), "collapse", "The latent space is collapsing.", Suggestion("beta", 0.5))
    engine.runs.handle_events((HealthNoted(run.run_id, note),))
    assert find("noticeStrip").message() == "A · The latent space is collapsing."
    assert find("noticeAction").text() == "Set β to 0.5"
    qtbot.mouseClick(find("noticeAction"), Qt.MouseButton.LeftButton)
    config = next_config(engine)
    assert config == VAE.replace(beta=0.5)
    assert find("noticeStrip").message() == ""
    slider = find("epochSlider")
    assert tip_at(slider, slider.width() // 2) == note.message, "the first of two epochs"


def test_a_health_note_goes_when_another_run_is_shown(qtbot, window, find, engine):
    first, second = train(qtbot, engine, VAE), train(qtbot, engine, VAE)
    note = HealthNote(Position(1), "collapse", "The latent space is collapsing.")
    engine.runs.handle_events((HealthNoted(second.run_id, note),))
    engine.view.show_run(second)
    assert find("noticeStrip").message() == "B · The latent space is collapsing."
    engine.view.show_run(first)
    assert find("noticeStrip").message() == ""
    window.report_error("Something else went wrong.", "")
    engine.view.show_run(second)
    assert find("noticeStrip").message() == "Something else went wrong."


def test_paused_is_reported_with_the_figures_of_the_last_turn(
    qtbot, window, find, engine, backends, monkeypatch
):
    """“Paused” used to appear before the current turn had ended, and figures changed after it."""
    under_way, may_end = threading.Event(), threading.Event()
    training, _ = backends
    train = training.train

    def trained_slowly(request):
        loop = train(request)
        turn = yield next(loop)
        while True:
            under_way.set()
            assert may_end.wait(60)
            turn = yield loop.send(turn)

    monkeypatch.setattr(training, "train", trained_slowly)
    engine.training.train(VAE)
    assert under_way.wait(60)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    engine.training.pause()
    (display,) = (timer for timer in find("trainTab").children() if isinstance(timer, QTimer))
    with qtbot.waitSignal(display.timeout):
        pass
    reported = find("progressLabel").text()
    may_end.set()
    assert "paused" not in reported
    qtbot.waitUntil(lambda: find("progressLabel").text() == "Epoch 1 of 2 · batch 1 of 10 · paused")


def test_the_form_draws_the_network_that_it_describes(window, find):
    choose_preset(window, "vae")
    diagram = find("networkDiagram")
    assert "z_log_var" in diagram.accessibleDescription()
    choose_preset(window, "lecture-softmax")
    assert "7,850 parameters" in diagram.accessibleDescription()


def test_fields_that_mean_nothing_are_hidden(window, find):
    of_latents = ("variationalCheck", "betaSpin", "denoisingCheck", "latentDimSpin")
    find("moreButton").click()
    choose_preset(window, "vae")
    assert [name for name in of_latents if not find(name).isVisible()] == []
    choose_preset(window, "lecture-softmax")
    assert [name for name in of_latents if find(name).isVisible()] == []
    assert find("dropoutSpin").isVisible()
    assert find("trainTab").form.checked.trainable == preset("lecture-softmax").config


def test_two_runs_of_a_preset_have_two_names(qtbot, window, engine, backends):
    for _ in range(2):
        engine.training.train(RunConfig.of(preset="lecture-autoencoder", epochs=1))
        qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert [request.name for request in backends[0].requests] == [
        "lecture-autoencoder",
        "lecture-autoencoder 2",
    ]


def test_the_shown_run_and_the_new_one_each_have_a_head_of_their_own(qtbot, window, find, engine):
    """Settings beside images of another run were mistaken for that run's."""
    assert (find("runTitle").text(), find("formTitle").text()) == ("No run yet", "Settings of the next run")
    assert find("formNote").text() == ""
    engine.training.train(preset("lecture-autoencoder").config, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    assert find("runTitle").text().endswith("A</span> lecture-autoencoder")
    assert find("formNote").text() == "Changing the learning rate also affects lecture-autoencoder."
    entry(window, "form").setChecked(False)
    assert find("formNote").text() == "", "there is no learning rate to be seen"
    assert find("formTitle").text() == "Next run"
    entry(window, "form").setChecked(True)
    heads = [find(name).mapTo(window, QPoint()).y() for name in ("runTitle", "inputMontage", "formTitle")]
    assert heads == sorted(heads), "what is shown lies above, the next run below"


def test_why_nothing_can_be_trained_is_said_beside_the_button_also_when_the_field_is_hidden(window, find):
    find("moreButton").click()
    layers = find("layersEdit")
    layers.selectAll()
    QTest.keyClicks(layers, "many")
    entry(window, "form").setChecked(False)
    assert not layers.isVisible()
    assert not find("trainButton").isEnabled()
    assert find("formNote").text() == "Layers is a whole number; “many” is not."
    assert find("formNote").isVisible()
    choose_preset(window, "lecture-softmax")
    assert (find("formNote").text(), find("trainButton").isEnabled()) == ("", True)


def test_while_a_run_trains_the_button_says_how_to_train_another_one_alongside(qtbot, window, find, engine):
    engine.training.train(VAE, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    assert not find("trainButton").isEnabled()
    assert find("trainButton").toolTip() == "A vae is training: stop it first, or use Run → Train alongside."
    set_next(engine, epochs="1000")  # still trains when it is looked at
    entry(window, "trainAlongside").trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    qtbot.waitUntil(lambda: engine.training.n_under_way == 2)
    engine.training.stop_all()


def press_space(qtbot, window):
    """Press Space where the focus is; return the name of what had it."""
    focused = window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Space)
    return focused.objectName()


@pytest.mark.parametrize("focused", ["pauseButton", "stepButton", "stopButton", "rewindButton"])
@pytest.mark.parametrize(
    ("config", "main_view"), [(VAE, "reconstructionMontage"), (SOFTMAX, "confusionView")]
)
def test_after_stop_space_begins_nothing_again(qtbot, window, find, engine, focused, config, main_view):
    """After Stop the focus was on the next verb, which trained the run again."""
    engine.training.train(config.replace(epochs=1000))
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    find(focused).setFocus()
    entry(window, "stop").trigger()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert press_space(qtbot, window) == main_view
    assert engine.training.n_under_way == 0
    assert len(engine.runs) == 1


@pytest.mark.parametrize(("verb", "n_runs"), [("rewindButton", 2), ("pauseButton", 1), ("stepButton", 1)])
def test_train_again_pressed_while_a_run_stops_trains_it_again_and_no_other_verb_does(
    qtbot, window, find, engine, verb, n_runs
):
    engine.training.train(VAE.replace(epochs=1000))
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    QTest.mousePress(find(verb), Qt.MouseButton.LeftButton)
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    QTest.mouseRelease(find(verb), Qt.MouseButton.LeftButton)
    assert engine.training.n_under_way == n_runs - 1
    engine.training.stop_all()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)


@pytest.mark.parametrize("verb", ["trainButton", "rewindButton"])
def test_what_began_a_training_has_the_focus_no_more(qtbot, window, find, engine, verb):
    """The same key pressed twice used to train two runs."""
    train(qtbot, engine, VAE)
    find("speedSlider").setValue(0)
    find(verb).setFocus()
    assert press_space(qtbot, window) == verb
    assert press_space(qtbot, window) == "reconstructionMontage"
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    assert len(engine.runs) == 2
    engine.training.stop()


def test_the_network_drawn_below_train_says_that_it_is_the_next_runs(window, find):
    title, diagram = find("networkTitle"), find("networkDiagram")
    assert (title.text(), title.isVisible()) == ("Network of the next run", True)
    assert title.mapTo(window, QPoint()).y() < diagram.mapTo(window, QPoint()).y()


@pytest.mark.parametrize("name", ["lecture-autoencoder", "conv-classifier"])
def test_what_a_run_takes_on_disk_is_seen_without_scrolling(qtbot, window, find, name):
    window.resize(1440, 870)  # a screen of 1440×900, without the frame
    choose_preset(window, name)
    line, room = find("roomLine"), find("trainTab").form.viewport()
    qtbot.waitUntil(lambda: "on disk" in line.text() and line.height() >= line.heightForWidth(line.width()))
    qtbot.waitUntil(lambda: line.mapTo(room, QPoint(0, line.height())).y() <= room.height())


def test_input_output_and_loss_have_one_height_above_the_form(qtbot, window, find, engine):
    train(qtbot, engine, VAE)
    figures = ("inputMontage", "reconstructionMontage", "lossPlot")
    for size in ((1024, 768), (1440, 900), (1920, 1080)):
        window.resize(*size)
        qtbot.waitUntil(lambda: len({find(name).mapTo(window, QPoint()).y() for name in figures}) == 1)
        assert find("presetCombo").mapTo(window, QPoint()).y() > max(
            find(name).mapTo(window, QPoint(0, find(name).height())).y() for name in figures
        )
    entry(window, "form").setChecked(False)
    qtbot.waitUntil(
        lambda: (
            find("lossPlot").mapTo(window, QPoint()).y() > find("inputMontage").mapTo(window, QPoint()).y()
        )
    )


def test_in_a_low_window_the_network_in_the_form_is_seen_whole(qtbot, window, find, engine):
    train(qtbot, engine, VAE)
    window.resize(1280, 650)
    diagram, caption = find("networkDiagram"), find("networkCaption")
    qtbot.waitUntil(lambda: window.height() == 650)
    qtbot.waitUntil(lambda: diagram.visibleRegion().boundingRect().bottom() >= caption.y())


def test_for_a_class_output_and_curve_have_the_page(qtbot, window, find, engine, theme):
    train(qtbot, engine, SOFTMAX)
    window.findChild(object, "presentAction").trigger()
    qtbot.waitUntil(lambda: not find("mistakesView").isVisible())
    assert find("confusionView").isVisible()
    assert find("lossPlot").isVisible()
    assert not find("trainTab").form.isVisible()
    assert find("trainButton").isVisible()
    assert not find("epochRateButton").isVisible(), "a second speed"
    assert find("formTitle").text() == "Next run: lecture-autoencoder", "Train does not say what it trains"
    train(qtbot, engine, VAE)
    qtbot.waitUntil(lambda: find("inputMontage").isVisible() and find("reconstructionMontage").isVisible())
    engine.training.train(VAE, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    assert not find("formNote").isVisible(), "the field that it speaks of is not there"
    engine.view.change(next=engine.view.value.next.replace(labelled_examples="/my.npz"))
    assert find("formNote").text() == "Learns from “my.npz”, too.", "a third line"
    engine.view.change(next=engine.view.value.next.replace(epochs=""))
    assert find("formNote").isVisible(), "or Train would do nothing"


def test_train_again_takes_the_settings_of_the_run_not_those_of_the_next_one(qtbot, window, find, engine):
    first = train(qtbot, engine, VAE.replace(seed=5))
    find("seedSpin").setValue(7)
    find("rewindButton").click()
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.IDLE)
    assert engine.runs[1].description.config == first.description.config
    assert engine.runs[1].newest == first.newest


def test_a_number_with_a_digit_less_does_not_lay_out_the_page_anew(qtbot, window, find, engine, monkeypatch):
    """It would paint all of it, several times a second; another run takes what room it needs."""
    speed = 1_000_000
    monkeypatch.setattr(engine.training, "images_per_second", lambda _: speed)
    engine.training.train(VAE.replace(epochs=10_000))
    label = find("progressLabel")
    qtbot.waitUntil(
        lambda: "1,000,000 images/s" in label.text() and label.width() >= label.sizeHint().width()
    )
    taken = label.width()
    speed = 9
    qtbot.waitUntil(lambda: " 9 images/s" in label.text())
    QCoreApplication.sendPostedEvents()  # the page would be laid out
    assert label.width() >= taken
    engine.training.stop()
    engine.training.train(SOFTMAX, paused=True)
    qtbot.waitUntil(lambda: label.text().endswith("paused") and label.width() < taken)
