"""Runs have distinct letters and names, and the run that was removed last can be restored."""

from pathlib import Path

from fakes import description

from cadl_gui.domain.history import History
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_list import RunList


def run(run_id):
    return Run("", description(run_id, preset("softmax").config), History(10))


def list_of(*run_ids):
    runs = RunList()
    for run_id in run_ids:
        runs.add(run(run_id))
    return runs


def test_a_run_that_comes_back_has_its_place_and_its_letter_and_others_have_not():
    runs = list_of("a", "b")
    first = runs.find("a")
    runs.remove(first)
    runs.add(run("c"))
    assert runs.restore() is first
    assert [(run.run_id, run.letter) for run in runs] == [("a", "A"), ("b", "B"), ("c", "C")]
    assert runs.restore() is None, "it is back"


def test_no_two_of_many_runs_have_the_same_letters():
    letters = [run.letter for run in list_of(*map(str, range(60)))]
    assert len(set(letters)) == 60
    assert letters[22:26] == ["Y", "Z", "AA", "AB"]
    runs = list_of(*map(str, range(28)))
    runs.remove(runs.find("1"))
    runs.restore()
    assert [run.letter for run in runs][:3] == ["A", "B", "C"], "not behind AA"


def test_a_run_has_the_letters_of_another_time_unless_they_are_taken_or_are_none():
    runs = list_of("a")
    for letters, expected in (("C", "C"), ("C", "D"), ("I", "E"), ("", "F"), ("AB", "AB"), ("ZZZ", "AC")):
        assert runs.expect(letters, "name", Path("path"), letters).letter == expected


def test_letters_of_another_time_are_free_once_their_run_is_gone_also_for_one_that_comes_back():
    """The runs of a session that was opened again had other letters each time, and other colours."""
    runs = list_of("a", "b", "c", "d")
    for removed in ("b", "c"):
        runs.remove(runs.find(removed))
    runs.expect("e", "name", Path("path"), "C")
    runs.expect("f", "name", Path("path"), "B")
    assert [(run.run_id, run.letter) for run in runs.listed] == [*zip("afed", "ABCD", strict=True)]
    assert runs.restore().letter == "E", "another has its letter by now"
    assert [run.run_id for run in runs.listed] == [*"afedc"]
    runs.add(run("g"))
    assert runs.last.letter == "F"


def test_only_the_last_one_that_was_taken_off_can_come_back():
    runs = list_of("a", "b")
    first, second = runs
    assert runs.remove(first) is None
    assert runs.last is second
    assert runs.remove(second) is first
    assert runs.last is None
    assert runs.restore() is second


def test_a_name_that_is_taken_gets_the_next_number():
    runs = list_of("a")
    (first,) = runs
    taken = first.description.name
    assert runs.unique_name("another") == "another"
    assert runs.unique_name(taken) == f"{taken} 2"
    runs.add(Run("", description("b", preset("vae").config), History(10)))
    assert runs.unique_name(f"{taken} 7") == f"{taken} 7"


def test_no_two_runs_have_one_key_also_while_one_of_them_is_removed():
    """A click on one showed the other, once the removed run was back beside the copy of its folder."""
    runs = list_of("a", "b")
    first, second = runs
    runs.give_key("a", "id:1")
    runs.give_key("a", "id:2")
    assert runs.key(first) == "id:1", "it has one already"
    runs.remove(first)
    for run_id in ("c", "d"):
        runs.add(run(run_id))
        runs.give_key(run_id, "id:1")
    assert runs.keys == ("b", "c", "d")
    assert runs.find_key("id:1") is None
    runs.restore()
    assert runs.keys == ("id:1", "b", "c", "d")
    assert runs.find_key("id:1") is first
    runs.remove(second)
    runs.remove(first)
    runs.add(run("e"))
    runs.give_key("e", "b")
    assert runs.keys == ("c", "d", "b"), "the run that cannot come back any more leaves its key"
