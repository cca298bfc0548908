"""Labels are of the sheet of the run shown: what is removed and saved there leaves other sheets alone."""

import numpy as np
import pytest
from hand import draw_stroke
from photographs import AUTOENCODER, MNIST
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

pytestmark = pytest.mark.gui


def test_labels_are_removed_and_saved_sheet_by_sheet_and_a_removal_makes_the_file_outdated_until_undone(
    qtbot, engine, find, train, canvas, file_dialogs, tmp_path
):
    digits, photographs = train(MNIST), train(AUTOENCODER)
    text = find("labelledLabel", QLabel)

    def labels():
        return [
            (each.form.longer_side, each.label, bool(each.saved)) for each in engine.view.value.draw.labelled
        ]

    for run, label in ((digits, 7), (photographs, 2), (digits, 4), (photographs, 5)):
        engine.view.show_run(run)
        draw_stroke(canvas)
        QTest.keySequence(canvas, str(label))
    assert labels() == [(28, 7, False), (64, 2, False), (28, 4, False), (64, 5, False)]
    path = tmp_path / "digits.npz"
    for n_saved in (2, 1):
        engine.view.show_run(digits)
        file_dialogs.answer(path)
        find("saveExamplesButton").click()
        qtbot.waitUntil(lambda: all(saved for side, _, saved in labels() if side == 28))
        assert np.load(path)["labels"].tolist() == [7, 4][:n_saved]
        engine.view.show_run(photographs)
        assert text.text().startswith("2 corrected images")
        assert find("saveExamplesButton").isVisible()
        engine.view.show_run(digits)
        if n_saved == 2:
            for _ in range(2):
                find("takeBackButton").click()
                assert labels() == [(28, 7, False), (64, 2, False), (64, 5, False)]
                assert text.text().startswith("1 corrected image (7).")
                engine.view.undo()
                assert labels() == [(28, 7, True), (64, 2, False), (28, 4, True), (64, 5, False)]
            engine.view.redo()
    find("takeBackButton").click()
    assert labels() == [(64, 2, False), (64, 5, False)]
    assert not find("takeBackButton").isVisible()
    engine.view.show_run(photographs)
    find("takeBackButton").click()
    assert labels() == [(64, 2, False)]
