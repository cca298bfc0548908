"""Exports give the network's results wherever they are loaded, and are written completely or not at all."""

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import stranger
import tensorflow as tf
from checkpoints import FAMILIES, SHAPE, trained
from oracles import answer_of, latents_of
from run_through import run_through

from cadl_gui.domain.errors import ExportError
from cadl_gui.domain.exports import FORMATS, FUNCTIONS, TENSORBOARD
from cadl_gui.interop.export import export as module
from cadl_gui.interop.export.errors import as_one_message
from cadl_gui.interop.export.export import export
from cadl_gui.models import build
from cadl_gui.system.atomic_write import PART_PREFIX

pytestmark = pytest.mark.tf

IMAGES = np.random.default_rng(7).random((100, *SHAPE), np.float32)


def exported(network, name, path, function=None):
    made = FORMATS[name]
    functions = network.config.kind.functions_for(made, function)
    images = np.resize(IMAGES, (len(IMAGES), *network.image_shape))
    return run_through(export(network, made, functions, path, images))[1]


@pytest.fixture(scope="module")
def dense():
    return trained(FAMILIES["dense"])


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """The results, in another process, of all families in all formats, one with all its functions."""
    folder = tmp_path_factory.mktemp("exports")
    questions, expected = {}, {}
    for family, config in FAMILIES.items():
        network = trained(config)
        exported(network, "savedmodel", folder / family)
        functions = config.model.kind.functions
        for about in functions if family == "variational" else functions[:1]:
            files = {"savedmodel": family}
            for name in ("pb", "onnx"):
                files[name] = f"{family}-{about.name}{FORMATS[name].suffix}"
                exported(network, name, folder / files[name], about.name)
            inputs = IMAGES if about.takes == "images" else latents_of(network, IMAGES).astype(np.float32)
            answers = answer_of(network, about.name, inputs)
            for file in files.values():
                question = f"{file} {about.name} {about.takes} {about.gives}"
                questions[question], expected[question] = inputs, answers
    np.savez(folder / "inputs.npz", **questions)
    subprocess.run([sys.executable, stranger.__file__, folder], check=True, capture_output=True)
    with np.load(folder / "answers.npz") as answers:
        return {question: (answers[question], expected[question]) for question in questions}


@pytest.mark.slow
def test_a_process_without_our_package_gets_numpys_answers(answered):
    assert len(answered) == len(FORMATS) * (len(FAMILIES) + 2)
    for question, (answer, expected) in answered.items():
        np.testing.assert_allclose(answer, expected, rtol=1e-4, atol=1e-5, err_msg=question)


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_compared_is_reported(dense, tmp_path, name):
    reported = exported(dense, name, tmp_path / f"x{FORMATS[name].suffix}")
    assert reported.n_compared == 100
    assert reported.loader.partition(" ")[0] == ("onnxruntime" if name == "onnx" else "tensorflow")
    assert reported.largest_difference < 1e-4
    assert reported.functions == (
        ("reconstruct", "encode", "decode") if name == "savedmodel" else ("reconstruct",)
    )
    assert str(reported).startswith(f"loaded back by {reported.loader} and compared on 100 images")


@pytest.mark.parametrize("shape", [(7, 11, 3), (9, 9, 1)])
def test_kernels_that_jump_over_pixels_are_exported_to_onnx(tmp_path, shape):
    """Strides larger than kernels leave pixels that no kernel paints, also in the last rows and columns."""
    config = FAMILIES["convolutional"].replace(layers=(3, 4), kernel_sizes=(2, 1), strides=(4, 3))
    exported(build(config, shape, 0), "onnx", tmp_path / "x.onnx")


def test_a_saved_model_s_default_is_the_first_function(dense, tmp_path):
    import tensorflow as tf

    exported(dense, "savedmodel", tmp_path / "x")
    signatures = tf.saved_model.load(str(tmp_path / "x")).signatures
    assert set(signatures) == {"serving_default", "reconstruct", "encode", "decode"}
    assert list(signatures["serving_default"].structured_outputs) == ["reconstructions"]


def test_a_frozen_graph_holds_constants_and_no_functions(dense, tmp_path):
    import tensorflow as tf

    exported(dense, "pb", tmp_path / "x.pb", "encode")
    graph = tf.compat.v1.GraphDef.FromString((tmp_path / "x.pb").read_bytes())
    assert not graph.library.function
    assert [node.name for node in graph.node if node.op == "Placeholder"] == ["images"]
    assert graph.node[-1].name == "latents"
    constants = {node.name for node in graph.node if node.op == "Const"}
    assert {variable.path for variable in dense.variables} <= constants
    assert not any("Var" in node.op for node in graph.node)


