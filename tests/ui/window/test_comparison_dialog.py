"""The comparison of many runs: whole words, curves that can be read, and all columns within reach."""

import pytest
from menus import entry
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget
from trained import train

from cadl_gui.domain.events import HealthNoted
from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.ui.train.run_curves import RunCurves

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=1)


@pytest.fixture
def pages():
    return "seen"


def lines_of(text):
    """The lines of a text, as they are broken where it is shown."""
    block = text.document().begin()
    while block.isValid():
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            yield block.text()[line.textStart() : line.textStart() + line.textLength()]
        block = block.next()


def test_columns_of_many_runs_keep_their_words_whole(qtbot, window, engine):
    """Of fifteen runs, “accuracy” stood in three lines of four letters, and the curves were an inch high."""
    runs = [train(qtbot, engine, CONFIGURATION.replace(seed=seed)) for seed in range(1, 13)]
    for run in runs:
        engine.runs.rename(run, f"denoising autoencoder of the second lesson {run.letter}")
        engine.view.compare(run, on=True)
    entry(window, "comparison").trigger()
    dialog = window.findChild(QDialog, "comparisonDialog")
    qtbot.waitUntil(dialog.isVisible)
    text = dialog.findChild(QTextBrowser, "comparisonText")
    lines = list(lines_of(text))
    for word in ("autoencoder", "validation", "Trained", "lesson"):
        assert any(word in line for line in lines), f"“{word}” is broken"
    room = dialog.screen().availableSize()
    assert dialog.width() <= room.width()
    assert text.horizontalScrollBar().maximum() > 0, "columns that do not fit cannot be reached"
    plot = dialog.findChild(QWidget, "comparisonPlot")
    assert plot.height() >= room.height() / 4
    before = plot.grab().toImage()
    for run in runs[1:]:
        engine.view.compare(run, on=False)
    qtbot.waitUntil(lambda: plot.grab().toImage() != before)


def test_what_is_not_drawn_is_named_in_the_order_of_the_list_and_of_many_counted(qtbot, window, engine):
    """“F, G, H, I, J, L, M, K, O, P, Q, R, S, T measure anoth…” had no end and no order."""
    others = [train(qtbot, engine, preset("softmax").config.replace(epochs=1, seed=s)) for s in range(1, 8)]
    train(qtbot, engine, CONFIGURATION)
    for run in (others[2], others[0], others[1]):
        engine.view.compare(run, on=True)
    assert RunCurves.note(engine.view.chosen) == "A, B, C are not comparable: different loss"
    for run in others:
        engine.view.compare(run, on=True)
    assert RunCurves.note(engine.view.chosen) == "7 of 8 are not comparable: different loss"


def test_dialog_grows_with_the_type_in_present_mode(qtbot, window, engine, theme):
    """Large type in a dialog for small one left half of the table to be scrolled to."""
    for seed in (1, 2):
        engine.view.compare(train(qtbot, engine, CONFIGURATION.replace(seed=seed)), on=True)

    def opened():
        entry(window, "comparison").trigger()
        (dialog,) = (each for each in window.findChildren(QDialog, "comparisonDialog") if each.isVisible())
        return dialog

    before = opened()
    entry(window, "present").trigger()
    grown = before.size()
    before.close()
    assert grown == opened().size()


def test_an_open_comparison_follows_the_runs_their_names_epochs_and_rates(qtbot, window, engine, theme):
    first, second, third = (
        train(qtbot, engine, CONFIGURATION.replace(seed=seed, epochs=epochs))
        for seed, epochs in ((1, 3), (2, 2), (3, 1))
    )
    engine.view.compare(second, on=True)
    entry(window, "comparison").trigger()
    dialog = window.findChild(QDialog, "comparisonDialog")
    text = dialog.findChild(QTextBrowser, "comparisonText")

    def heads():
        return [line[2:] for line in text.toPlainText().split("\n") if line.startswith("■ ")]

    def row(label):
        lines = text.toPlainText().split("\n")
        return lines[lines.index(label) + 1 :][: len(heads())] if label in lines else None

    def names(*runs):
        return [f"{run.letter} {run.description.name}" for run in runs]

    for shown, runs in ((third, (second, third)), (first, (second, first)), (second, (second,))):
        engine.view.show_run(shown)
        assert sorted(heads()) == sorted(names(*runs))
        in_order = [next(run for run in runs if names(run) == [head]) for head in heads()]
        assert row("Trained epochs") == [str(run.newest.epoch) for run in in_order]
        assert row("Seed") == (
            None if len(runs) == 1 else [str(run.description.config.training.seed) for run in in_order]
        )
        assert ("Only one run is chosen" in text.toPlainText()) == (len(runs) == 1)
    engine.runs.rename(second, "renamed & more")
    assert heads() == ["B renamed & more"]
    engine.view.show_run(first)
    text.selectAll()
    engine.runs.handle_events((HealthNoted(first.run_id, HealthNote(Position(1), "collapse", "It fails.")),))
    assert text.textCursor().hasSelection(), "nothing of it has changed"
    engine.runs.remove(second)
    assert heads() == names(first)
    engine.runs.restore_removed()
    assert sorted(heads()) == ["A lecture-autoencoder", "B renamed & more"]


def test_changes_of_the_learning_rate_are_told_with_their_epochs_each_once(qtbot, window, engine):
    run, other = train(qtbot, engine, CONFIGURATION), train(qtbot, engine, CONFIGURATION)
    rate = CONFIGURATION.training.learning_rate
    for step, changed in ((0, rate), (4, 0.5), (5, 0.5), (10, 0.25), (29, rate), (30, 0.125)):
        run.history.add_learning_rate(step, changed)
    for each in (run, other):
        engine.view.compare(each, on=True)
    entry(window, "comparison").trigger()
    lines = window.findChild(QTextBrowser, "comparisonText").toPlainText().split("\n")
    usual = "0.001" if rate == 0.001 else f"{rate:g}"
    told = f"to 0.5 in epoch 1, to 0.25 in epoch 2, to {usual} in epoch 3, to 0.125 in epoch 4"
    place = lines.index("Learning rate, changed")
    assert lines[place + 1 : place + 3] == ["–", told], "the run shown is first"
