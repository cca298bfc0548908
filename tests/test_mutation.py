"""Mutation testing: the mutants that are made, and what is reported of them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from campaigns.mutants import mutants_of

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
    assert {mutant.after for mutant in mutants_of(Path("a.py"), text)} == mistakes


def test_the_difference_is_reported_with_its_line():
    (mutant,) = mutants_of(Path("a.py"), "a = b\n\nc = not d\n")
    assert (mutant.line, mutant.diff) == (3, "-c = not d\n+c = d")


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


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_what_no_test_notices_is_shown(tmp_path):
    """In a small program, whose second test notices what the first misses, except one mutant."""
    files = {"cadl_gui/__init__.py": "", "cadl_gui/grades.py": PROGRAM, "tests/conftest.py": PROFILE}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "tests" / "campaigns").mkdir()
    for name in ("mutants.py", "mutation.py"):
        shutil.copy(COMMAND / name, tmp_path / "tests" / "campaigns")

    def reported(tests):
        (tmp_path / "tests" / "test_grades.py").write_text(tests)
        command = [sys.executable, "tests/campaigns/mutation.py", "--package", "cadl_gui", "--number", "99"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    assert reported(TESTS).splitlines()[-1] == "cadl_gui: 5 of 5 noticed"
    weaker = reported(TESTS.partition("def test_at_the_limit")[0])
    assert weaker.splitlines()[-1] == "cadl_gui: 2 of 5 noticed"
    not_noticed = "NOT NOTICED, tests that ran: 1"
    assert f"grades.py:3: {not_noticed}\n-    if points >= 5:\n+    if points > 5:\n" in weaker
    assert f'grades.py:5: {not_noticed}\n-    return "failed"\n+    return None\n' in weaker
    assert (tmp_path / "cadl_gui" / "grades.py").read_text() == PROGRAM
