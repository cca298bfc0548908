"""Fixtures for tests of run folders and checkpoints."""

import pytest

from cadl_gui.runs import writer


@pytest.fixture
def checkpoints_without_keras(monkeypatch):
    """Replaces the content of checkpoints, which is tested elsewhere; here, only their files matter."""

    def save(path, _model, *, manifest, history, position):
        with writer.atomic_write(path) as beside:
            assert history is None, "it stands beside"
            beside.write_text(f"{manifest.name} at {position}")

    monkeypatch.setattr(writer, "save_checkpoint", save)


@pytest.fixture
def path(tmp_path):
    """The path of a checkpoint."""
    from checkpoints import save

    save(tmp_path / "saved.keras")
    return tmp_path / "saved.keras"
