"""Several workers as one of them sees them: what they agree on, and how all end when one does."""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.compiler.xla.tsl.protobuf.coordination_config_pb2 import CoordinatedJob
from tensorflow.python.eager import context

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError, NonFiniteLossError, RecordingError, WorkerLostError
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.training_requests import StepBudget
from cadl_gui.domain.workers import Workers
from cadl_gui.models.devices import n_accelerators
from cadl_gui.system.words import _
from cadl_gui.training.stepper import seconds_since

Total = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Adds up numbers of all workers, each of which calls it with as many at the same time."""

_CONNECT_SECONDS, _SILENT_SECONDS = 30, 10
"""How long TensorFlow waits for the others at the start, and for a sign of life of each later."""

_OWN_FAULTS = (tf.errors.ResourceExhaustedError, tf.errors.InvalidArgumentError)
"""What TensorFlow raises of this process alone; all else means that workers do not reach each other."""

_GOES_ON, _STOPS = 0, 1
_FAILURES = (
    (RecordingError, _("it cannot write the run.")),
    (NonFiniteLossError, _("the loss became infinite.")),
    (Exception, _("its own message says why.")),
)
"""How a worker that has failed tells the others why; from 2 on."""


class Several:
    """The workers of a training; implements `Team`.

    All take the same turns. Before each they add up a few numbers: the steps and the learning rate that the
    chief wants, and the state of each worker. So they stop together, and know who has failed between two
    turns; one that ends at another time is missed by TensorFlow.

    Args:
        workers: the workers.
        begin: meets the others, with what this worker trains, and connects them; see `connected`.
    """

    def __init__(self, workers: Workers, begin: Callable[[dict[str, Any]], tuple[Any, Total]]) -> None:
        self.index, self.n_workers = workers.index, len(workers.addresses)
        self._name = workers.name
        self._begin = begin
        self._total: Total = np.asarray
        self._agrees_next = False
        self._n_steps, self._seconds_per_step = 1, math.inf

    def meet(self, config: RunConfig, dataset: ImageStore) -> Any:
        """See `Team.meet`."""
        size, n = config.training.batch_size, self.n_workers * max(1, n_accelerators())
        if size % n:
            unequal = _("A batch of {size} images cannot be divided equally among {n}").format(size=size, n=n)
            raise ConfigurationError(
                "batch_size", _("{unequal}; {size} could.").format(unequal=unequal, size=size + n - size % n)
            )
        about = {"config": config.to_json(), "dataset": [dataset.name, dataset.fingerprint]}
        strategy, self._total = self._begin({**about, "gpus": n_accelerators()})
        return strategy

    def agree(self, budget: StepBudget) -> StepBudget:
        """See `Team.agree`."""
        fitting = max(1.0, budget.seconds / self._seconds_per_step)
        self._n_steps = int(min(2 * self._n_steps, fitting))
        state = _STOPS if budget.max_steps == 0 else _GOES_ON
        n_steps, rate, *states = self._added(state, self._n_steps, budget.learning_rate)
        self._agrees_next = _STOPS in states
        return StepBudget(0.0, 0, rate) if _STOPS in states else StepBudget(math.inf, int(n_steps), rate)

    @contextmanager
    def exchanging(self, n_steps: int | None = None) -> Iterator[None]:
        """See `Team.exchanging`."""
        self._agrees_next = False
        began = time.perf_counter()
        try:
            yield
        except _OWN_FAULTS:
            raise
        except tf.errors.OpError as error:
            raise WorkerLostError(self._lost(str(error))) from error
        self._agrees_next = n_steps is not None
        if n_steps:
            self._seconds_per_step = seconds_since(began) / n_steps

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """See `Team.leaving`."""
        try:
            yield
        except Exception as error:
            if self._agrees_next:  # not after a worker was lost
                which = next(i for i, (kind, _) in enumerate(_FAILURES) if isinstance(error, kind))
                with suppress(WorkerLostError):
                    self._added(2 + which)
            raise
        with suppress(WorkerLostError) if self.index == 0 else nullcontext():  # it has written everything
            self._added(_GOES_ON)

    def _added(self, state: int, *wanted: float) -> NDArray[np.float64]:
        """Add up the numbers of all workers, of which only the chief wants something."""
        own = np.zeros(2 + self.n_workers)
        own[2 + self.index] = state
        if self.index == 0:
            own[: len(wanted)] = wanted
        with self.exchanging():
            added = self._total(own)
        for index, other in enumerate(added[2:].astype(int)):
            if other > _STOPS and index != self.index:
                why = _FAILURES[other - 2][1]
                raise WorkerLostError(
                    _("{name} has ended: {why}").format(name=capitalised(self._name(index)), why=why)
                )
        return added

    def _lost(self, message: str) -> str:
        """Say who has ended, if TensorFlow's message names another worker."""
        named = {int(index) for index in re.findall(r"/task:(\d+)", message)} - {self.index}
        who = self._name(*named) if len(named) == 1 else _("another worker")
        return _("{who} has ended, or cannot be reached any more.").format(who=capitalised(who))


def connected(workers: Workers) -> tuple[Any, Total]:
    """Start TensorFlow's server on this worker's port, and wait until all workers have done so.

    TensorFlow must not have computed anything before. It takes SIGTERM for itself; whoever calls this sets
    its own handler afterwards. Gradients are exchanged in a ring, between GPUs by NCCL.

    Returns:
        The strategy, and a function by which the workers agree.

    Raises:
        WorkerLostError: if the workers cannot reach each other.
    """
    n_gpus, experimental = n_accelerators(), tf.distribute.experimental
    ways = experimental.CommunicationImplementation
    options = experimental.CommunicationOptions(implementation=ways.AUTO if n_gpus else ways.RING)
    cluster = tf.train.ClusterSpec({"worker": list(workers.addresses)})
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        cluster, "", "worker", workers.index, num_accelerators={"GPU": n_gpus}, rpc_layer="grpc"
    )
    # WORKAROUND TensorFlow 2.21 waits an hour for the others unless its service is configured before.
    context.context().configure_coordination_service(
        "standalone",
        service_leader="/job:worker/replica:0/task:0",
        cluster_register_timeout_in_ms=1000 * _CONNECT_SECONDS,
        heartbeat_timeout_in_ms=1000 * _SILENT_SECONDS,
        coordinated_jobs=[CoordinatedJob(name="worker", num_tasks=len(workers.addresses))],
    )
    context.context().coordination_service.cluster_register_with_barrier = True
    try:
        strategy = tf.distribute.MultiWorkerMirroredStrategy(resolver, options)
        total = _total(strategy)
        total(np.zeros(1))
    except tf.errors.OpError as error:
        raise WorkerLostError(
            _("The workers have met, but could not connect: each has to reach the ports of all others.")
        ) from error
    return strategy, total


def _total(strategy: Any) -> Total:
    n_replicas_here = len(strategy.extended.worker_devices)

    def replica(values: Any) -> Any:
        here = tf.distribute.get_replica_context()
        return here.all_reduce(tf.distribute.ReduceOp.SUM, tf.identity(values) / n_replicas_here)

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.float64)])  # type: ignore[untyped-decorator]
    def summed(values: Any) -> Any:
        return strategy.experimental_local_results(strategy.run(replica, (values,)))[0]

    return lambda values: np.asarray(summed(values))
