"""The decoded image and its answer are of the plane, the handle and the classifier of now."""

import pytest
from idle import wait_until_idle
from PySide6.QtWidgets import QLabel
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify

pytestmark = pytest.mark.gui


def test_until_the_plane_of_another_run_is_decoded_there_is_no_image_and_no_answer_of_the_one_before(
    qtbot, tab, find, engine, train_vae, held
):
    first, second = engine.view.run, train_vae()
    image, answer = find("decodedImage"), find("answerLabel", QLabel)
    softmax = train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    for run, z0 in ((first, 0.25), (second, 0.75)):
        engine.view.show_run(run)
        find("latentSpin0").setValue(z0)
    for run, z0 in ((first, 0.25), (second, 0.75), (first, 0.25)):
        wait_until_idle(engine, tab)
        assert answer.text()
        release, waiting = held()
        engine.view.show_run(run)
        engine.view.show(Position(2))
        assert not any(isinstance(ticket.request, Classify) for ticket in waiting), "of the image before"
        assert image.images is None
        assert answer.text() == ""
        release()
        qtbot.waitUntil(lambda: image.images is not None)
        qtbot.waitUntil(lambda z0=z0: float(image.images.mean()) == pytest.approx(z0))
        qtbot.waitUntil(lambda: answer.text().startswith("2" if run is first else "8"))  # noqa: B023
    for _ in range(2):
        said = answer.text()
        engine.runs.remove(softmax)
        assert answer.text() == ""
        assert said not in find("latentPlane").accessibleDescription()
        assert "A prediction needs a classifier" in find("answerSentence", QLabel).text()
        engine.runs.restore_removed()
        engine.view.show_run(first)
        qtbot.waitUntil(lambda: answer.text() != "")
        assert "A prediction" not in find("latentPlane").accessibleDescription()
        assert answer.text() in find("latentPlane").accessibleDescription()
