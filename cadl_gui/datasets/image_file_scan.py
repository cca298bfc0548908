"""Image files in a folder or a `.zip` archive, by the conventions of Keras and Hugging Face.

Sub-folders are classes; `train`, `validation`, `test` and the like are parts; a `metadata.csv` or
`metadata.jsonl` with the columns `file_name` and `label` labels the images instead.
"""

from collections.abc import Sequence
from pathlib import Path

from cadl_gui.datasets.image_layout import laid_out
from cadl_gui.datasets.metadata_labels import METADATA_NAMES, MOST_METADATA_BYTES, read_metadata
from cadl_gui.datasets.preparing.found_files import files_below, is_hidden, state_of, state_of_files
from cadl_gui.datasets.preparing.image_decoder import SkippedImageError
from cadl_gui.datasets.preparing.image_task import FileMember, Member, image_tasks
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.zip_member import zip_members
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.domain.import_report import Note
from cadl_gui.domain.preparing_options import DEFAULT_SIZE, PreparingOptions
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.words import _


def scan_image_files(path: Path, options: PreparingOptions) -> Scan:
    """Find image files.

    Args:
        path: path of a folder or a ZIP archive.

    Raises:
        DatasetError: if there are none, or the folder or archive cannot be read.
    """
    path = path.absolute()
    if path.is_dir():
        found, folder = files_below(path), str(path)
        files: Sequence[Member] = [FileMember(folder, file.name, file.n_bytes) for file in found.files]
        notes = tuple(
            Note("skipped", name, _("cannot be read: {why}").format(why=why))
            for name, why in found.unreadable
        )
        return _scan(path, options, state_of_files(found.files), files, notes)
    files = [member for member in zip_members(path) if not is_hidden(member.name)]
    return _scan(path, options, state_of(path), files)


def _scan(
    path: Path, options: PreparingOptions, state: str, files: Sequence[Member], notes: tuple[Note, ...] = ()
) -> Scan:
    members = {file.name: file for file in files if _is_image(file.name)}
    tables = {file.name: file for file in files if file.name.rpartition("/")[2] in METADATA_NAMES}
    if not members:
        unread = (
            _(", and {sub_folders} of it cannot be read").format(
                sub_folders=count_text(len(notes), "sub-folder")
            )
            if notes
            else ""
        )
        raise DatasetError(_("“{path}” holds no image files{unread}.").format(path=path, unread=unread))
    try:
        metadata, guesses = read_metadata(tables, lambda name: _read_table(tables[name]), members)
        layout = laid_out(list(members), options.limit, metadata)
    except DatasetError as error:
        raise DatasetError(_("“{path}” cannot be used. {error}").format(path=path, error=error)) from error
    others = len(files) - len(members) - len(tables)
    if others:
        guesses = (
            *guesses,
            _("{other_files} left out.").format(other_files=count_text(others, "other file")),
        )
    size = options.size or DEFAULT_SIZE
    shape = (size, size, 1 if options.grey else 3)
    preview = Preview(
        len(layout.names), shape, layout.class_names, layout.n_test, (*guesses, *layout.guesses),
        layout.n_validation,
    )  # fmt: skip
    return Scan(
        path=path,
        options=options,
        preview=preview,
        state=state,
        names=layout.names,
        labels=layout.labels,
        tasks=lambda: image_tasks((members[name] for name in layout.names), options, shape),
        notes=notes,
    )


def _is_image(name: str) -> bool:
    return name.lower().endswith(IMAGE_SUFFIXES)


def _read_table(table: Member) -> bytes:
    if table.n_bytes > MOST_METADATA_BYTES:
        raise DatasetError(
            _("“{name}” is too large: at most {most_metadata_bytes} are read.").format(
                name=table.name, most_metadata_bytes=megabytes(MOST_METADATA_BYTES)
            )
        )
    try:
        return table.read()
    except SkippedImageError as error:
        raise DatasetError(f"“{table.name}” {error}.") from error
