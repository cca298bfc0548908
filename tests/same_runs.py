"""Compares two recorded runs."""

import numpy as np
from weights import assert_same_weights

from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot


def assert_same_run(one, other):
    """Everything in two run folders but the speed is equal, bit for bit: weights, optimiser and history."""
    mine, theirs = read_run(one), read_run(other)
    assert mine.config == theirs.config
    assert mine.recorded == theirs.recorded
    for position in mine.recorded:
        assert_same_weights(*(read_snapshot(folder, position).weights for folder in (one, other)))
    models = [open_checkpoint(run.checkpoint).model for run in (mine, theirs)]
    variables = [[*model.variables, *model.optimizer.variables] for model in models]
    assert_same_weights(*({variable.path: variable.value.numpy() for variable in own} for own in variables))
    assert_same_history(mine.history, theirs.history)


def assert_same_history(mine, theirs):
    """Notes, learning rates, and what was measured at each step and epoch are equal, bit for bit."""
    assert mine.notes == theirs.notes
    assert mine.learning_rates == theirs.learning_rates
    assert [(each.epoch, dict(each.metrics)) for each in mine.epochs] == [
        (each.epoch, dict(each.metrics)) for each in theirs.epochs
    ]
    assert mine.step_metrics.keys() == theirs.step_metrics.keys()
    for name, values in mine.step_metrics.items():
        np.testing.assert_array_equal(values, theirs.step_metrics[name], err_msg=name)
