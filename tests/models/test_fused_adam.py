"""The fused Adam, compared with Keras's, which is implemented differently."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.models.fused_adam import FusedAdam

pytestmark = [pytest.mark.tf, pytest.mark.slow]


def trained(kind, *, jit_compile, **settings):
    """All variables, including the optimiser's, after twenty steps with gradients from one seed."""
    rng = np.random.default_rng(5)
    variables = [keras.Variable(rng.normal(size=shape).astype(np.float32)) for shape in ((7, 3), (3,), ())]
    optimizer = kind(**settings)
    optimizer.build(variables)

    @tf.function(jit_compile=jit_compile)
    def step(*gradients):
        optimizer.apply(gradients, variables)

    for i in range(20):
        optimizer.learning_rate = 0.1 / (i + 1)
        step(*(tf.constant(rng.normal(size=variable.shape), tf.float32) for variable in variables))
    return [variable.numpy() for variable in (*variables, *optimizer.variables)]


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize(
    "settings", [{}, {"weight_decay": 0.1}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}]
)
def test_fused_adam_equals_keras_s(jit_compile, settings):
    ours = trained(FusedAdam, jit_compile=jit_compile, **settings)
    keras_own = trained(keras.optimizers.Adam, jit_compile=jit_compile, **settings)
    for one, other in zip(ours, keras_own, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)


def test_fused_adam_is_stored_in_a_checkpoint_under_a_name_of_ours():
    optimizer = FusedAdam(0.25, weight_decay=0.5)
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert type(again) is FusedAdam
    assert again.get_config() == optimizer.get_config()
