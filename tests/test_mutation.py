"""Mutation testing: the mutants that are made, and what is reported of them."""

import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from campaigns.mutants import mutants_of, operator
from campaigns.oversights import KINDS

COMMAND = Path(__file__).parent / "campaigns"


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("x = a < b", {"x = a <= b"}),
        ("x = a is  not b", {"x = a is b"}),
        ("x = ä + -b", {"x = ä - -b", "x = ä + b"}),
        ("x = (a) and not (b)", {"x = (a) or not (b)", "x = (a) and b"}),
        ("def f(a: 'int' = 3) -> 4: return a", {
            "def f(a: 'int' = 4) -> 4: return a", "def f(a: 'int' = 3) -> 4: return None",
        }),
        ("f(a, *b, c=1, d='said')", {"pass", "f(a, *b, d='said')", "f(a, *b, c=2, d='said')"}),
        ("f(a, a)", {"pass"}),
        ("f(max(a, b))", {"pass", "f(min(a, b))", "f(max(b, a))"}),
        ("x = [a for a in b if a]", {"x = [a for a in b if True]"}),
        ("if a: raise ValueError(1 + 2)", {"if not (a): raise ValueError(1 + 2)", "if a: pass"}),
        ("x = f'{a + 1}' + b", set()),
        ("if TYPE_CHECKING: x = 1", set()),
    ],
)  # fmt: skip
def test_a_mistake_is_one_that_a_person_could_make(text, mistakes):
    assert {mutant.after for mutant in mutants_of(Path("a.py"), text, {"operator": operator})} == mistakes


@pytest.mark.parametrize(
    ("kind", "text", "mistakes"),
    [
        ("forgotten-reset", """
            def start(self):
                self._found, self._n = [], 0
                self._cache.clear()
                self._letter = "b"
                found = []
            """, [("self._found, self._n = [], 0", "pass"), ("self._cache.clear()", "pass")]),
        ("forgotten-reset", "def __init__(self): self._found = []", []),
        ("stale-cache", "if size != self._size: self._scale()", [("size != self._size", "False")]),
        ("stale-cache", "self._forget(run)", [("self._forget(run)", "pass")]),
        ("stale-cache", "x = cache[run, epoch]", [("[run,", "[None,"), ("epoch", "None")]),
        ("stale-cache", "key = run, epoch", [("run", "None"), ("epoch", "None")]),
        ("swapped-index", "x = a[i, j] + b['i', j, k]", [("[i, j]", "[j, i]"), ("['i', j", "[j, 'i'")]),
        ("swapped-index", "kept: dict[str, int] = dict[str, float]()", []),
        ("swapped-index", "x = f(a, s.height, s.width)", [("height, s.width", "width, s.height")]),
        ("swapped-index", "for row, column in a: pass", [("row, column", "column, row")]),
        ("swapped-index", "a.mean(axis=0)", [("0", "1")]),
        ("swapped-index", "n = a.shape[1]", [("1", "0")]),
        ("swapped-index", "x = a.epoch + a.step() + a.step.b", [("epoch", "step")]),
        ("missing-guard", """
            def f(a):
                if a is None:
                    return 1
                if a > 2:
                    a = 2
                return max(0, a)
            """, [("a is None", "False"), ("max(0, a)", "(a)")]),
        ("missing-guard", "x = a and b", [("a and b", "(b)"), ("a and b", "(a)")]),
        ("missing-guard", "while True:\n if a or b: break", [("a or b", x) for x in ("False", "(a)", "(b)")]),
        ("wrong-neighbour", "x = a[0] + b[-1] + c[i]", [("0", "-1"), ("-1", "0"), ("[i]", "[i - 1]")]),
        ("wrong-neighbour", "x = a['0'] + b[run]", []),
        ("wrong-neighbour", "x = a + 1", [("a + 1", "(a)")]),
        ("wrong-neighbour", "x = a[::-1]", [("-1", "1")]),
        ("wrong-neighbour", "x = list(reversed(a))", [("reversed(a)", "iter(a)")]),
        ("wrong-neighbour", "x = max(a)", [("max", "min")]),
        ("wrong-neighbour", "x = a.first\ny = a.newest", []),
        ("wrong-neighbour", "x = a.first\nlast = 1", [("first", "last")]),
        ("dropped-rest", "x = -(-a // n)", [("-(-a // n)", "(a // n)")]),
        ("dropped-rest", "x = (a + n - 1) // n", [("(a + n - 1) // n", "(a // n)")]),
        ("dropped-rest", "x = math.ceil(a / n)", [("ceil", "floor")]),
        ("dropped-rest", "for i in range(1, n): pass", [("n)", "(n) - 1)")]),
        ("dropped-rest", "for a in self.series: pass", [("self.series", "tuple(self.series)[:-1]")]),
        ("dropped-rest", "x = a[:n] + a[n:]", [("[:n]", "[:(n) - 1]"), ("[n:]", "[(n) + 1:]")]),
        ("dropped-rest", """
            def batches(a):
                while a:
                    yield a.pop()
                if rest:
                    yield rest
            """, [("rest:", "False:")]),
        ("outdated-answer", "if run_id == self._run_id and ok: show()", [("run_id == self._run_id", "True")]),
        ("outdated-answer", "if answer.position is not position: pass", [
            ("answer.position is not position", "False"),
        ]),
        ("outdated-answer", "if self._holds(answer): show()", [("self._holds(answer)", "True")]),
        ("outdated-answer", "x = store if store.is_current else None", [("store.is_current", "True")]),
        ("outdated-answer", "if self._run_id is None or a == b: pass", []),
    ],
)  # fmt: skip
def test_a_mistake_of_a_kind_is_one_that_a_developer_in_a_hurry_makes(kind, text, mistakes):
    text = dedent(text)
    made = list(mutants_of(Path("a.py"), text, {kind: KINDS[kind]}))
    assert {mutant.after for mutant in made} == {text.replace(was, now, 1) for was, now in mistakes}
    assert {mutant.kind for mutant in made} <= {kind}


