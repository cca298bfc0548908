"""The classifier's predictions on the plane: first coarse, then fine, and never stale."""

import numpy as np
from answerer import decoder

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.classifier_map import ClassifierMap, answers_of

VIEW = ViewBox(-1, 1, -1, 1)


def test_the_map_is_rough_first_and_says_what_is_decoded_there(engine, axes):
    classifier_map = ClassifierMap(engine)
    maps = []
    classifier_map.arrived.connect(lambda labels, confidence, box: maps.append((labels, confidence, box)))
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, VIEW)
    engine.answer_all()
    assert [labels.shape for labels, _, _ in maps] == [(48, 48), (192, 192)]
    labels, confidence, box = maps[-1]
    np.testing.assert_array_equal(labels, np.tile(np.arange(192) >= 96, (192, 1)))
    assert (confidence[:, [0, 90, 101, 191]] == 1).all()
    assert (confidence[:, [95, 96]] < 0.5).all()
    assert box == VIEW


def test_another_epoch_of_the_decoder_or_of_the_classifier_has_another_map(engine, axes):
    classifier_map = ClassifierMap(engine)
    sides = []
    classifier_map.arrived.connect(lambda labels, *_: sides.append(len(labels)))
    for epochs in ((1, 2), (3, 2), (3, 4)):
        classifier_map.ask(decoder(epochs[0]), decoder(epochs[1], run_id="classifier"), axes, VIEW)
        engine.answer_all()
        asked = [engine.last(kind).position for kind in (Decode, Classify)]
        assert asked == [Position(epoch) for epoch in epochs]
    assert sides == [48, 192] * 3


def test_another_view_waits_for_the_rough_map_only(engine, axes):
    classifier_map = ClassifierMap(engine)
    boxes = []
    classifier_map.arrived.connect(lambda labels, confidence, box: boxes.append((len(labels), box)))
    other = VIEW.panned(1, 0)
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, VIEW)
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, other)
    engine.answer_all()
    assert boxes == [(48, VIEW), (48, other), (192, other)]


def test_without_a_classifier_no_map_arrives(qtbot, engine, axes):
    classifier_map = ClassifierMap(engine)
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, VIEW)
    classifier_map.ask(decoder(), None, axes, VIEW)
    with qtbot.assertNotEmitted(classifier_map.arrived):
        engine.answer_all()


def test_a_map_that_could_not_be_decoded_is_requested_again_only_when_needed(engine, axes):
    classifier_map = ClassifierMap(engine)
    question = decoder(), decoder(run_id="classifier"), axes, VIEW
    classifier_map.ask(*question)
    engine.answer("The network's output contains NaN or infinity.")
    assert engine.waiting == []
    shapes = []
    classifier_map.arrived.connect(lambda labels, confidence, box: shapes.append(labels.shape))
    classifier_map.ask(*question)
    engine.answer_all()
    assert shapes == [(48, 48), (192, 192)]


def test_a_guess_has_no_confidence():
    labels, confidence = answers_of(np.array([[0.25, 0.25, 0.25, 0.25], [0, 0, 1, 0]]))
    assert labels.tolist() == [0, 2]
    np.testing.assert_allclose(confidence, [0, 1])
