"""Evaluation artifacts have the right size and are read-only."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.evaluation_artifacts import (
    EvaluationArtifacts,
    WorstMistakes,
    confusion_matrix,
    read_only,
)


def artifacts():
    mistakes = WorstMistakes(
        np.zeros((2, 3, 3, 1), np.uint8), np.zeros(2, np.int64), np.ones(2, np.int64), np.ones(2, np.float32)
    )
    return EvaluationArtifacts(
        latents=np.zeros((5, 2), np.float16), confusion=np.eye(3, dtype=np.int64), mistakes=mistakes
    )


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=60))
def test_a_confusion_matrix_counts_labels_by_row_and_answers_by_column(pairs):
    oracle = np.zeros((5, 5), int)
    for label, answer in pairs:
        oracle[label, answer] += 1
    labels, answers = np.array(pairs, np.int64).reshape(-1, 2).T
    np.testing.assert_array_equal(confusion_matrix(labels, answers, 5), oracle)


def test_the_bytes_of_every_array_count():
    assert artifacts().n_bytes == 5 * 2 * 2 + 9 * 8 + (2 * 9 + 2 * 8 + 2 * 8 + 2 * 4)
    assert EvaluationArtifacts().n_bytes == 0


def test_read_only_probes_are_read_only_down_to_the_mistakes():
    frozen = read_only(artifacts())
    for array in (frozen.latents, frozen.confusion, frozen.mistakes.images, frozen.mistakes.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
