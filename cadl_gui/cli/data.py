"""`cadl data`: prepares datasets, shows what is in them, and lists and removes those that are prepared."""

import argparse
import shlex
import subprocess
import sys
from typing import Any

from cadl_gui.cli.data_preparing import prepare_with_progress
from cadl_gui.cli.number_range import int_range
from cadl_gui.cli.output import add_json_option, class_lines, emit, message
from cadl_gui.datasets.load import cached_path, find_source, scan
from cadl_gui.datasets.preparing.cache import datasets_folder, find_prepared, is_current, prepared_datasets
from cadl_gui.datasets.preparing.claim import remove_half_prepared
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.dataset_library import PreparedDataset
from cadl_gui.domain.dataset_source import DatasetScan, Preview, dataset_help
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.domain.preparing_options import (
    PreparingOptions,
    dataset_text,
    parse_options,
    split_dataset_text,
)
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.home import cache_complaint
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("data", help=_("prepare datasets, and look into them"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    preparing = actions.add_parser("prepare", help=_("decode the images of a dataset into the cache"))
    _add_path(preparing)
    _add_options(preparing)
    preparing.add_argument(
        "--workers",
        metavar="N",
        type=int_range(1, 256),
        help=_("processes; by default one for each processor"),
    )
    add_json_option(preparing)
    preparing.set_defaults(run=_prepare)
    info = actions.add_parser("info", help=_("show what is in a dataset, without decoding it"))
    _add_path(info)
    _add_options(info)
    add_json_option(info)
    info.set_defaults(run=_info)
    listing = actions.add_parser("list", help=_("list the prepared datasets, the oldest first"))
    add_json_option(listing)
    listing.set_defaults(run=_list)
    removing = actions.add_parser("remove", help=_("remove prepared datasets; the files stay as they are"))
    which = removing.add_mutually_exclusive_group(required=True)
    which.add_argument("path", metavar="PATH", nargs="?", help=_("the dataset that they were prepared from"))
    which.add_argument("--oldest", metavar="N", type=int_range(1, 10_000), help=_("the N oldest ones"))
    which.add_argument("--all", action="store_true", help=_("all of them"))
    add_json_option(removing)
    removing.set_defaults(run=_remove)


def _add_path(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help=dataset_help(SOURCES))


def _add_options(parser: argparse.ArgumentParser) -> None:
    for name, about in fields_of(PreparingOptions).items():
        flag = f"--{name.replace('_', '-')}"
        told = _(about.help)
        text = told[0].lower() + told[1:].rstrip(".")
        if about.kind == "bool":
            parser.add_argument(flag, action="store_const", const="on", help=text)
        else:
            metavar = {"int": "N", "float": "X", "choice": "|".join(about.choices)}.get(about.kind, "NAME")
            parser.add_argument(flag, metavar=metavar, help=text)


def _asked(arguments: argparse.Namespace) -> str:
    """The dataset with its options, as a configuration names it.

    Raises:
        ConfigurationError: if an option is not valid.
    """
    path, options = split_dataset_text(arguments.path)
    given = {name: getattr(arguments, name) for name in fields_of(PreparingOptions)}
    changed = options.changed | {name: text for name, text in given.items() if text is not None}
    return dataset_text(path, parse_options(changed))


def _prepare(arguments: argparse.Namespace) -> None:
    """Prepare a dataset, and print what happened to its files.

    Raises:
        UserError: if it was changed meanwhile, or what is prepared would be gone with this command.
    """
    dataset = _asked(arguments)
    found = scan(dataset)
    if found is None:
        message(
            arguments,
            _("“{dataset}” is opened as it is: there is nothing to prepare.").format(dataset=dataset),
        )
        if arguments.json:
            emit(arguments, dataset=dataset, prepared=False)
        return
    if complaint := cache_complaint():
        raise UserError(complaint)
    report = prepare_with_progress(found, arguments.workers)
    prepared = find_prepared(found.path, found.options)
    if prepared is None:
        raise UserError(
            _("“{path}” was changed while it was prepared: prepare it again.").format(path=found.path)
        )
    emit(
        arguments,
        str(report),
        *report.lines,
        _("train it with --dataset {dataset}").format(dataset=_as_argument(dataset)),
        dataset=dataset,
        prepared=True,
        **_values(prepared),
    )


def _as_argument(text: str) -> str:
    """Text as it is typed in the system's shell: the name of a folder may have spaces."""
    return subprocess.list2cmdline([text]) if sys.platform == "win32" else shlex.quote(text)


def _info(arguments: argparse.Namespace) -> None:
    """Print what is in a dataset, and whether it is prepared."""
    dataset = _asked(arguments)
    found = scan(dataset)
    preview = found.preview if found is not None else _preview(dataset)
    prepared = None if found is None else find_prepared(found.path, found.options)
    emit(
        arguments,
        f"{dataset}: {preview}",
        *_part_lines(preview),
        *class_lines(preview.class_names),
        *preview.guesses,
        *_state_lines(found, prepared),
        dataset=dataset,
        images=preview.n,
        image_shape=list(preview.image_shape),
        class_names=list(preview.class_names),
        validation=preview.n_validation,
        test=preview.n_test,
        bytes=preview.n_bytes,
        guesses=list(preview.guesses),
        prepared=None if prepared is None else _values(prepared),
    )


def _preview(dataset: str) -> Preview:
    source, path = find_source(split_dataset_text(dataset)[0])
    return source.preview(path)


def _part_lines(preview: Preview) -> list[str]:
    if not preview.n_validation and not preview.n_test:
        return []
    n_train = preview.n - preview.n_validation - preview.n_test
    return [
        _("parts    {n_train:,} training, {n_validation:,} validation, {n_test:,} test").format(
            n_train=n_train, n_validation=preview.n_validation, n_test=preview.n_test
        )
    ]


def _state_lines(found: DatasetScan | None, prepared: PreparedDataset | None) -> list[str]:
    if found is None:
        return [_("opened as it is")]
    if prepared is None:
        return [_("not prepared yet; takes {size}").format(size=megabytes(found.preview.n_bytes))]
    return [
        _("prepared in “{folder}”, {size}: {report}").format(
            folder=prepared.folder, size=megabytes(prepared.n_bytes), report=prepared.report
        )
    ]


def _list(arguments: argparse.Namespace) -> None:
    """Print each prepared dataset, and the disk space of all."""
    found = prepared_datasets()
    for each in found:
        current = is_current(each)
        about = "" if current else _(", no longer as its files are")
        line = f"{each.dataset}: {count_text(each.n, 'image')}, {megabytes(each.n_bytes)}{about}"
        emit(arguments, line, dataset=each.dataset, current=current, **_values(each))
    message(
        arguments, f"{count_text(len(found), 'dataset')}, {megabytes(sum(each.n_bytes for each in found))}"
    )


def _remove(arguments: argparse.Namespace) -> None:
    """Remove prepared datasets, and print which.

    Raises:
        UserError: if the dataset is not prepared.
    """
    found = prepared_datasets()
    if arguments.all:
        remove_half_prepared(datasets_folder())
    if arguments.oldest is not None:
        found = found[: arguments.oldest]
    elif not arguments.all:
        path, options = split_dataset_text(arguments.path)
        place = cached_path(path)
        found = [
            each
            for each in found
            if each.path == place and (path == arguments.path or each.options == options)
        ]
        if not found:
            raise UserError(
                _("“{path}” is not prepared; `cadl data list` lists what is.").format(path=arguments.path)
            )
    for each in found:
        n_bytes = each.n_bytes
        each.remove()
        emit(
            arguments,
            _("removed {dataset}, {size}").format(dataset=each.dataset, size=megabytes(n_bytes)),
            dataset=each.dataset,
            bytes=n_bytes,
        )


def _values(prepared: PreparedDataset) -> dict[str, Any]:
    return {
        "images": prepared.n,
        "image_shape": list(prepared.image_shape),
        "bytes": prepared.n_bytes,
        "folder": str(prepared.folder),
        "created": prepared.created,
        "report": _report_values(prepared.report),
    }


def _report_values(report: ImportReport) -> dict[str, Any]:
    return report.to_json() | {"summary": str(report)}
