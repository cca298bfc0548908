"""TensorFlow's strategy by which workers share batches."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from cadl_gui.domain.workers import Workers
from cadl_gui.models.devices import n_accelerators


def strategy_of(workers: Workers) -> Any:
    """Make the strategy of one of several workers; TensorFlow must not have computed anything before.

    It starts TensorFlow's server on this worker's port and waits until all workers have done so. Gradients
    are exchanged in a ring, between GPUs by NCCL.

    Raises:
        tf.errors.OpError: if the workers cannot reach each other.
    """
    options = tf.distribute.experimental.CommunicationOptions(
        implementation=(
            tf.distribute.experimental.CommunicationImplementation.AUTO
            if n_accelerators()
            else tf.distribute.experimental.CommunicationImplementation.RING
        )
    )
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(workers.addresses)}),
        task_type="worker",
        task_id=workers.index,
        rpc_layer="grpc",
        num_accelerators={"GPU": n_accelerators()},
    )
    with _own_sigterm():
        return tf.distribute.MultiWorkerMirroredStrategy(
            cluster_resolver=resolver, communication_options=options
        )


@contextmanager
def _own_sigterm() -> Iterator[None]:
    """Put the handler of SIGTERM back: TensorFlow's server takes the signal, and then nothing obeys it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)  # Python's, which does not see that of TensorFlow
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
