"""The search for the nearest images: pixels first, then latent vectors, part by part and never mixed."""

from types import SimpleNamespace

import numpy as np
import pytest
from fakes import nearest_of_part

from cadl_gui.domain.position import Position
from cadl_gui.ui.draw.nearest_search import NearestSearch

SEEN = np.zeros((28, 28, 1), np.float32)
SHOWN, CODER = SimpleNamespace(run_id="shown"), SimpleNamespace(run_id="coder")
VIEW = SimpleNamespace(position_of=lambda run: Position(1 if run is SHOWN else 2))


@pytest.fixture
def search():
    search = NearestSearch()
    search.coder = CODER
    search.restart()
    return search


def ask(search):
    """The next request as (run, part, by latent), with its answer; None once all were answered."""
    asked = search.question(SHOWN, VIEW, SEEN)
    if asked is None:
        return None
    run, request = asked
    assert (request.run_id, request.position) == (run.run_id, VIEW.position_of(run))
    return (run, request.part, request.by_latent), request


def answer(search, request):
    return search.handle(request, nearest_of_part(request.part, by_latent=request.by_latent))


def test_all_parts_are_asked_by_pixels_then_by_latents_and_what_is_found_is_of_one_kind(search):
    for coder in (CODER, None, CODER):
        search.coder = coder
        search.restart()
        for space in (None,) if coder is None else (None, CODER):
            found = before = None
            for part in range(3):
                asked, request = ask(search)
                assert before is None or answer(search, before) is None, "it is late"
                before = request
                assert asked == (space or SHOWN, part, space is not None)
                assert found is None
                found = answer(search, request)
            assert found.coder is space
            expected = nearest_of_part(0, by_latent=space is not None)
            for later in (1, 2):
                expected = expected.merged(nearest_of_part(later, by_latent=space is not None))
            np.testing.assert_array_equal(found.nearest.distances, expected.distances)
        assert ask(search) is None


def test_other_weights_of_the_coder_begin_its_comparison_anew_and_leave_that_of_pixels(search):
    for _ in range(2):
        _, pixels = ask(search)
        search.leave_out_latents()
        assert answer(search, pixels) is None
        assert ask(search)[0] == (SHOWN, 1, False), "it goes on"
        search.compare_latents()
        for part in (1, 2):
            asked, request = ask(search)
            assert asked == (SHOWN, part, False)
            found = answer(search, request)
        assert found.coder is None
        answer(search, ask(search)[1])
        _, late = ask(search)
        search.leave_out_latents()
        assert ask(search) is None
        search.compare_latents()
        assert answer(search, late) is None, "it is of other weights"
        assert ask(search)[0] == (CODER, 0, True)
        search.stop()
        assert ask(search) is None
        search.restart()