def test_any_number_of_images_fits_in_an_onnx_file_and_programs_of_2022_know_what_it_computes(
    dense, tmp_path
):
    import onnx
    import onnxruntime

    exported(dense, "onnx", tmp_path / "x.onnx")
    versions = {known.domain: known.version for known in onnx.load(tmp_path / "x.onnx").opset_import}
    assert versions[""] == 17
    session = onnxruntime.InferenceSession(tmp_path / "x.onnx")
    (taken,), (given,) = session.get_inputs(), session.get_outputs()
    assert taken.shape == given.shape == ["batch", *SHAPE]
    for n in (1, 3):
        assert session.run(None, {"images": IMAGES[:n]})[0].shape == (n, *SHAPE)


def test_stages_count_up_to_the_end(dense, tmp_path):
    made = FORMATS["savedmodel"]
    stages, _ = run_through(export(dense, made, dense.config.kind.functions, tmp_path / "x", IMAGES))
    assert [stage.n_done for stage in stages] == [0, 1, 2, 3, 4]
    assert {stage.n_stages for stage in stages} == {5}
    assert "decode" in stages[-1].text


@pytest.mark.parametrize("n_stages", [1, 2, 3])
@pytest.mark.parametrize("name", FORMATS)
def test_cancelled_export_leaves_no_file(dense, tmp_path, name, n_stages):
    made = FORMATS[name]
    functions = dense.config.kind.functions[:1]
    exporting = export(dense, made, functions, tmp_path / f"x{made.suffix}", IMAGES)
    for _ in range(n_stages):
        next(exporting)
    assert [path.name.startswith(PART_PREFIX) for path in tmp_path.iterdir()] == [True] * (n_stages > 1)
    exporting.close()
    assert not list(tmp_path.iterdir())


@contextmanager
def full_disk():
    """Limits files of this process to a kilobyte, as if the disk were full.

    No longer than necessary, since pytest's output may go to a file, too.
    """
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", FORMATS)
def test_where_a_disk_is_full_a_message_says_so_and_what_was_there_stays(dense, tmp_path, name):
    path = tmp_path / f"x{FORMATS[name].suffix}"
    if FORMATS[name].suffix:
        path.write_text("what was there")
    with full_disk(), pytest.raises(ExportError) as reported:
        exported(dense, name, path)
    assert str(reported.value) == f"“{path}” cannot be written: File too large."
    assert [file.read_text() for file in tmp_path.iterdir()] == ["what was there"] * bool(
        FORMATS[name].suffix
    )


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_with_other_answers_is_removed(dense, tmp_path, monkeypatch, name):
    """Even if it differs in a single number of a single result."""
    ways = module._WAYS

    def load(path):
        ask = way.load(path)

        def answer(*question):
            answers = np.array(ask(*question))
            answers.flat[-1] += np.float32(1e-3)
            return answers

        return answer

    way = ways[name]
    monkeypatch.setitem(ways, name, replace(way, load=load))
    with pytest.raises(ExportError, match="answers otherwise than the network"):
        exported(dense, name, tmp_path / f"x{FORMATS[name].suffix}")
    assert not list(tmp_path.iterdir())


def test_a_file_is_replaced_once_the_new_one_is_whole(dense, tmp_path, monkeypatch):
    path = tmp_path / "x.pb"
    path.write_text("what was there")
    exporting = export(dense, FORMATS["pb"], dense.config.kind.functions[:1], path, IMAGES)
    next(exporting)
    next(exporting)
    assert path.read_text() == "what was there"
    run_through(exporting)
    assert path.read_bytes() != b"what was there"


def test_a_folder_with_something_in_it_is_left_alone(dense, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match="there is something there already"):
        exported(dense, "savedmodel", tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "thesis.txt"]


def test_an_empty_folder_is_filled(dense, tmp_path):
    (tmp_path / "mine").mkdir()
    exported(dense, "savedmodel", tmp_path / "mine")
    assert (tmp_path / "mine" / "saved_model.pb").is_file()


@pytest.mark.parametrize("name", FORMATS)
def test_a_place_that_cannot_be_written_to_is_reported_in_a_message(dense, name):
    with pytest.raises(ExportError, match="cannot be written"):
        exported(dense, name, Path(f"/proc/x{FORMATS[name].suffix}"))


def test_a_missing_library_is_reported_in_a_message(dense, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    with pytest.raises(ExportError, match=r"the library tf2onnx is missing"):
        exported(dense, "onnx", tmp_path / "x.onnx")
    assert not list(tmp_path.iterdir())


def test_every_function_is_of_some_network():
    functions = {about for config in FAMILIES.values() for about in config.model.kind.functions}
    assert functions == set(FUNCTIONS)


def test_of_tensorflow_s_errors_the_message_has_the_reason_only():
    """What it said of a full disk, when a log was closed."""
    lines = ["/x/.part-1-log/events.v2; No space left on device", "\tFailed to flush 1 events to /x.", "\tA."]
    for said in ("\n".join(lines), f"{lines[0]} [Op:SaveV2]"):
        with pytest.raises(ExportError) as reported, as_one_message(TENSORBOARD, Path("log")):
            raise tf.errors.ResourceExhaustedError(None, None, said)
        assert str(reported.value) == "“log” cannot be written: No space left on device."
