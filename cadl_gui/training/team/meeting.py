"""The meeting of the workers, before TensorFlow connects them: who is there, and what differs.

TensorFlow's own start has no message for a worker that never comes or has other options. So all meet on the
chief's port, which TensorFlow's server has afterwards. Each says who it is, and the chief answers with what
it trains. The worker compares, prepares the images, and says that it is ready, or why it cannot be. Once all
are ready, the chief says so; every connection is closed, and nothing of this program listens any more.
"""

import asyncio
import json
import os
import socket
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from typing import Any

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError, ConfigurationError, DatasetError, UserError, WorkerLostError
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.workers import Workers, port_of
from cadl_gui.system.bounded_json import parse, whole_number
from cadl_gui.system.words import _

TELLING_SECONDS = 30.0
"""How long one that cannot begin stays to tell the others, which may be importing TensorFlow."""

_GREETING_SECONDS, _BETWEEN_SECONDS, _ATTEMPT_SECONDS = 10.0, 0.2, 5.0
_MOST_BYTES, _MOST_SILENT, _LONGEST_LIST = 2**16, 50, 500
"""Limits on strangers: the length of a line, and how many may not yet have said who they are."""

_FOREIGN = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, ConfigurationError)
"""What it raises to listen to somebody who has ended, is silent, or speaks another language."""


