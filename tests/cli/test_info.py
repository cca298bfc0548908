"""`cadl info` on a run folder: what people read of it, and what programs do."""

import json

import pytest
from reported_runs import new_writer, reported

from cadl_gui.cli import main
from cadl_gui.domain.class_names import numbered


def info(folder, capsys, class_names, *options):
    """What is printed of a run of two epochs."""
    with new_writer(folder, class_names=class_names) as run_writer:
        for epoch in range(3):
            for event in reported(epoch):
                run_writer.write(event)
    assert main(["info", str(folder), *options]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("class_names", "line"),
    [
        (numbered(7), None),
        (("0", "1", "3"), "classes  0, 1, 3"),
        (("cat", "dog"), "classes  cat, dog"),
        (tuple(f"c{i}" for i in range(20)), "classes  " + ", ".join(f"c{i}" for i in range(20))),
        (tuple(f"c{i}" for i in range(21)), "classes  " + ", ".join(f"c{i}" for i in range(20)) + ", …"),
    ],
    ids=["numbered", "other numbers", "names", "as many as fit", "one more"],
)
def test_names_of_classes_are_shown_unless_they_are_just_numbered(tmp_path, capsys, class_names, line):
    lines = info(tmp_path / "run", capsys, class_names).splitlines()
    assert [found for found in lines if found.startswith("classes")] == ([] if line is None else [line])
    assert "dataset  Noise, images of 3×2×1" in lines
    assert next(found for found in lines if found.startswith("weights  ")).endswith("epoch 2")
    assert next(found for found in lines if found.startswith("epoch ")).startswith("epoch 2  ")


def test_json_of_a_run_holds_every_class_epoch_and_position(tmp_path, capsys):
    names = tuple(f"c{i}" for i in range(21))
    values = json.loads(info(tmp_path / "run", capsys, names, "--json"))
    assert values["class_names"] == list(names)
    assert values["image_shape"] == [3, 2, 1]
    assert [record["epoch"] for record in values["epochs"]] == [0, 1, 2]
    assert values["positions"] == [[0, 0], [0, 1], [1, 0], [2, 0]]
