"""What must agree between workers."""

import dataclasses
import json

import pytest

from cadl_gui.domain.meeting import Greeting, disagreement
from cadl_gui.domain.workers import Workers

WORKERS = Workers(("a:1", "b:1"), 0)
VERSIONS = {"cadl_gui": "1.0", "tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6"}
CHIEF = Greeting.of(WORKERS, VERSIONS, {"preset": "vae", "epochs": 5})


def test_equal_workers_agree_whatever_their_paths():
    other = Greeting.of(WORKERS, VERSIONS, {"preset": "vae", "epochs": 5, "dataset": "/mnt"})
    assert disagreement(CHIEF, other, "worker 1 (b:1)") == ""


def test_a_greeting_survives_the_way():
    assert Greeting.from_json(json.loads(json.dumps(CHIEF.to_json()))) == CHIEF


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"addresses": ("a:1", "c:1")},
            "Worker 1 (b:1) has another list of workers (a:1, c:1) than the chief.",
        ),
        (
            {"versions": {**VERSIONS, "tensorflow": "2.20.0"}},
            "Worker 1 (b:1) has TensorFlow 2.20.0, the chief 2.21.0: all workers need the same.",
        ),
        (
            {"asked": {"preset": "vae", "epochs": "6"}},
            "Worker 1 (b:1) is asked for Epochs 6, the chief for 5: all need the same.",
        ),
        (
            {"asked": {"epochs": "5"}},
            "Worker 1 (b:1) is asked for Preset nothing, the chief for vae: all need the same.",
        ),
        ({"switches": ("--resume",)}, "Either all workers are started with --resume or none"),
        ({"switches": ("--deterministic",)}, "Either all workers are started with --deterministic or none"),
    ],
)
def test_what_differs_is_named(change, message):
    other = dataclasses.replace(CHIEF, **change)
    assert disagreement(CHIEF, other, "worker 1 (b:1)").startswith(message)
