"""The workers of a training, as `TF_CONFIG` or Slurm's variables name them.

A worker is a process that trains one network together with others, each on an equal part of every batch. The
first is the chief, which alone evaluates the network and writes the run.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.errors import UserError
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.words import _

_MOST_TASKS = 10_000
_TASK_TYPES = ("chief", "worker")
_FIRST_PORT, _PORTS = 20_000, 10_000
"""Ports of workers that Slurm started, for which nobody names any: below those of outgoing connections."""


@dataclass(frozen=True)
class Workers:
    """The workers of a training, seen by one of them.

    Attributes:
        addresses: `HOST:PORT` of each, the chief first; at least two.
        index: number of this worker, counted from the chief, 0.
    """

    addresses: tuple[str, ...]
    index: int

    @property
    def is_chief(self) -> bool:
        """Whether this worker is the chief."""
        return self.index == 0

    def name(self, index: int) -> str:
        """Name of a worker for messages, such as “worker 1 (b.example:2222)”."""
        name = _("worker {index}").format(index=index) if index else _("the chief")
        return f"{name} ({self.addresses[index]})"


def workers_of(environment: Mapping[str, str]) -> Workers | None:
    """Read the workers from the variables of a process.

    `TF_CONFIG` is TensorFlow's own; without it, those count that `srun` sets for each of its tasks. In a
    batch script or an allocation, outside `srun`, Slurm's variables mean nothing yet.

    Returns:
        The workers, or None if this process trains alone.

    Raises:
        UserError: if the variables cannot be understood.
    """
    if environment.get("TF_CONFIG", "").strip():
        workers = _of_tf_config(environment["TF_CONFIG"])
    elif "SLURM_STEP_NODELIST" in environment:
        workers = _of_slurm(environment)
    else:
        return None
    return workers if len(workers.addresses) > 1 else None


def port_of(address: str) -> int:
    """Port of an address `HOST:PORT`.

    Raises:
        UserError: if it is not such an address.
    """
    host, _colon, port = address.rpartition(":")
    if not host or not re.fullmatch(r"\d{1,5}", port) or not 0 < int(port) < 2**16:
        raise UserError(
            _("“{address}” is not an address of a worker: HOST:PORT, such as studio-2:2222.").format(
                address=address
            )
        )
    return int(port)


def tf_config(addresses: tuple[str, ...], index: int) -> str:
    """Value of `TF_CONFIG` for one of several workers, as TensorFlow defines it.

    Raises:
        UserError: if an address is invalid or named twice.
    """
    _require_addresses(addresses)
    task = {"type": "worker", "index": index}
    return json.dumps({"cluster": {"worker": list(addresses)}, "task": task})


def expand_hosts(hosts: str) -> list[str]:
    """Names in Slurm's short form, such as `node[01-03,7],other`.

    Raises:
        UserError: if it cannot be understood.
    """
    parts = re.findall(r"(?:[^,\[\]]|\[[^\]]*\])+", hosts)
    if not parts or ",".join(parts) != hosts:
        raise UserError(
            _("Slurm names its machines “{hosts}”, which cannot be understood.").format(hosts=hosts)
        )
    return [name for part in parts for name in _expanded(part)]


def _expanded(part: str) -> list[str]:
    found = re.search(r"\[([^\]]*)\]", part)
    if found is None:
        return [part]
    names = []
    for numbers in found[1].split(","):
        ends = re.fullmatch("([0-9]{1,9})(?:-([0-9]{1,9}))?", numbers)
        first, last = (ends[1], ends[2] or ends[1]) if ends else ("0", "999999999")
        if int(last) - int(first) >= _MOST_TASKS:
            raise UserError(
                _("Slurm names its machines “{part}”, which cannot be understood.").format(part=part)
            )
        for number in range(int(first), int(last) + 1):
            name = f"{part[: found.start()]}{number:0{len(first)}}"
            names += [name + rest for rest in _expanded(part[found.end() :])]
    return names


def _of_tf_config(text: str) -> Workers:
    try:
        config = parse(text.encode())
        cluster, task = config["cluster"], config["task"]
        kind, index = str(task["type"]), int(str(task["index"]))
        tasks = {name: [str(address) for address in cluster.get(name, [])] for name in _TASK_TYPES}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UserError(
            _(
                "TF_CONFIG is not understood: it names a cluster and a task, as `cadl train --print-workers` "
                "prints them."
            )
        ) from error
    if strangers := {*cluster, kind} - {*_TASK_TYPES}:
        raise UserError(
            _("TF_CONFIG names a “{task}”; a training here has a chief and workers only.").format(
                task=min(strangers)
            )
        )
    if not 0 <= index < (n := len(tasks[kind])):
        raise UserError(
            _("TF_CONFIG says that this is {kind} {index}, counted from 0, but names {n} of them.").format(
                kind=kind, index=index, n=n
            )
        )
    addresses = (*tasks["chief"], *tasks["worker"])
    _require_addresses(addresses)
    return Workers(addresses, index if kind == "chief" else len(tasks["chief"]) + index)


def _of_slurm(environment: Mapping[str, str]) -> Workers:
    hosts = expand_hosts(environment["SLURM_STEP_NODELIST"])
    try:
        index = int(environment["SLURM_PROCID"])
        n = int(environment.get("SLURM_STEP_NUM_TASKS") or environment["SLURM_NTASKS"])
        first = _FIRST_PORT + int(environment.get("SLURM_JOB_ID", "0")) * 64 % _PORTS
        on_each = zip(hosts, _tasks_per_host(environment["SLURM_STEP_TASKS_PER_NODE"]), strict=True)
        names = [f"{host}:{first + task}" for host, n_here in on_each for task in range(n_here)]
    except (KeyError, ValueError) as error:
        raise UserError(
            _(
                "Slurm’s variables are not understood; TF_CONFIG, as `cadl train --print-workers` prints it, "
                "takes precedence."
            )
        ) from error
    if not 0 <= index < n == len(names):
        raise UserError(
            _("Slurm says that this is task {index} of {n}, but names {total} of them.").format(
                index=index, n=n, total=len(names)
            )
        )
    return Workers(tuple(names), index)


def _tasks_per_host(text: str) -> list[int]:
    """Numbers of tasks in Slurm's short form, such as `2(x3),1`."""
    counts: list[int] = []
    for part in text.split(","):
        found = re.fullmatch(r"([0-9]{1,9})(?:\(x([0-9]{1,9})\))?", part)
        if found is None or int(found[1]) * int(found[2] or 1) > _MOST_TASKS:
            raise ValueError(text)
        counts += [int(found[1])] * int(found[2] or 1)
    return counts


def _require_addresses(addresses: tuple[Any, ...]) -> None:
    for address in addresses:
        port_of(address)
    twice = next((address for address in addresses if addresses.count(address) > 1), None)
    if twice is not None:
        raise UserError(_("“{twice}” is the address of two workers; each has its own.").format(twice=twice))
