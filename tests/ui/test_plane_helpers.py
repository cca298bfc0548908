"""Bulk work for the latent plane: in small pieces, one at a time, and nothing stale gets through."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from cadl_gui.core.latent.axes import LatentAxes
from cadl_gui.core.latent.view_box import ViewBox
from cadl_gui.core.position import Position
from cadl_gui.core.requests import Decode, Encode, Reply
from cadl_gui.ui.bulk_decode import BulkDecode
from cadl_gui.ui.classifier_map import ClassifierMap, answers_of
from cadl_gui.ui.decoder import Decoder
from cadl_gui.ui.feedback import Feedback
from cadl_gui.ui.manifold import Manifold

VIEW = ViewBox(-1, 1, -1, 1)


class Answerer(QObject):
    """Stands in for the engine: keeps questions until the test lets one be answered."""

    replied = Signal(object)

    def __init__(self):
        super().__init__()
        self.waiting = []

    def ask(self, request):
        self.waiting.append(request)

    def answer(self, sentence=""):
        """A picture is as bright as its first latent; its label is 1 if it is brighter than nothing."""
        request = self.waiting.pop(0)
        if isinstance(request, Decode):
            value = np.ones((len(request.codes), 4, 4, 1), np.float32) * request.codes[:, :1, None, None]
        elif isinstance(request, Encode):
            value = request.pictures[:, 0, 0] * (0.5, 0.5)
        else:
            bright = (request.pictures[:, 0, 0, 0] > 0).astype(np.float32)
            value = np.stack([1 - bright, bright], axis=1)
        self.replied.emit(Reply(0, request, request.position, None if sentence else value, sentence))
        return request

    def answer_all(self):
        while self.waiting:
            self.answer()


@pytest.fixture
def engine(qapp):
    return Answerer()


def decoder(epoch=1, *, run_id="run", trains=False):
    position = Position(epoch)
    return Decoder(run_id, None if trains else position, position, trains)


@pytest.fixture
def axes():
    return LatentAxes.of_dimensions(2)


@pytest.fixture
def tiles():
    return {}


@pytest.fixture
def manifold(engine, tiles):
    manifold = Manifold(engine, tiles.keys)
    manifold.outdated.connect(tiles.clear)
    manifold.arrived.connect(lambda new, pictures: tiles.update(zip(new, pictures, strict=True)))
    manifold.set_view(VIEW, 448)
    return manifold


def test_coarse_tiles_come_first_and_one_request_is_in_flight(manifold, engine, tiles, axes):
    manifold.set_source(decoder(), axes)
    assert len(engine.waiting) == 1
    engine.answer()
    assert {tile.level for tile in tiles} == {1, 2}
    assert len(engine.waiting) == 1
    engine.answer_all()
    assert {tile.level for tile in tiles} == {1, 2, 3}


def test_every_tile_has_the_picture_of_its_own_place(manifold, engine, tiles, axes):
    manifold.set_source(decoder(), axes)
    engine.answer_all()
    for tile, picture in tiles.items():
        assert picture[0, 0, 0] == pytest.approx(tile.centre[0])


def test_a_reply_for_weights_that_are_no_longer_shown_is_dropped(manifold, engine, tiles, axes):
    manifold.set_source(decoder(1), axes)
    manifold.set_source(decoder(2), axes)
    assert engine.answer().position == Position(1)
    assert not tiles
    assert engine.answer().position == Position(2)
    assert tiles


def test_old_tiles_stay_until_the_first_new_ones_are_there(manifold, engine, tiles, axes):
    manifold.set_source(decoder(1), axes)
    engine.answer_all()
    n = len(tiles)
    manifold.set_source(decoder(2), axes)
    assert len(tiles) == n
    engine.answer()
    assert len(tiles) < n


def test_while_it_trains_a_view_is_replaced_as_a_whole(manifold, engine, tiles, axes):
    manifold.set_source(decoder(1, trains=True), axes)
    engine.answer_all()
    counts = {len(tiles)}
    manifold.set_source(decoder(2, trains=True), axes)
    while engine.waiting:
        engine.answer()
        counts.add(len(tiles))
    assert len(counts) == 1


def test_after_a_pan_only_what_is_missing_is_decoded(manifold, engine, tiles, axes):
    manifold.set_source(decoder(), axes)
    engine.answer_all()
    before = set(tiles)
    asked = []
    manifold.arrived.connect(lambda new, _: asked.extend(new))
    manifold.set_view(VIEW.panned(0.25, 0), 448)
    engine.answer_all()
    assert asked
    assert not before & set(asked)


def test_a_failure_is_told_once_and_ends_the_asking(qtbot, manifold, engine, axes):
    manifold.set_source(decoder(), axes)
    with qtbot.waitSignal(manifold.failed, check_params_cb=lambda sentence: sentence == "gone"):
        engine.answer("gone")
    assert not engine.waiting


def test_bulk_decoding_keeps_the_order_and_tells_its_progress(qtbot, engine):
    bulk = BulkDecode(engine, "bulk")
    progress = []
    bulk.progressed.connect(lambda n, total: progress.append((n, total)))
    codes = np.stack([np.arange(100), np.zeros(100)], 1).astype(np.float32)
    with qtbot.waitSignal(bulk.finished) as finished:
        bulk.start(decoder(), codes)
        engine.answer_all()
    np.testing.assert_array_equal(finished.args[0][:, 0, 0, 0], np.arange(100))
    assert progress[-1] == (100, 100)
    assert not bulk.is_busy


def test_each_code_is_decoded_with_its_own_weights(engine):
    bulk = BulkDecode(engine, "bulk")
    bulk.start([decoder(1), decoder(1), decoder(4)], np.zeros((3, 2), np.float32))
    asked = []
    while engine.waiting:
        request = engine.answer()
        asked.append((request.position, len(request.codes)))
    assert asked == [(Position(1), 2), (Position(4), 1)]


def test_a_cancelled_job_asks_no_more_and_never_finishes(qtbot, engine):
    bulk = BulkDecode(engine, "bulk")
    with qtbot.assertNotEmitted(bulk.finished):
        bulk.start(decoder(), np.zeros((200, 2), np.float32))
        bulk.cancel()
        engine.answer_all()
    assert not bulk.is_busy


def test_a_new_job_takes_the_place_of_an_old_one(qtbot, engine):
    bulk = BulkDecode(engine, "bulk")
    bulk.start(decoder(), np.zeros((200, 2), np.float32))
    with qtbot.waitSignal(bulk.finished) as finished:
        bulk.start(decoder(), np.ones((3, 2), np.float32))
        engine.answer_all()
    assert finished.args[0].mean() == 1
    assert len(finished.args[0]) == 3


def test_feedback_goes_on_until_the_code_settles(qtbot, engine):
    feedback = Feedback(engine)
    codes = []
    feedback.moved.connect(lambda code: codes.append(code[0]))
    with qtbot.waitSignal(feedback.ended) as ended:
        feedback.start(decoder(), np.array([8, 8], np.float32))
        qtbot.waitUntil(lambda: engine.answer_all() or not feedback.is_running)
    np.testing.assert_allclose(codes[:3], [4, 2, 1])
    assert abs(codes[-1]) < 1e-2
    assert ended.args[0] == f"Settled after {len(codes)} rounds."


def test_feedback_can_be_stopped(qtbot, engine):
    feedback = Feedback(engine)
    feedback.start(decoder(), np.array([8, 8], np.float32))
    feedback.stop()
    with qtbot.assertNotEmitted(feedback.moved):
        engine.answer_all()


def test_the_map_is_rough_first_and_says_what_is_decoded_there(engine, axes):
    classifier_map = ClassifierMap(engine)
    maps = []
    classifier_map.arrived.connect(lambda labels, confidence, box: maps.append((labels, confidence, box)))
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, VIEW)
    engine.answer_all()
    assert [labels.shape for labels, _, _ in maps] == [(16, 16), (64, 64)]
    labels, confidence, box = maps[-1]
    np.testing.assert_array_equal(labels, np.tile(np.arange(64) >= 32, (64, 1)))
    assert (confidence == 1).all()
    assert box == VIEW


def test_another_view_waits_for_the_rough_map_only(engine, axes):
    classifier_map = ClassifierMap(engine)
    boxes = []
    classifier_map.arrived.connect(lambda labels, confidence, box: boxes.append((len(labels), box)))
    other = VIEW.panned(1, 0)
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, VIEW)
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, other)
    engine.answer_all()
    assert boxes == [(16, VIEW), (16, other), (64, other)]


def test_without_a_classifier_no_map_arrives(qtbot, engine, axes):
    classifier_map = ClassifierMap(engine)
    classifier_map.ask(decoder(), decoder(run_id="classifier"), axes, VIEW)
    classifier_map.ask(decoder(), None, axes, VIEW)
    with qtbot.assertNotEmitted(classifier_map.arrived):
        engine.answer_all()


def test_a_guess_has_no_confidence():
    labels, confidence = answers_of(np.array([[0.25, 0.25, 0.25, 0.25], [0, 0, 1, 0]]))
    assert labels.tolist() == [0, 2]
    np.testing.assert_allclose(confidence, [0, 1])