class Meeting:
    """What one worker does at the meeting.

    Args:
        workers: the workers.
        wait_seconds: how long they wait for each other.

    Attributes:
        is_over: whether nobody is left to be told that this worker cannot begin.
    """

    def __init__(self, workers: Workers, wait_seconds: float) -> None:
        self.workers = workers
        self.is_over = False
        self._seconds = wait_seconds
        self._chief = capitalised(workers.name(0))
        self._connected: socket.socket | None = None
        self._said: dict[str, Any] = {}

    def come(self, alike: Mapping[str, str]) -> RunConfig:
        """Find the chief, as another worker, and compare how both were started.

        Args:
            alike: what has to be the same of all workers, by name.

        Returns:
            What the chief trains, with its paths.

        Raises:
            CadlError: if the chief is not reached in time, ends, or was started otherwise.
        """
        _listener(self.workers).close()
        self._said = self._greet({}, self._seconds)
        self._require_alike(alike, self._said["alike"])
        return RunConfig.from_json(self._said["config"])

    def hold(self, about: Mapping[str, Any]) -> None:
        """Wait until all workers are ready.

        Args:
            about: "config", name and fingerprint of the "dataset" and number of "gpus" of this worker; of the
                chief, also what `come` compares, as "alike".

        Raises:
            CadlError: if one does not come in time, ends, or cannot train with the chief.
        """
        if self.workers.is_chief:
            self.is_over = True  # whoever comes is told at the meeting itself
            asyncio.run(_Host(self.workers, about).hold(self._seconds))
            return
        if about["dataset"] != (its := self._said["dataset"]):
            raise DatasetError(
                _("“{dataset}” is not what the chief trains on ({first}).").format(
                    dataset=about["config"]["dataset"], first=its[0]
                )
            )
        self._require_alike({"GPUs": about["gpus"]}, {"GPUs": self._said["gpus"]})
        self.is_over = True
        try:
            self._ask({"ready": True}, self._seconds + _ATTEMPT_SECONDS)
        except _FOREIGN as error:
            raise WorkerLostError(
                _("{chief} has ended, or does not answer.").format(chief=self._chief)
            ) from error
        self.close()

    def refuse(self, reason: str) -> None:
        """Tell the others that this worker cannot begin: those here, and those that come within a while."""
        seconds = min(self._seconds, TELLING_SECONDS)
        with suppress(CadlError, *_FOREIGN):  # nobody can be told, or need be
            if self.workers.is_chief:
                asyncio.run(_Host(self.workers, {}).hold(seconds, reason))
            elif self._connected is None:
                self._greet({"end": reason}, seconds)
            else:
                self._ask({"end": reason}, _GREETING_SECONDS)

    def close(self) -> None:
        """End the connection to the chief."""
        if self._connected is not None:
            self._connected.close()
        self._connected = None

    def _require_alike(self, own: Mapping[str, Any], its: Mapping[str, Any]) -> None:
        for name in {**its, **own}:
            here, there = own.get(name, _("not given")), its.get(name, _("not given"))
            if here != there:
                both = _("{name}: {there} for the chief, {here} for this worker").format(
                    name=name, there=there, here=here
                )
                raise UserError(_("{both}; all workers need the same.").format(both=both))

    def _greet(self, more: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Say to the chief, which may not be there yet, who this is, and return its answer."""
        address = self.workers.addresses[0]
        host, port = address.rpartition(":")[0].strip("[]"), port_of(address)
        greeting = {"index": self.workers.index, "addresses": [*self.workers.addresses], **more}
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._connected = socket.create_connection((host, port), _ATTEMPT_SECONDS)
                return self._ask(greeting, _GREETING_SECONDS)
            except _FOREIGN as error:
                self.close()
                if time.monotonic() + _BETWEEN_SECONDS > deadline:
                    why = getattr(error, "strerror", None) or _("another program answers there")
                    about = _("{chief} was not reached within {seconds:g} s: {why}").format(
                        chief=self._chief, seconds=seconds, why=why
                    )
                    raise WorkerLostError(_("{about}. --wait changes that.").format(about=about)) from error
            time.sleep(_BETWEEN_SECONDS)

    def _ask(self, values: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Say something to the chief, and return its answer."""
        assert self._connected is not None, "come first"
        self._connected.settimeout(seconds)
        self._connected.sendall(_line(values))
        with self._connected.makefile("rb", buffering=0) as lines:  # nothing of the next line is taken
            said: dict[str, Any] = parse(lines.readline(_MOST_BYTES))
        if "end" in said:
            raise WorkerLostError(_("{chief} ended: {end}").format(chief=self._chief, end=said["end"]))
        return said


class _Host:
    """The chief's side: a coroutine for each connection, so that none keeps the others waiting."""

    def __init__(self, workers: Workers, about: Mapping[str, Any]) -> None:
        self._workers = workers
        self._about = about
        self._others = {*range(1, len(workers.addresses))}
        self._silent: list[asyncio.StreamWriter] = []
        self._here: dict[int, asyncio.StreamWriter] = {}
        self._ready: set[int] = set()
        self._told: set[int] = set()
        self._reason = self._other_list = ""

    async def hold(self, seconds: float, reason: str = "") -> None:
        """Meet all others, or tell them the reason why not: also those that come within a while."""
        self._reason, is_lost = reason, False
        server = await asyncio.start_server(self._talk, sock=_listener(self._workers), limit=_MOST_BYTES)
        deadline = time.monotonic() + seconds
        with closing(server):
            while not self._reason and self._ready != self._others:
                if time.monotonic() > deadline:
                    missing = self._others - self._here.keys()
                    late = sorted(missing or self._others - self._ready)
                    names = capitalised(_(" and ").join(map(self._workers.name, late)))
                    what = _("did not {words} within {seconds:g} s").format(
                        words=_("connect") if missing else _("become ready"), seconds=seconds
                    )
                    other = self._other_list and _(", but one with another list: {other_list}").format(
                        other_list=self._other_list
                    )
                    self._reason = _("{names} {what}{other}; --wait changes that.").format(
                        names=names, what=what, other=other
                    )
                    is_lost, seconds = True, 0.0
                await asyncio.sleep(_BETWEEN_SECONDS)
            for index in self._here:
                self._tell_last(index)
            deadline = time.monotonic() + min(seconds, TELLING_SECONDS)
            while self._told != self._others and time.monotonic() < deadline:
                await asyncio.sleep(_BETWEEN_SECONDS)
        if self._reason:
            raise WorkerLostError(self._reason) if is_lost else UserError(self._reason)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._silent.append(writer)
        if len(self._silent) > _MOST_SILENT:
            self._silent.pop(0).transport.abort()
        index = 0
        try:
            async with asyncio.timeout(_GREETING_SECONDS):
                said = parse(await reader.readline())
            index = self._index_of(said, writer)
            self._here[index] = writer
            self._silent.remove(writer)
            if self._goes_on(index, said):
                writer.write(_line(self._about))
                if self._goes_on(index, parse(await reader.readline())):
                    self._ready.add(index)
                    await reader.read(1)
        except (*_FOREIGN, asyncio.CancelledError):
            pass  # it has ended or is somebody else, or the meeting is over
        finally:
            if self._here.get(index) is writer:
                del self._here[index]
                self._ready.discard(index)
            elif writer in self._silent:
                self._silent.remove(writer)
            writer.close()

    def _index_of(self, said: Any, writer: asyncio.StreamWriter) -> int:
        """Return the number of the worker that says this; of a stranger, raise one of `_FOREIGN`."""
        addresses = tuple(map(str, said["addresses"]))
        if addresses != self._workers.addresses:
            self._other_list = ", ".join(addresses)[:_LONGEST_LIST]
            writer.write(
                _line(
                    {
                        "end": _("{other_list} is another list of workers than the chief’s.").format(
                            other_list=self._other_list
                        )
                    }
                )
            )
            raise ValueError
        index = int(whole_number(said["index"], 1, len(self._others)))
        if index in self._here:
            writer.write(_line({"end": _("{name} is here already.").format(name=self._workers.name(index))}))
            raise ValueError
        return index

    def _goes_on(self, index: int, said: dict[str, Any]) -> bool:
        """Whether neither this worker nor another one has said why there cannot be a training."""
        if "end" in said and not self._reason:
            self._reason = f"{capitalised(self._workers.name(index))}: {said['end']}"
        if self._reason:
            self._tell_last(index)
        return not self._reason

    def _tell_last(self, index: int) -> None:
        self._here[index].write(_line({"end": self._reason} if self._reason else {"begin": True}))
        self._told.add(index)


def _line(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values).encode() + b"\n"


def _listener(workers: Workers) -> socket.socket:
    """Listen on the port of this worker, on all networks, as TensorFlow's server will."""
    port, dual = port_of(workers.addresses[workers.index]), socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if dual else socket.AF_INET
    try:
        return socket.create_server(("", port), family=family, dualstack_ipv6=dual)
    except OSError as error:
        about = _("Port {port} of this machine, for {name}, cannot be used").format(
            port=port, name=workers.name(workers.index)
        )
        raise UserError(f"{about}: {os.strerror(error.errno or 0)}.") from error
