"""A few dozen damaged files of every kind; thousands of them: `python tests/benchmarks/hostile_files.py`."""

import sys

import pytest
from hostile.campaign import campaign
from hostile.kinds import KINDS

pytestmark = [
    pytest.mark.tf,
    pytest.mark.skipif(sys.platform != "linux", reason="limits of time and memory are Linux's"),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_strangers_file_cannot_hurt(kind, tmp_path):
    """It opens to something valid, or a sentence refuses it; see `hostile.worker` for what is watched."""
    tally = campaign(kind, n=24, seed=7, keep=tmp_path)
    assert tally.faults == []
    assert sum(tally.outcomes.values()) == 24
