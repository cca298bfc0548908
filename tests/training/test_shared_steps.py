"""Several workers, or several devices of one, have the losses of one."""

import json
import subprocess
import sys

import numpy as np
import pytest
import shared_steps
import tensorflow as tf
from ports import free_ports
from shared_steps import DENSE, losses

from cadl_gui.training.sharing import ALONE

pytestmark = [pytest.mark.tf, pytest.mark.slow]

N_STEPS = 12
NETWORKS = {
    "variational, denoising, dropout": DENSE.replace(
        variational=True, likelihood="gaussian", denoising=True, dropout=0.3, weight_decay=0.01,
        schedule="cosine", epochs=2,
    ),
    "convolutional, batch normalisation": DENSE.replace(
        model="classifier", latent_dim=0, layers=(6, 4), convolutional=True, kernel_sizes=(3, 3),
        strides=(2, 2), batch_normalisation=True, augmentation=0.7,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def alone():
    """Losses of each network in this process, (n_networks, n_steps)."""
    one = tf.distribute.get_strategy()
    return np.array([losses(config, ALONE, one, N_STEPS)["losses"] for config in NETWORKS.values()])


def losses_of(configs, folder, *addresses):
    """Losses of each network in each process, (n_networks, n_steps) each."""
    networks = folder / "networks.json"
    networks.write_text(json.dumps([config.to_json() for config in configs]))
    command = [sys.executable, shared_steps.__file__]
    processes = [
        subprocess.Popen(
            [*command, str(index), str(N_STEPS), networks, *addresses],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for index in range(len(addresses))
    ]
    try:
        printed = [process.communicate(timeout=120) for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert all(output.count("\n") == len(configs) for output, _ in printed), printed
    return [np.array([json.loads(line)["losses"] for line in out.splitlines()]) for out, _ in printed]


def test_two_workers_have_the_losses_of_one(tmp_path, alone):
    addresses = (f"127.0.0.1:{port}" for port in free_ports(2))
    first, second = losses_of(NETWORKS.values(), tmp_path, *addresses)
    np.testing.assert_array_equal(second, first)
    np.testing.assert_allclose(first, alone, rtol=1e-4)
    assert (np.ptp(alone, axis=1) > 1e-3).all()  # the noise of each step counts


def test_two_devices_have_the_losses_of_one(tmp_path, alone):
    """Dense networks: `test_step.py`."""
    name = "convolutional, batch normalisation"
    (both,) = losses_of([NETWORKS[name]], tmp_path, "devices")
    np.testing.assert_allclose(both[0], alone[[*NETWORKS].index(name)], rtol=1e-4)
