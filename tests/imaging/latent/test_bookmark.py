"""A bookmark is read as it was written; anything else is refused with a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.position import Position
from cadl_gui.imaging.latent.bookmark import Bookmark

finite = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 10_000)


@given(st.text(), counts, counts, counts, st.lists(finite, min_size=1, max_size=70))
def test_bookmark_comes_back_as_it_was(model, seed, epoch, step, latent):
    place = Bookmark(model=model, seed=seed, position=Position(epoch, step), latent=tuple(latent))
    assert Bookmark.from_text(place.to_text()) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{}",
        "[" * 100_000,
        '{"format": 0, "model": "vae", "seed": 1, "epoch": 1, "step": 0, "latent": [0]}',
        '{"format": 1, "model": "vae", "seed": 1, "epoch": 1e21, "step": 0, "latent": [0]}',
        '{"format": 1, "model": "vae", "seed": 1, "epoch": 1000000000000000000000, "step": 0, "latent": [0]}',
        '{"format": 1, "model": "vae", "seed": 1, "epoch": -1, "step": 0, "latent": [0]}',
        '{"format": 1, "model": "vae", "seed": true, "epoch": 1, "step": 0, "latent": [0]}',
        '{"format": 1, "model": "vae", "seed": 1, "epoch": 1, "step": 0, "latent": []}',
        '{"format": 1, "model": "vae", "seed": 1, "epoch": 1, "step": 0, "latent": [NaN]}',
        '{"format": 1, "model": "vae", "seed": 1, "epoch": 1, "step": 0, "latent": "x"}',
    ],
)
@given(st.text(max_size=50))
def test_anything_else_is_refused(text, noise):
    for damaged in (text, noise):
        with pytest.raises(UserError, match="cannot be read"):
            Bookmark.from_text(damaged)


def test_a_newer_version_is_named():
    text = '{"format": 2, "anything": "else"}'
    with pytest.raises(UserError, match=r"newer CADL \(format 2\)"):
        Bookmark.from_text(text)
