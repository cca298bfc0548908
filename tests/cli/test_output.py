"""Output is printed with any names, encodings and streams; if that fails, there is an error message."""

import argparse
import json
import os
import shutil
import subprocess
import sys

import pytest

from cadl_gui.cli import main
from cadl_gui.cli.output import emit
from cadl_gui.system.resources import shipped_run

LONG = "x" * 300


@pytest.fixture
def run_named(tmp_path):
    """Creates a run with this name."""

    def make(name, folder="run"):
        path = tmp_path / folder
        shutil.copytree(shipped_run("softmax"), path)
        manifest = json.loads((path / "run.json").read_text(encoding="utf-8"))
        (path / "run.json").write_text(json.dumps(manifest | {"name": name}), encoding="utf-8")
        return path

    return make


def cadl(*arguments, encoding="utf-8", **options):
    """Run the command line in a separate process; returns status, standard output and error as bytes."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", "import sys; from cadl_gui.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, *arguments], env=environment, stderr=subprocess.PIPE, check=False,
        **({"stdout": subprocess.PIPE} | options),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("encoding", "quoted"), [("utf-8", "“ω”"), ("latin-1", '"\\u03c9"'), ("ascii", '"\\u03c9"')]
)
def test_every_encoding_shows_everything(run_named, encoding, quoted):
    """UTF-8 unchanged; others with escapes."""
    status, output, error = cadl("info", str(run_named("ω")), encoding=encoding)
    assert (status, error) == (0, b"")
    assert output.decode(encoding).startswith(f"run {quoted}, made 2")


@pytest.mark.parametrize("command", [["presets"], ["presets", "--json"], ["--help"], ["train", "--help"]])
def test_every_text_of_ours_can_be_printed_in_ascii(command):
    status, output, error = cadl(*command, encoding="ascii")
    assert (status, error) == (0, b"")
    assert output


def test_a_name_that_is_no_text_is_shown_all_the_same(run_named):
    """Half of a surrogate pair, which no encoding can represent."""
    status, output, error = cadl("info", str(run_named("\ud800")))
    assert (status, error) == (0, b"")
    assert output.startswith("run “\\ud800”".encode())


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "\x07", "\u202e", "\x9b31m"], ids=ascii)
def test_a_terminal_shows_names_and_does_not_obey_them(run_named, tmp_path, capsys, name):
    """The names of a run, of an existing file and of a missing one."""
    escaped = name.encode("unicode_escape").decode()
    paths = [run_named(name), run_named("x", folder=name), tmp_path / f"{name}.keras"]
    printed = []
    for path in paths:
        main(["info", str(path)])
        printed.append("".join(capsys.readouterr()))
        assert escaped in printed[-1] or path is paths[1]
        assert name not in printed[-1]
    assert len(printed[2].splitlines()) == 1
    main(["evaluate", str(paths[1] / name)])
    error = capsys.readouterr().err
    assert escaped in error
    assert len(error.splitlines()) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no disk that is always full")  # noqa: PTH110
@pytest.mark.parametrize("command", [["info", "softmax"], ["presets"], ["--version"], ["train", "--help"]])
def test_a_full_disk_is_one_message(command):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        status, _, error = cadl(*command, stdout=full)
    assert status == 1
    assert error.decode() == "The output cannot be written: No space left on device.\n"


@pytest.mark.tf
@pytest.mark.skipif(sys.platform == "win32", reason="there is no shell that closes streams")
@pytest.mark.slow
def test_a_closed_standard_error_is_no_error():
    """As under some schedulers: commands work, and no complaint is among the results."""
    command = [sys.executable, "-m", "cadl_gui.cli"]
    closing = ["sh", "-c", 'exec "$@" 2>&-', "sh", *command]
    done = subprocess.run([*closing, "evaluate", "softmax"], stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith(b"test  ")
    done = subprocess.run([*closing, "evaluate", "nothing.keras"], stdout=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_closed_pipe_prints_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    status, _, error = cadl("presets", stdout=writing)
    os.close(writing)
    assert (status, error) == (1, b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ["info", LONG],
        ["evaluate", LONG],
        ["train", "softmax", "--run", LONG],
        ["train", "--run", LONG, "--resume"],
        ["train", "softmax", "--dataset", LONG],
        ["classify", "softmax", LONG],
        ["render", "vae", "--what", "path", "--path", LONG, "-o", "x.gif"],
        ["import-tf", LONG, "-o", "x.keras"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]) if arguments[1] != LONG else arguments[0],
)
@pytest.mark.tf
def test_a_name_that_no_file_can_have_is_one_message(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) in {1, 2}
    printed = capsys.readouterr()
    assert printed.out == ""
    (message,) = printed.err.splitlines()
    assert "File name too long" in message or "There is no" in message


def test_a_number_that_json_lacks_is_null(capsys):
    """The metrics of a training that diverges: at every depth, and those beside it as they are."""
    nan, infinity = float("nan"), float("inf")
    test = {"accuracy": 0.5, "loss": infinity}
    emit(argparse.Namespace(json=True), loss=nan, test=test, all=(1, -infinity))

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    said = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert said == {"loss": None, "test": {"accuracy": 0.5, "loss": None}, "all": [1, None]}
