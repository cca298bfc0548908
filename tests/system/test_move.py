"""A move never replaces what is at the place."""

import pytest

from cadl_gui.system.move import move_to_free_place


@pytest.fixture(params=["file", "folder"])
def source(request, tmp_path):
    path = tmp_path / "old" / "source"
    path.parent.mkdir()
    if request.param == "file":
        path.write_text("old")
    else:
        path.mkdir()
        (path / "inside").write_text("old")
    return path


def tree(folder):
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else path.is_symlink()
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("occupant", ["file", "empty file", "folder", "empty folder", "link to nothing"])
def test_whatever_is_at_the_place_stays(source, tmp_path, occupant):
    target = tmp_path / "target"
    match occupant:
        case "file" | "empty file":
            target.write_text("new" if occupant == "file" else "")
        case "folder" | "empty folder":
            target.mkdir()
            if occupant == "folder":
                (target / "inside").write_text("new")
        case _:
            target.symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)
    for _ in range(2):
        with pytest.raises(FileExistsError):
            move_to_free_place(source, target)
        assert tree(tmp_path) == before


def test_what_moves_is_whole_and_leaves_its_place(source, tmp_path):
    before = {name.replace("old/source", "target"): value for name, value in tree(tmp_path).items()}
    move_to_free_place(source, tmp_path / "target")
    assert tree(tmp_path) == before


def test_a_move_that_fails_leaves_no_trace(source, tmp_path):
    before = tree(tmp_path)
    with pytest.raises(FileNotFoundError):
        move_to_free_place(source.with_name("missing"), tmp_path / "target")
    assert tree(tmp_path) == before
    if source.is_dir():
        with pytest.raises(OSError, match="Invalid argument"):
            move_to_free_place(source, source / "itself")
        assert tree(tmp_path) == before
