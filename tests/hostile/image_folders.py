"""Malicious folders of images, and the files of metadata in them."""

import functools
import json
import os
from pathlib import Path

from hostile import image_files
from hostile.forgeries import CANARY
from hostile.kind import PIPE, Content, Files, Hole
from hostile.mutations import Random

_TINY = image_files.tiny_png()

# --- metadata ---


def paths_elsewhere(random: Random, data: bytes) -> bytes:
    """Names that are absolute, lead out of the folder, or to another computer."""
    names = (
        f"/tmp/{CANARY}/a.png", "../../a.png", f"\\\\{CANARY}.invalid\\a.png", f"http://{CANARY}.invalid/a.png",
        f"file:///tmp/{CANARY}/a", "~/a.png", "", ".", "a\0.png", "\u202ea.png",
    )  # fmt: skip
    name = names[random.integers(len(names))]
    if data.startswith(b"{"):
        return data + json.dumps({"file_name": name, "label": 0}).encode() + b"\n"
    return data + name.encode() + b",a\n"


def very_many_rows(random: Random, data: bytes) -> bytes:
    """A million lines, ten million, or one endless line; most of them about no image."""
    return _rows(int(random.integers(11)), is_lines=data.startswith(b"{"))


@functools.cache
def _rows(way: int, *, is_lines: bool) -> bytes:
    if is_lines:
        ways = (
            lambda: b"".join(b'{"file_name": "%d.png", "label": 1}\n' % i for i in range(1_000_000)),
            lambda: b"{}\n" * 16_000_000,
            lambda: b"\n" * 2**26,
            lambda: b'{"file_name": "a.png", "label": [' + b"0," * 20_000_000 + b"0]}\n",
            lambda: b'{"file_name": "a.png", "label": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n",
            lambda: b"".join(b'{"file_name": "%d.png", "%d": 1}\n' % (i, i) for i in range(100_000)),
        )
        return ways[way % len(ways)]()
    columns = ",".join(f"c{i}" for i in range(1_000_000)).encode()
    ways = (
        lambda: b"file_name,label\n" + b"".join(b"%d.png,1\n" % i for i in range(1_000_000)),
        lambda: b"file_name,label\n" + b"a,b\n" * 16_000_000,
        lambda: b"file_name,label\n" + b"\n" * 60_000_000,
        lambda: b"file_name,label" + b"," * 60_000_000 + b"\n",
        lambda: b"file_name," + columns + b"\n" + b"a.png" + b",1" * 1_000_000 + b"\n",
        lambda: b'file_name,label\n"' + b"x" * 60_000_000,
        lambda: b"file_name," + b"l" * 120_000 + b"\na.png,1\n",
        lambda: b"file_name,label\na.png," + b"9" * 100_000 + b"\n",
        lambda: b"file_name,label\n" + b"".join(b"%d.png,c%d\n" % (i, i) for i in range(100_000)),
        lambda: b"file_name,label\n" + "a.png,\U0001f600\n".encode() * 5_000_000,
        lambda: b"\xff\xfef\0i\0l\0e\0",
    )
    return ways[way]()


def strange_labels(random: Random, data: bytes) -> bytes:
    """Labels that are no text, very long, or not the same kind everywhere."""
    labels = (
        "\ud800", "\udcff", "\u202eabc", "a\nb", "\0", "x" * 5000, "9" * 5000, "²", "４", "-1", "4096",
        "nan", "", " ",
        None, True, 1e308, [], {"a": 1}, "<b>bold</b>", "%s%n", "{0.__class__}",
    )  # fmt: skip
    label = labels[random.integers(len(labels))]
    if data.startswith(b"{"):
        lines = [json.loads(line) for line in data.splitlines()]
        lines[random.integers(len(lines))]["label"] = label
        return "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    rows = data.decode().splitlines()
    i = 1 + int(random.integers(len(rows) - 1))
    rows[i] = f'{rows[i].split(",")[0]},"{label}"'
    return "\n".join(rows).encode("utf-8", "surrogatepass")


METADATA = (paths_elsewhere, very_many_rows, very_many_rows, strange_labels, strange_labels)


# --- whole folders ---

_SCRIPTS = (
    "ñandú", "猫", "сова", "קוף", "قرد", "😀", "a\u202ep", "e\u0301", "a\nb", "a\tb", " ", "a\x1b[31m", "-rf",
    "~", "%s",
    "a:size=32", "CON", "a" * 240, "\u200b", "'\"`$(touch executed)", os.fsdecode(b"\xff\xfe\x80"),
    "\\\\host\\x",
)  # fmt: skip


def names_in_any_script(random: Random, files: Files) -> dict[str, Content]:
    """Names of files and folders in other scripts, with control characters, and in no encoding at all."""
    changed: dict[str, Content] = {}
    for name, data in files.items():
        folder, _, last = name.rpartition("/")
        folder = _SCRIPTS[random.integers(len(_SCRIPTS))] if folder else ""
        last = (
            last
            if "metadata" in last
            else f"{_SCRIPTS[random.integers(len(_SCRIPTS))]}{len(changed)}{last[-5:]}"
        )
        changed[f"{folder}/{last}" if folder else last] = data
    return changed


def links(random: Random, files: Files) -> dict[str, Content]:
    """Links out of the folder, to devices, to the whole disk, to itself, and to nowhere."""
    targets = (
        "/", "..", ".", "/proc", "/dev", "/dev/zero", "/dev/tty", "/dev/full", "/etc/passwd",
        f"/tmp/{CANARY}/x",
        "/proc/self/mem", "/proc/self/fd", "/sys", "nowhere", "a", "/root", "/usr/share",
    )  # fmt: skip
    changed = dict(files)
    for i in range(int(random.integers(1, 4))):
        target = targets[random.integers(len(targets))]
        name = ("link", "link.png", "train", "metadata.csv", "a/link.jpg")[random.integers(5)]
        if name.split("/")[0] in {each.split("/")[0] for each in changed}:
            name = f"link-{i}.png"
        changed[name] = Path(target)
    return changed


def pipes(random: Random, files: Files) -> dict[str, Content]:
    """Pipes where images, metadata and other files are expected."""
    return dict(files) | {
        name: PIPE for name in ("pipe.png", "metadata.jsonl", "pipe", "run.json") if random.random() < 0.5
    }


def very_many_files(random: Random, files: Files) -> dict[str, Content]:
    """Thousands of files or of classes, or folders in folders."""
    ways = (
        lambda: {f"{i}.png": b"" for i in range(3000)},
        lambda: {f"{i}/a.png": _TINY for i in range(4200)},
        lambda: {f"{i}.png": _TINY for i in range(1000)},
        lambda: {f"{'a/' * 300}b.png": _TINY, "b.png": _TINY},
        lambda: {f"{i}.png": image_files.png_bomb() for i in range(4)},
    )
    return ways[random.integers(len(ways))]()


def endless_files(random: Random, files: Files) -> dict[str, Content]:
    """Files of zeros that take no space, as large as no disk is."""
    size = int(random.choice([2**26, 2**27, 2**27 + 1, 2**40]))
    name = ("zeros.png", "metadata.csv", "metadata.jsonl", "other.txt")[random.integers(4)]
    return dict(files) | {name: Hole(size)}


def large_images(random: Random, files: Files) -> dict[str, Content]:
    """One image as large as is read, of any kind."""
    return dict(files) | {"zz/large.png": image_files.large(random, b"")}


WHOLES = (
    names_in_any_script,
    names_in_any_script,
    links,
    links,
    pipes,
    very_many_files,
    endless_files,
    large_images,
)
