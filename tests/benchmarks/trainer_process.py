"""A trainer in a separate process, so that libraries, threads and settings do not interfere.

    python trainer_process.py COLUMN PRESET

Prints a line when it is ready, after its remarks if it has any. Each line on standard input is a number of
epochs: it trains that many and prints its speed; between lines it sleeps.

All read images and configurations by the program's modules, but its settings of NumPy and TensorFlow are for
its own columns only: `TF_ONEDNN_USE_SYSTEM_ALLOCATOR` costs the lecture's convolutional classifier 3 %.
"""

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

COLUMNS = {
    "ours": ("trainers_ours", "headless"),
    "ours, window open": ("trainers_ours", "in_window"),
    "ours, bfloat16": ("trainers_ours", "in_bfloat16"),
    "ours, `--deterministic`": ("trainers_ours", "deterministic"),
    "`keras.Model.fit`": ("trainers_keras", "fit"),
    "`fit`, tuned": ("trainers_keras", "tuned_fit"),
    "the lecture’s own way": ("trainers_tf1", "lecture"),
    "PyTorch, eager": ("trainers_torch", "eager"),
    "PyTorch, compiled": ("trainers_torch", "compiled"),
    "matrix product, GFLOP/s": ("matrix_product", "product"),
}
"""Module and function of each trainer."""

_OUR_SETTINGS = ("TF_ONEDNN_USE_SYSTEM_ALLOCATOR", "OPENBLAS_NUM_THREADS")
"""What `cadl_gui` sets when it is imported, here or in the process that started this one."""


class TrainerProcess:
    """Communicates with such a process.

    Attributes:
        remarks: lines that it printed before it was ready.
    """

    def __init__(self, process: subprocess.Popen[str], said: IO[str]) -> None:
        self._process = process
        self._messages = said
        self.remarks = [line.strip() for line in iter(self._answer, "ready\n")]

    def run(self, n_epochs: int) -> float:
        """Train for some epochs, and return the images per second."""
        print(n_epochs, file=self._process.stdin, flush=True)
        return float(self._answer())

    def _answer(self) -> str:
        answer = self._process.stdout.readline()
        if not answer:
            self._process.wait()
            self._messages.seek(0)
            raise RuntimeError(f"A trainer failed: {self._process.args}\n{self._messages.read()}")
        return answer


@contextmanager
def trainer_process(column: str, preset_name: str) -> Iterator[TrainerProcess]:
    """Start a trainer and wait until it is ready; it ends with the block.

    Raises:
        RuntimeError: if it fails; contains its output.
    """
    environment = {"QT_QPA_PLATFORM": "offscreen", "TF_CPP_MIN_LOG_LEVEL": "2"} | os.environ
    command = [sys.executable, str(Path(__file__)), column, preset_name]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=said, text=True, env=environment
        ) as process,
    ):
        yield TrainerProcess(process, said)


def main() -> None:
    """Answer until standard input ends."""
    column, preset_name = sys.argv[1:]
    module, function = COLUMNS[column]
    importlib.import_module("cadl_gui")
    if module != "trainers_ours":
        for name in _OUR_SETTINGS:  # before NumPy and TensorFlow read them
            os.environ.pop(name, None)
    from cadl_gui.domain.presets import preset

    trainer = getattr(importlib.import_module(module), function)
    with trainer(preset(preset_name).config) as run:
        print("ready", flush=True)
        for line in sys.stdin:
            print(run(int(line)), flush=True)


if __name__ == "__main__":
    main()
