"""What tests of run folders and checkpoints share."""

import pytest

from cadl_gui.runs import writer


@pytest.fixture
def checkpoints_without_keras(monkeypatch):
    """What a checkpoint holds is tested elsewhere; here only when it comes and goes matters."""

    def save(path, _model, *, manifest, history, position):
        with writer.atomic_write(path) as beside:
            assert history is None, "it stands beside"
            beside.write_text(f"{manifest.name} at {position}")

    monkeypatch.setattr(writer, "save_checkpoint", save)


@pytest.fixture
def path(tmp_path):
    """A checkpoint."""
    from checkpoints import save

    save(tmp_path / "saved.keras")
    return tmp_path / "saved.keras"
