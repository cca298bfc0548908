"""Several workers, or several devices of one, have the losses of one."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ports import free_ports

from cadl_gui.domain.configuration import RunConfig

pytestmark = pytest.mark.tf

SCRIPT = Path(__file__).parents[1] / "shared_steps.py"
N_STEPS = 12
DENSE = RunConfig.of(preset="noise", layers=(20,), latent_dim=4, batch_size=20, initial_stddev=0.2)
NETWORKS = {
    "dense, denoising, dropout": DENSE.replace(denoising=True, dropout=0.3, weight_decay=0.01),
    "convolutional, batch normalisation": DENSE.replace(
        model="classifier", latent_dim=0, layers=(6, 4), convolutional=True, kernel_sizes=(3, 3),
        strides=(2, 2), batch_normalisation=True, augmentation=0.7,
    ),
    "variational": DENSE.replace(variational=True, likelihood="gaussian", schedule="cosine", epochs=2),
}  # fmt: skip


@pytest.fixture(scope="module")
def losses(tmp_path_factory):
    """Function of the number of workers → losses of each network, (n_networks, n_steps) each."""
    networks = tmp_path_factory.mktemp("shared") / "networks.json"
    networks.write_text(json.dumps([config.to_json() for config in NETWORKS.values()]))

    def started(index, *addresses):
        command = [sys.executable, SCRIPT, str(index), str(N_STEPS), networks, *addresses]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def of(*addresses):
        n_workers = len(addresses) if len(addresses) > 1 else 1
        processes = [started(index, *addresses) for index in range(n_workers)]
        try:
            printed = [process.communicate(timeout=120) for process in processes]
        finally:
            for process in processes:
                process.kill()
        assert all(output.count("\n") == len(NETWORKS) for output, _ in printed), printed
        return [np.array([json.loads(line)["losses"] for line in out.splitlines()]) for out, _ in printed]

    return of


@pytest.fixture(scope="module")
def alone(losses):
    return losses()[0]


def test_two_workers_have_the_losses_of_one(losses, alone):
    first, second = losses(*(f"127.0.0.1:{port}" for port in free_ports(2)))
    np.testing.assert_array_equal(second, first)
    np.testing.assert_allclose(first, alone, rtol=1e-4)
    assert (np.ptp(alone, axis=1) > 1e-3).all()  # the noise of each step counts


def test_two_devices_have_the_losses_of_one(losses, alone):
    (both,) = losses("devices")
    np.testing.assert_allclose(both, alone, rtol=1e-4)
