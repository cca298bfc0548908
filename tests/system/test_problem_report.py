"""The report contains what helps to find a problem, and no more."""

import zipfile
from pathlib import Path

import pytest

from cadl_gui import __version__
from cadl_gui.system.problem_report import write_report


@pytest.fixture
def log(tmp_path):
    log = tmp_path / "cadl_gui.log"
    log.write_text(f"ERROR “{Path.home() / 'secret'}” could not be opened\n", encoding="utf-8")
    (tmp_path / "cadl_gui.log.1").write_text("older", encoding="utf-8")
    (tmp_path / "cadl_gui.crash.log").write_bytes(b"Fatal Python error \xff")
    (tmp_path / "other.txt").write_text("private", encoding="utf-8")
    return log


def test_report_holds_the_logs_and_the_facts_and_nothing_else(tmp_path, log):
    path = tmp_path / "report.zip"
    write_report(path, log, {"tab": "drawTab"})
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(texts) == ["cadl_gui.crash.log", "cadl_gui.log", "cadl_gui.log.1", "facts.txt"]
    assert texts["cadl_gui.crash.log"].startswith("Fatal Python error")
    facts = dict(line.split(": ", 1) for line in texts["facts.txt"].splitlines())
    assert facts["CADL"] == __version__
    assert facts["tab"] == "drawTab"
    assert facts["numpy"] != "not installed"
    assert "threads" in facts["processor"]


def test_the_home_folder_which_has_the_users_name_is_not_reported(tmp_path, log):
    write_report(tmp_path / "report.zip", log, {"opened": str(Path.home() / "run")})
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        for name in archive.namelist():
            assert str(Path.home()) not in archive.read(name).decode()
        assert "~" in archive.read("cadl_gui.log").decode()


@pytest.mark.parametrize("quoted", [str, repr])
def test_the_home_folder_of_windows_is_not_reported_either(tmp_path, monkeypatch, quoted):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, r"C:\Users\Ada Lovelace")
    log = tmp_path / "cadl_gui.log"
    log.write_text(f"No such file: {quoted(str(Path.home()) + chr(92) + 'run')}", encoding="utf-8")
    write_report(tmp_path / "report.zip", log, {})
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert "Lovelace" not in archive.read("cadl_gui.log").decode()


def test_without_a_log_there_are_still_the_facts(tmp_path):
    write_report(tmp_path / "report.zip", Path("standard error"), {})
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert archive.namelist() == ["facts.txt"]


def test_where_it_cannot_be_written_nothing_is_left(tmp_path, log):
    with pytest.raises(OSError, match="No such file"):
        write_report(tmp_path / "none" / "report.zip", log, {})
