"""Mutation testing: makes small mistakes in chosen packages, and reports those that no test notices.

    python tests/campaigns/mutation.py --package cadl_gui/domain --number 40 --seed 1 [--tests tests/domain]
    python tests/campaigns/mutation.py --package cadl_gui/engine --kind forgotten-reset --kind stale-cache

The kinds take turns, so that each has its share: operators, and what a developer in a hurry forgets or
confuses (`oversights.py`). The same package, kinds and seed give the same mutants.

Everything happens in a copy of the tree in `.mutation`; the working tree is only read. Each test file runs
once to record which lines its tests execute and how long they take; this is cached until the file, or any
file that is not a test, changes. Then the tests that execute a mutant's line run until one fails, first those
of the same package and fast ones, in a process forked from one that has imported the libraries, with a time
limit of five times the recorded time. For tests that start programs, only the lines in their own process
count.

Why not mutmut: it skips properties, class bodies and constants, and forks from a process that has run the
tests, after which TensorFlow hangs. Why not cosmic-ray: it runs all tests for every mutant, each time in a
new process that imports TensorFlow. Needs `fork`: Linux and macOS.
"""

import argparse
import hashlib
import json
import math
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import cache_from_source
from itertools import accumulate, chain, islice, zip_longest
from pathlib import Path

import coverage
import hypothesis
import oversights
import pytest
from mutants import Mutant, mutants_of, operator

_ROOT = Path(__file__).parents[2]
_WORK = _ROOT / ".mutation"
_TREE, _FAILED = _WORK / "tree", _WORK / "failed"
"""The copy, and the file in which a child writes the name of the failed test."""

_NOT_TESTS = {"benchmarks", "campaigns", "tools"}
"""Folders of `tests` with commands; what is in them tells nothing of what tests notice."""