def test_what_two_kinds_have_in_common_is_one_mutant():
    text = "if answer.run != self._run: raise Outdated"
    both = [
        mutant.kind for mutant in mutants_of(Path("a.py"), text, KINDS) if mutant.after.startswith("if False")
    ]
    assert both == ["outdated-answer"]
    (guard,) = mutants_of(Path("a.py"), text, {"missing-guard": KINDS["missing-guard"]})
    assert guard.after == "if False: raise Outdated"


def test_the_difference_is_reported_with_its_line():
    (mutant,) = mutants_of(Path("a.py"), "a = b\n\nc = not d\n", {"operator": operator})
    assert (mutant.line, mutant.kind, mutant.diff) == (3, "operator", "-c = not d\n+c = d")


PROGRAM = """
def grade(points):
    if points >= 5:
        return "passed"
    return "failed"
"""
TESTS = """
from cadl_gui.grades import grade

def test_many_points():
    assert grade(9) == "passed"

def test_at_the_limit():
    assert grade(5) == "passed"
    assert grade(4) == "failed"
"""
PROFILE = "import hypothesis\nhypothesis.settings.register_profile('cadl')\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_what_no_test_notices_is_shown(tmp_path):
    """In a small program, whose second test notices what the first misses, except one mutant."""
    files = {"cadl_gui/__init__.py": "", "cadl_gui/grades.py": PROGRAM, "tests/conftest.py": PROFILE}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "tests" / "campaigns").mkdir()
    for name in ("mutants.py", "mutation.py", "oversights.py"):
        shutil.copy(COMMAND / name, tmp_path / "tests" / "campaigns")

    def reported(tests, *options):
        (tmp_path / "tests" / "test_grades.py").write_text(tests)
        command = [sys.executable, "tests/campaigns/mutation.py", "--package", "cadl_gui", "--number", "99"]
        command += options
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    assert reported(TESTS).splitlines()[-3:] == [
        "cadl_gui: missing-guard: 1 of 1 noticed",
        "cadl_gui: operator: 5 of 5 noticed",
        "cadl_gui: 6 of 6 noticed",
    ]
    weaker = reported(TESTS.partition("def test_at_the_limit")[0], "--kind", "operator")
    assert weaker.splitlines()[-1] == "cadl_gui: 2 of 5 noticed"
    not_noticed = "NOT NOTICED, tests that ran: 1"
    assert f"grades.py:3: operator: {not_noticed}\n-    if points >= 5:\n+    if points > 5:\n" in weaker
    assert f'grades.py:5: operator: {not_noticed}\n-    return "failed"\n+    return None\n' in weaker
    assert (tmp_path / "cadl_gui" / "grades.py").read_text() == PROGRAM
