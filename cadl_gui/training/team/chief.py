"""The chief: gathers the other workers, and tells them which steps to take."""

import secrets
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from typing import Any

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError, ConfigurationError, UserError, WorkerLostError
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.meeting import Greeting, disagreement
from cadl_gui.domain.workers import Workers, port_of
from cadl_gui.models.devices import n_accelerators
from cadl_gui.system.json_connection import ConnectionEndedError, IncomingConnections, JsonConnection
from cadl_gui.training.sharing import Call
from cadl_gui.training.team.ports import listen_as
from cadl_gui.training.team.strategy import strategy_of
from cadl_gui.training.team.watch import Watch

_LONGEST_LIST = 500
_GREETING_SECONDS = 10.0
"""How long a worker that has connected may take to say who it is."""


class Chief:
    """The first worker, which alone evaluates the network and writes the run; implements `Leader`.

    Call `gather` first: from then on the other workers hold a connection to it until the training ends. Call
    `close` at the end, or `fail`.

    Args:
        workers: the workers.
        greeting: the chief's own greeting, with which those of the others must agree.
        on_stuck: see `Watch`.

    Attributes:
        stop_asked: whether Ctrl+C was pressed at another worker.
    """

    index = 0

    def __init__(self, workers: Workers, greeting: Greeting, on_stuck: Callable[[str], None]) -> None:
        self.stop_asked = False
        self._workers = workers
        self._greeting = greeting
        self._watch = Watch(on_stuck)
        self._others: dict[int, JsonConnection] = {}
        self._sent_away: set[int] = set()
        self._other_list = ""

    @property
    def n_workers(self) -> int:
        """See `Team.n_workers`."""
        return len(self._workers.addresses)

    def gather(
        self,
        wait_seconds: float,
        tell_missing: Callable[[socket.socket, set[int], UserError], None] | None = None,
    ) -> None:
        """Wait for the other workers.

        Args:
            wait_seconds: how long to wait.
            tell_missing: called, if one that came cannot train with this one, with the socket on which the
                missing workers will come, or have just come, with their numbers and with the error.

        Raises:
            WorkerLostError: if they do not come in time.
            UserError: if one cannot train with this one, or the port of this one is in use.
        """
        with listen_as(self._workers) as listener:
            try:
                self._gather(listener, wait_seconds)
            except CadlError as error:
                missing = self._missing - self._sent_away
                self.fail(str(error))
                if tell_missing is not None and isinstance(error, UserError):
                    tell_missing(listener, missing, error)
                raise

    def meet(self, config: RunConfig, dataset: ImageStore) -> Any:
        """See `Leader.meet`."""
        _require_equal_parts(config, self.n_workers * max(1, n_accelerators()))
        task = {
            "config": config.to_json(),
            "dataset": dataset.name,
            "fingerprint": dataset.fingerprint,
        }
        self._send_all(task)
        for index in self._others:
            self._require_ready(index)
        self._send_all({"begin": True})
        for index, connection in self._others.items():
            self._watch.listen(connection, self._name(index), self._hear)
        with self._watch.guarding():
            strategy = strategy_of(self._workers)
        self._watch.enable_aborting()
        return strategy

    def tell(self, call: Call) -> None:
        """See `Team.tell`."""
        self._watch.check()
        self._send_all({"call": list(call)})

    def guarding(self) -> AbstractContextManager[None]:
        """See `Team.guarding`."""
        return self._watch.guarding()

    def close(self) -> None:
        """Let the other workers end: the training is over."""
        self._end({"done": True})

    def fail(self, reason: str) -> None:
        """Let the other workers end with a sentence."""
        self._end({"end": reason})

    def _end(self, last: dict[str, Any]) -> None:
        self._watch.close()
        for connection in self._others.values():
            with suppress(ConnectionEndedError):
                connection.send(last)
            connection.close()
        self._others = {}

    def _gather(self, listener: socket.socket, wait_seconds: float) -> None:
        deadline = time.monotonic() + wait_seconds
        with closing(IncomingConnections(listener, _GREETING_SECONDS)) as incoming:
            while len(self._others) < self.n_workers - 1:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise self._nobody_came(wait_seconds)
                for connection in incoming.ready(remaining):
                    try:
                        self._receive_worker(connection)
                    except ConnectionEndedError:  # somebody else's, or a worker that ends at once
                        connection.close()

    @property
    def _missing(self) -> set[int]:
        return {*range(1, self.n_workers)} - self._others.keys()

    def _nobody_came(self, wait_seconds: float) -> WorkerLostError:
        names = " and ".join(self._workers.name(index) for index in sorted(self._missing))
        return WorkerLostError(
            f"{capitalised(names)} did not connect within {wait_seconds:g} s"
            f"{self._other_list and f', but one with another list: {self._other_list}'}; --wait changes that."
        )

    def _receive_worker(self, connection: JsonConnection) -> None:
        """Add a worker that has connected, if it can train with this one and is where it should be."""
        said = connection.receive(_GREETING_SECONDS)
        self._require_no_refusal(said, connection)
        try:
            greeting = Greeting.from_json(said)
        except (KeyError, TypeError, ValueError):
            connection.close()
            return
        index = greeting.index
        if greeting.addresses != self._workers.addresses:
            # A stranger’s, which must not end the training, or of a worker that was started otherwise.
            self._other_list = ", ".join(greeting.addresses)[:_LONGEST_LIST]
            connection.send({"end": f"{self._other_list} is another list of workers than the chief’s."})
            connection.close()
            return
        if index in self._others:
            self._others.pop(index).close()  # it has been started again
        name = self._workers.name(index) if 0 < index < self.n_workers else f"worker {index}"
        reason = disagreement(self._greeting, greeting, name)
        if not reason and not 0 < index < self.n_workers:
            reason = f"There are two chiefs: another process says that it is worker {index}."
        if not reason:
            reason = self._cannot_reach(index, connection)
        if reason:
            with suppress(ConnectionEndedError):
                connection.send({"end": reason})
            connection.close()
            self._sent_away.add(index)
            raise UserError(reason)
        self._others[index] = connection

    def _require_no_refusal(self, said: dict[str, Any], connection: JsonConnection) -> None:
        """Check that the first message of a worker is not that of one that cannot begin; see `tell_chief`."""
        if "end" not in said or said.get("addresses") != [*self._workers.addresses]:
            return
        for index in range(1, self.n_workers):
            if index == said.get("index"):
                connection.close()
                self._sent_away.add(index)
                raise UserError(f"{self._name(index)}: {said['end']}")

    def _cannot_reach(self, index: int, connection: JsonConnection) -> str:
        """Return a sentence if the worker is not at its address, or ""."""
        address = self._workers.addresses[index]
        host, _, _ = address.rpartition(":")
        secret = secrets.token_hex()
        connection.send({"secret": secret})
        try:
            probe = JsonConnection.to(host, port_of(address), _GREETING_SECONDS)
        except OSError as error:
            connection.receive(_GREETING_SECONDS)  # it has waited in vain
            reason = f"{error.strerror or error}."
        else:
            with closing(probe):
                with suppress(ConnectionEndedError):
                    probe.send({"secret": secret})
                found = connection.receive(_GREETING_SECONDS).get("found")
            reason = "" if found else "another program answers there."
        return reason and f"{self._name(index)} is not at its address: {reason}"

    def _require_ready(self, index: int) -> None:
        try:
            answer = self._others[index].receive()
        except ConnectionEndedError:
            raise WorkerLostError(f"{self._name(index)} has ended.") from None
        if "end" in answer:
            raise UserError(str(answer["end"]))
        if answer.get("ready") != n_accelerators():
            raise UserError(
                f"{self._name(index)} has {answer.get('ready')} GPUs, the chief {n_accelerators()}: "
                f"all workers need equally many."
            )

    def _hear(self, said: dict[str, Any]) -> bool:
        """Take a message of another worker during the training; return whether more can follow."""
        if "end" in said:
            self._watch.lose(str(said["end"]))
        self.stop_asked = self.stop_asked or bool(said.get("stop"))
        return "end" not in said

    def _name(self, index: int) -> str:
        """Name of a worker at the beginning of a sentence."""
        return capitalised(self._workers.name(index))

    def _send_all(self, values: dict[str, Any]) -> None:
        for index, connection in self._others.items():
            try:
                connection.send(values)
            except ConnectionEndedError:
                self._watch.lose(f"{self._name(index)} has ended.")
                self._watch.check()


def _require_equal_parts(config: RunConfig, n_replicas: int) -> None:
    size = config.training.batch_size
    if size % n_replicas:
        above = size + n_replicas - size % n_replicas
        raise ConfigurationError(
            "batch_size",
            f"A batch of {size} images cannot be divided equally among {n_replicas}; {above} could.",
        )