_LIBRARIES = ("numpy", "PIL.Image", "PySide6.QtWidgets", "pyqtgraph", "tensorflow", "keras", "h5py")
_ENVIRONMENT = {"QT_QPA_PLATFORM": "offscreen", "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
_OPTIONS = (
    "-q", "-m", "not acceptance and not browser", "-p", "no:randomly", "-p", "no:cacheprovider",
    "-W", "ignore:Module already imported",
)  # fmt: skip
_MOST_SECONDS = 900

_KINDS = {**oversights.KINDS, "operator": operator}
"""Kinds of mistakes, by name."""


class _Plugin:
    """Runs some tests in this order; hypothesis always uses the same examples, without shrinking."""

    def __init__(self, tests: Iterable[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}

    def pytest_collection(self) -> None:
        """By now, the conftest files that load the project's profile have been read."""
        phases, own = hypothesis.Phase, hypothesis.settings.get_profile("cadl")
        how = {"phases": (phases.explicit, phases.generate), "derandomize": True, "database": None}
        hypothesis.settings.register_profile("mutation", own, **how)
        hypothesis.settings.load_profile("mutation")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = (item for item in items if item.nodeid in self._places)
        items[:] = sorted(chosen, key=lambda item: self._places[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            _FAILED.write_text(report.nodeid)


class _Recorder:
    """Assigns executed lines to tests; those of fixtures, which may be shared, to the whole file."""

    def __init__(self, lines: coverage.Coverage) -> None:
        self._lines, self._start = lines, 0.0
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._lines.switch_context(_file_of(item.nodeid))
        self._start = time.monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        self._lines.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.seconds[report.nodeid] = time.monotonic() - self._start


class Records:
    """Which lines each test executes, and how long it takes. Tests that fail here are left out."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.seconds: dict[str, float] = {}
        self._lines = coverage.CoverageData(no_disk=True)
        others = (path for path in _sources() if not path.name.startswith("test_"))
        common = hashlib.sha256(b"".join((_TREE / path).read_bytes() for path in others))
        for path in files:
            key = common.copy()
            key.update((_TREE / path).read_bytes())
            self._add(path, _WORK / "records" / key.hexdigest())

    def _add(self, path: Path, record: Path) -> None:
        if not (record / "seconds").exists():
            print(f"recording {path}", flush=True)
            record.mkdir(parents=True, exist_ok=True)
            if in_child(lambda: _record(path, record), _MOST_SECONDS) != 0:
                print(f"{path} does not come to its end here: it is left out.")
                return
        self.seconds |= json.loads((record / "seconds").read_text())
        lines = coverage.CoverageData(str(record / "lines"))
        lines.read()
        self._lines.update(lines)

    def tests_for(self, mutant: Mutant, seconds: float) -> list[str]:
        """The tests that execute its line; if run at import or in a graph, those of the file or package.

        Args:
            mutant: the mutant.
            seconds: that the tests take together at most. The slowest are left out, so fewer may be noticed.
        """
        by_line = self._lines.contexts_by_lineno(str(_TREE / mutant.path))
        near = {
            test
            for test in self.seconds
            if Path(test).is_relative_to(Path("tests", *mutant.path.parts[1:-1]))
        }
        own = self._run_in(by_line.get(mutant.line, ()))
        tests = own or self._run_in(chain.from_iterable(by_line.values())) or near
        in_order = sorted(tests, key=lambda test: (test not in near, self.seconds[test]))
        ends = accumulate(self.seconds[test] for test in in_order)
        return [test for test, end in zip(in_order, ends, strict=True) if end <= seconds]

    def _run_in(self, contexts: Iterable[str]) -> set[str]:
        known = set(contexts)
        return {test for test in self.seconds if known & {test, _file_of(test)}}


def _record(path: Path, record: Path) -> int:
    lines = coverage.Coverage(data_file=str(record / "lines"), source_pkgs=["cadl_gui"], config_file=False)
    recorder = _Recorder(lines)
    lines.start()
    for source in _sources():  # so that no test seems to run what runs at import
        if source.parts[0] == "cadl_gui" and source.name != "__main__.py":
            import_module(".".join(source.with_suffix("").parts).removesuffix(".__init__"))
    pytest.main([*_OPTIONS, str(path)], plugins=[recorder])
    lines.stop()
    lines.save()
    (record / "seconds").write_text(json.dumps(recorder.seconds))
    return 0


def noticed(mutant: Mutant, tests: Sequence[str], seconds: float) -> str:
    """The test that fails, or another sign of failure; empty if there is none."""
    files = dict.fromkeys(map(_file_of, tests))
    _FAILED.write_text("the import of its file")
    try:
        _write(mutant.path, mutant.after)
        status = in_child(lambda: pytest.main([*_OPTIONS, "-x", *files], plugins=[_Plugin(tests)]), seconds)
    finally:
        _write(mutant.path, mutant.before)
    if status < 0:
        return "the time limit" if status == -signal.SIGALRM else f"a crash, {signal.Signals(-status).name}"
    return _FAILED.read_text() if status else ""


def in_child(work: Callable[[], int], seconds: float) -> int:
    """Call a function in a forked process with its output in a file; returns its exit status or signal."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setsid()
            signal.alarm(round(seconds))
            output = os.open(_WORK / "output", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            for stream in range(3):
                os.dup2(output, stream)
            status = int(work())
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # programs that its tests have started
    return os.waitstatus_to_exitcode(ended)


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _write(path: Path, text: str) -> None:
    (_TREE / path).write_text(text, encoding="utf-8")
    Path(cache_from_source(str(_TREE / path))).unlink(missing_ok=True)


def _copy() -> None:
    shutil.rmtree(_TREE, ignore_errors=True)
    _TREE.mkdir(parents=True)
    for path in _ROOT.iterdir():
        if path.name in {"cadl_gui", "tests"}:
            shutil.copytree(path, _TREE / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif not path.name.startswith("."):
            (_TREE / path.name).symlink_to(path)


def _sources() -> list[Path]:
    """All Python files of the program and its tests, relative to the tree."""
    paths = chain.from_iterable((_TREE / name).rglob("*.py") for name in ("cadl_gui", "tests"))
    return sorted(path.relative_to(_TREE) for path in paths if not _NOT_TESTS & {*path.parts})


def _mutants(package: Path, kinds: Collection[str], seed: int) -> Iterator[Mutant]:
    """All mutants of these files, those of each kind shuffled, one of each kind by turns."""
    paths = [path for path in _sources() if path.is_relative_to(package)]
    chosen = {kind: _KINDS[kind] for kind in kinds}
    texts = {path: (_TREE / path).read_text("utf-8") for path in paths}
    mutants = [mutant for path, text in texts.items() for mutant in mutants_of(path, text, chosen)]
    by_kind = [[mutant for mutant in mutants if mutant.kind == kind] for kind in kinds]
    for shuffled in by_kind:
        random.Random(seed).shuffle(shuffled)
    rounds = zip_longest(*(filter(_is_python, shuffled) for shuffled in by_kind))
    return (mutant for mutant in chain.from_iterable(rounds) if mutant is not None)


def _is_python(mutant: Mutant) -> bool:
    try:
        compile(mutant.after, mutant.path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def try_package(
    package: Path, records: Records, kinds: Collection[str], number: int, seed: int, seconds: float
) -> str:
    """Try mutants of a package, report each, and return summary lines: one of each kind, and one of all."""
    tried, missed = Counter[str](), Counter[str]()
    for mutant in islice(_mutants(package, kinds, seed), number):
        tests = records.tests_for(mutant, seconds)
        by = noticed(mutant, tests, 20 + 5 * sum(records.seconds[test] for test in tests)) if tests else ""
        said = f"noticed by {by}" if by else f"NOT NOTICED, tests that ran: {len(tests)}\n{mutant.diff}"
        print(f"{mutant.path}:{mutant.line}: {mutant.kind}: {said}", flush=True)
        tried[mutant.kind] += 1
        missed[mutant.kind] += not by
    by_kind = [f"{package}: {kind}: {n - missed[kind]} of {n} noticed" for kind, n in tried.items()]
    return "\n".join([*by_kind, f"{package}: {tried.total() - missed.total()} of {tried.total()} noticed"])


def main() -> None:
    """Record, mutate, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", action="append", required=True, type=Path, help="or file; repeatable")
    parser.add_argument(
        "--kind", action="append", choices=_KINDS, help="of mistake; repeatable (default: all)"
    )
    parser.add_argument("--number", type=int, default=25, help="mutants of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=math.inf, help="of tests for each mutant at most (default: no limit)"
    )
    parser.add_argument(
        "--tests", nargs="+", type=Path, default=[Path("tests")], help="those that may notice"
    )
    arguments = parser.parse_args()
    _copy()
    os.chdir(_TREE)
    sys.path[:0] = [str(_TREE), str(_TREE / "tests")]
    os.environ |= _ENVIRONMENT | {"PYTHONPATH": str(_TREE)}  # that for programs which tests start
    program = "".join((_TREE / path).read_text("utf-8") for path in _sources())
    for name in _LIBRARIES:
        if name.partition(".")[0] in program:
            import_module(name)
    files = [path for path in _sources() if path.name.startswith("test_") and "acceptance" not in path.parts]
    records = Records(path for path in files if any(map(path.is_relative_to, arguments.tests)))
    for package in arguments.package:
        how = arguments.kind or tuple(_KINDS), arguments.number, arguments.seed, arguments.seconds
        print(try_package(package, records, *how), flush=True)


if __name__ == "__main__":
    main()
