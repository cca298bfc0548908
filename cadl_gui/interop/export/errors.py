"""Errors of exports, as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cadl_gui.domain.errors import ExportError
from cadl_gui.domain.exports import Format
from cadl_gui.system.words import _


@contextmanager
def as_one_message(export_format: Format, path: Path) -> Iterator[None]:
    """Convert errors of this block to one that names the path.

    Raises:
        ExportError: if the block fails to write, or a library is missing.
    """
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as error:  # TensorFlow's counterpart of OSError
        # The first line says why; what follows says where in the library, with the path of a temporary file.
        reason = error.message.partition("\n")[0].rpartition("; ")[2].partition(" [Op:")[0].rstrip(".")
        raise ExportError(
            _("“{path}” cannot be written: {reason}.").format(path=path, reason=reason)
        ) from error
    except ImportError as error:
        raise ExportError(
            _("{label} cannot be written: the library {name} is missing.").format(
                label=export_format.label, name=error.name
            )
        ) from error
    except OSError as error:
        raise ExportError(
            _("“{path}” cannot be written: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
