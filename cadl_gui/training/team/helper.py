"""A worker that is not the chief: finds the chief, and takes the steps that it tells."""

import queue
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from typing import Any, NamedTuple

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError, ConfigurationError, WorkerLostError
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.meeting import Greeting
from cadl_gui.domain.workers import Workers
from cadl_gui.models.devices import n_accelerators
from cadl_gui.system.json_connection import (
    ConnectionEndedError,
    IncomingConnections,
    JsonConnection,
    SilenceError,
)
from cadl_gui.training.sharing import Call
from cadl_gui.training.team.ports import listen_as, reach
from cadl_gui.training.team.strategy import strategy_of
from cadl_gui.training.team.watch import Watch

_BETWEEN_SECONDS = 0.2
"""Time between two looks at Ctrl+C."""

_PROBE_SECONDS = 2.0
"""How long the chief's second connection may take, by which it finds out whether this worker is reached."""


class Task(NamedTuple):
    """What the chief trains.

    Attributes:
        config: configuration of the run, with the chief's path of the dataset.
        dataset: name of the dataset, for messages.
        fingerprint: fingerprint of the dataset.
    """

    config: RunConfig
    dataset: str
    fingerprint: str


class Helper:
    """A worker that follows the chief, to which it is connected until the training ends; implements `Team`.

    Call `close` at the end, or `fail`.

    Args:
        workers: the workers.
        greeting: greeting of this worker.
        wait_seconds: how long to try to reach the chief.
        on_stuck: see `Watch`.

    Raises:
        CadlError: if the chief is not reached in time, or cannot train with this worker.
    """

    def __init__(
        self,
        workers: Workers,
        greeting: Greeting,
        wait_seconds: float,
        on_stuck: Callable[[str], None],
    ) -> None:
        self._workers = workers
        self._watch = Watch(on_stuck)
        self._messages: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        with listen_as(workers) as listener:
            self._chief = self._connected(wait_seconds)
            try:
                self._greet(greeting, listener, wait_seconds)
            except BaseException:
                self._chief.close()
                raise

    @property
    def n_workers(self) -> int:
        """See `Team.n_workers`."""
        return len(self._workers.addresses)

    @property
    def index(self) -> int:
        """See `Team.index`."""
        return self._workers.index

    @property
    def name(self) -> str:
        """Name of this worker for messages."""
        return self._workers.name(self.index)

    def task(self) -> Task:
        """Wait until the chief says what it trains.

        Raises:
            CadlError: if the chief ends instead, or with a reason.
        """
        said = self._receive()
        try:
            config = RunConfig.from_json(said["config"])
            return Task(config, str(said["dataset"]), str(said["fingerprint"]))
        except (KeyError, TypeError, ValueError, AttributeError, ConfigurationError) as error:
            raise WorkerLostError(f"{self._the_chief} sent an invalid message.") from error

    def begin(self) -> Any:
        """Tell the chief that this worker is ready, and wait for the others.

        Returns:
            The `tf.distribute.Strategy` by which all share each batch.

        Raises:
            CadlError: if the chief ends instead, or with a reason.
        """
        self._send({"ready": n_accelerators()})
        self._receive()
        self._watch.listen(self._chief, self._the_chief, self._hear)
        with self._watch.guarding():
            strategy = strategy_of(self._workers)
        self._watch.enable_aborting()
        return strategy

    def calls(self, stop_asked: Callable[[], bool]) -> Iterator[Call]:
        """Yield the calls that the chief tells, until the training is over.

        Args:
            stop_asked: whether Ctrl+C was pressed here; the chief is then asked to stop the training.

        Raises:
            WorkerLostError: if the chief or another worker ends before.
        """
        has_asked = False
        while True:
            if stop_asked() and not has_asked:
                self._send({"stop": True})
                has_asked = True
            try:
                said = self._messages.get(timeout=_BETWEEN_SECONDS)
            except queue.Empty:
                self._watch.check()
                continue
            if "done" in said:
                return
            self._watch.check()
            epoch, step, n, learning_rate = said["call"]
            yield Call(int(epoch), int(step), int(n), float(learning_rate))

    def tell(self, call: Call) -> None:
        """See `Team.tell`: only the chief tells."""

    def guarding(self) -> AbstractContextManager[None]:
        """See `Team.guarding`."""
        return self._watch.guarding()

    def close(self) -> None:
        """End the connection to the chief."""
        self._watch.close()
        self._chief.close()

    def fail(self, reason: str) -> None:
        """End the connection to the chief with a sentence, by which the whole training ends."""
        with suppress(ConnectionEndedError):
            self._chief.send({"end": reason})
        self._chief.close()

    @property
    def _the_chief(self) -> str:
        return capitalised(self._workers.name(0))

    def _connected(self, wait_seconds: float) -> JsonConnection:
        try:
            return reach(self._workers.addresses[0], wait_seconds)
        except OSError as error:
            raise WorkerLostError(
                f"{self._the_chief} was not reached within {wait_seconds:g} s: "
                f"{error.strerror or error}. --wait changes that."
            ) from error

    def _greet(self, greeting: Greeting, listener: socket.socket, wait_seconds: float) -> None:
        """Say who this is, and show that this worker is reached at its address."""
        self._send(greeting.to_json())
        secret = self._receive(wait_seconds).get("secret")
        self._send({"found": _is_asked(listener, secret)})

    def _send(self, values: dict[str, Any]) -> None:
        try:
            self._chief.send(values)
        except ConnectionEndedError:
            raise WorkerLostError(f"{self._the_chief} has ended.") from None

    def _receive(self, seconds: float | None = None) -> dict[str, Any]:
        try:
            said = self._chief.receive(seconds)
        except SilenceError:
            raise WorkerLostError(f"{self._the_chief} did not answer within {seconds:g} s.") from None
        except ConnectionEndedError:
            raise WorkerLostError(f"{self._the_chief} has ended.") from None
        if "end" in said:
            raise CadlError(f"{self._the_chief} ended: {said['end']}")
        return said

    def _hear(self, said: dict[str, Any]) -> bool:
        """Take a message of the chief during the training; return whether more can follow."""
        if "end" in said:
            self._watch.lose(f"{self._the_chief} ended: {said['end']}")
        if "done" in said:
            self._watch.close()
        if said:
            self._messages.put(said)
        return not said.keys() & {"end", "done"}


def _is_asked(listener: socket.socket, secret: Any) -> bool:
    """Whether somebody who knows the secret connects to the listener."""
    deadline = time.monotonic() + _PROBE_SECONDS
    with closing(IncomingConnections(listener, _PROBE_SECONDS)) as incoming:
        while (remaining := deadline - time.monotonic()) > 0:
            for probe in incoming.ready(remaining):
                with closing(probe), suppress(ConnectionEndedError):
                    if probe.receive(_PROBE_SECONDS).get("secret") == secret:
                        return True
    return False
