"""A bookmark is read as it was written; anything else is refused with a message."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.bookmark import from_text, to_text
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.position import Position
from cadl_gui.domain.view import RunView, View

PLACE = View(run="id:a", at=Position(3, 7), of_run={"id:a": RunView(z=(0.5, -1.25), axes=("latents", 1, 0))})
GOOD = json.loads(to_text(PLACE, "vae"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_a_bookmark_comes_back_as_it_was(name):
    elsewhere = replace(PLACE, tab="trainTab", compared=("id:b",))
    assert from_text(to_text(elsewhere, name)) == (PLACE, name)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "7", "{}", "[" * 100_000,
        *(json.dumps({**GOOD, **damage}) for damage in (
            {"format": 0}, {"run": "id:b"}, {"run": 7}, {"at": [1e21, 0]}, {"at": [-1, 0]}, {"at": [True, 0]},
            {"of_run": {"id:a": {"z": [float("nan")]}}}, {"of_run": {"id:a": {"z": "x"}}}, {"of_run": []},
        )),
        *(json.dumps({key: GOOD[key] for key in GOOD if key != gone}) for gone in GOOD),
    ],
)  # fmt: skip
@given(st.text(max_size=50))
def test_anything_else_is_refused(text, noise):
    for damaged in (text, noise):
        with pytest.raises(UserError, match="cannot be read"):
            from_text(damaged)


def test_a_newer_version_is_named():
    with pytest.raises(UserError, match=r"newer CADL \(format 2\)"):
        from_text('{"format": 2, "anything": "else"}')
