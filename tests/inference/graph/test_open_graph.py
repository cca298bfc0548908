"""Frozen graphs are opened as data; their functions are found, limited, and equal to TensorFlow's."""

import numpy as np
import pytest
from checkpoints import FAMILIES, SHAPE, trained
from hostile_graphs import SIDE, forged, lecture_graph, open_and_ask, originals

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.exports import CLASSIFY, RECONSTRUCT
from cadl_gui.inference.graph.graph_function import GraphFunction
from cadl_gui.inference.graph.interpreter import MOST_NUMBERS
from cadl_gui.inference.graph.open_graph import open_graph
from cadl_gui.inference.graph.whitelist import n_multiplications
from cadl_gui.interop.export.frozen_graph import frozen_graph
from cadl_gui.interop.graph_file import is_graph_file
from cadl_gui.models import BoundFunction

pytestmark = pytest.mark.tf

EVERY_FUNCTION = [
    (family, about) for family, config in FAMILIES.items() for about in config.model.kind.functions
]


def tensorflow_s_answer(definition, takes, gives, inputs):
    import tensorflow as tf

    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        with tf.compat.v1.Session(graph=graph) as session:
            return session.run(f"{gives}:0", {f"{takes}:0": inputs})


@pytest.fixture
def opened(tmp_path):
    """Writes a graph and opens it."""

    def opened(definition):
        (tmp_path / "a.pb").write_bytes(definition.SerializeToString())
        return open_graph(tmp_path / "a.pb")

    return opened


def refused(opened, definition, reason):
    with pytest.raises(CheckpointError, match=reason):
        opened(definition)


@pytest.mark.parametrize(("family", "about"), EVERY_FUNCTION, ids=str)
def test_our_own_exports_are_recognised(opened, family, about, rng):
    bound = BoundFunction(about, trained(FAMILIES[family]))
    graph = opened(frozen_graph(bound))
    assert graph.about == about
    assert graph.input_shape == bound.input_shape
    if about.name != "encode":
        assert graph.image_shape == SHAPE
    inputs = bound.inputs_from(rng.random((7, *SHAPE), np.float32))
    np.testing.assert_allclose(GraphFunction(graph)(inputs), bound.answers(inputs), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("softmax", "about"), [(True, CLASSIFY), (False, RECONSTRUCT)])
def test_graphs_as_the_lecture_freezes_them_are_understood(opened, softmax, about, rng):
    definition = lecture_graph(softmax=softmax)
    graph = opened(definition)
    assert graph.about == about
    assert graph.image_shape == (SIDE, SIDE, 1)
    assert graph.n_classes == (10 if softmax else 0)
    images = rng.random((5, SIDE, SIDE, 1), np.float32)
    expected = tensorflow_s_answer(definition, "X", "Y_pred" if softmax else "Y", images.reshape(5, -1))
    answers = GraphFunction(graph)(images)
    np.testing.assert_allclose(answers.reshape(5, -1), np.clip(expected, 0, 1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("n", [1, 4, 9])
def test_a_graph_for_a_fixed_number_of_images_takes_any_number(opened, n, rng):
    definition = lecture_graph(batch=4)
    images = rng.random((n, SIDE, SIDE, 1), np.float32)
    answers = GraphFunction(opened(definition))(images)
    padded = np.zeros((12, SIDE * SIDE), np.float32)
    padded[:n] = images.reshape(n, -1)
    expected = [tensorflow_s_answer(definition, "X", "Y_pred", padded[i : i + 4]) for i in (0, 4, 8)]
    np.testing.assert_allclose(answers, np.concatenate(expected)[:n], rtol=1e-5)


def with_unused(definition, *, per_image=0, constants=0):
    """The graph, and beside it numbers that count towards the limit, but that no answer needs."""
    import tensorflow as tf

    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        images = graph.get_tensor_by_name("X:0")
        tf.pad(tf.cast(images, tf.bool), [[0, 0], [0, per_image]])
        tf.constant(0.0, shape=[constants])
    return graph.as_graph_def()


def test_more_images_than_fit_at_once_are_computed_in_parts(opened, rng):
    definition = lecture_graph()
    graph = opened(with_unused(definition, per_image=MOST_NUMBERS // 20))
    assert 1 <= graph.at_once < 20
    images = rng.random((20, SIDE, SIDE, 1), np.float32)
    expected = tensorflow_s_answer(definition, "X", "Y_pred", images.reshape(20, -1))
    np.testing.assert_allclose(GraphFunction(graph)(images), expected, rtol=1e-5)


@pytest.mark.parametrize(("constants", "at_once"), [(0, 50), (MOST_NUMBERS // 8, 44)])
def test_constants_leave_less_memory_for_images(opened, constants, at_once):
    """However many images are computed at once, the weights are in memory beside them."""
    definition = with_unused(lecture_graph(), per_image=MOST_NUMBERS // 101, constants=constants)
    assert opened(definition).at_once == at_once


@pytest.mark.parametrize("shape", [(784,), (28, 28, 1)])
def test_before_shapes_were_written_down_images_were_mnist_s(opened, shape, rng):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        x = tf.placeholder(tf.float32, [None, *shape])
        if len(shape) == 3:
            x = tf.reshape(tf.nn.conv2d(x, tf.ones((3, 3, 1, 1)), 1, "SAME"), (-1, 784))
        tf.nn.softmax(tf.matmul(x, tf.constant(rng.random((784, 10)), tf.float32)))
    definition = made.as_graph_def()
    for node in definition.node:
        node.attr.pop("shape", None)
    assert opened(definition).image_shape == (28, 28, 1)


def test_only_what_the_answer_needs_is_retained(opened):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        x = tf.placeholder(tf.float32, [None, 9])
        tf.nn.softmax(x * 2.0)
        tf.square(x, name="beside")
    assert "beside" not in {operation.name for operation in opened(made.as_graph_def()).operations}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("ReadFile", "it computes ReadFile, which is not among the operations"),
        ("PyFunc", "it computes PyFunc"),
        ("Placeholder", "it has to take exactly one thing"),
        ("MatMul", "does not fit what it takes"),
    ],
)
def test_other_operations_are_refused_by_name(opened, change, reason):
    definition = lecture_graph()
    next(node for node in definition.node if node.op == "Relu").op = change
    refused(opened, definition, reason)


def test_the_name_that_the_lecture_gives_such_a_file_opens(tmp_path):
    """`model.tfmodel`, by `tf.train.write_graph`."""
    path = tmp_path / "model.tfmodel"
    path.write_bytes(lecture_graph().SerializeToString())
    assert is_graph_file(path)
    assert open_graph(path).about == CLASSIFY


def test_a_graph_with_a_switch_is_not_reported_as_damaged(opened):
    """The course's frozen `VAE()` has a `Switch` on `phase_train`, and uses its second output."""
    definition = lecture_graph()
    relu = next(node for node in definition.node if node.op == "Relu")
    switch = definition.node.add(op="Switch", name="switch", input=[relu.input[0], relu.input[0]])
    relu.input[0] = f"{switch.name}:1"
    refused(opened, definition, "it computes Switch, which is not among the operations")
    switch.op = "Identity"
    refused(opened, definition, "takes from itself, or from what is not there")


def test_operations_in_a_circle_are_refused(opened):
    definition = lecture_graph()
    relu = next(node for node in definition.node if node.op == "Relu")
    relu.input[0] = definition.node[-1].name
    refused(opened, definition, "takes from itself")


def test_an_operation_that_takes_from_nowhere_is_refused(opened):
    definition = lecture_graph()
    next(node for node in definition.node if node.op == "Relu").input[0] = "nowhere"
    refused(opened, definition, "what is not there")


def test_a_graph_that_neither_classifies_nor_reconstructs_is_refused(opened):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        tf.reduce_sum(tf.placeholder(tf.float32, [None, 9]), axis=1)
    refused(opened, made.as_graph_def(), "neither classifies images nor gives them back")


@pytest.mark.parametrize("shape", [[None, 8], [None, 4, 4, 2], [None, 2, 2, 2, 2]])
def test_graph_whose_input_is_no_image_is_refused(opened, shape):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        tf.square(tf.placeholder(tf.float32, shape))
    refused(opened, made.as_graph_def(), "no image")


@pytest.mark.parametrize("sides", [[2**31, 2**31], [2**62, 3, 3], [0, 5]])
def test_images_of_impossible_sizes_are_refused(opened, sides):
    definition = lecture_graph()
    placeholder = next(node for node in definition.node if node.op == "Placeholder")
    del placeholder.attr["shape"].shape.dim[1:]
    for side in sides:
        placeholder.attr["shape"].shape.dim.add(size=side)
    refused(opened, definition, "of a size that none has")


@pytest.mark.parametrize("n", [2**14, 2**40])
def test_what_would_fill_the_memory_is_refused_before_it_does(opened, n):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        x = tf.placeholder(tf.float32, [None, 9])
        tall = tf.reshape(x, [-1, 1])
        for _ in range(2):
            tall = tf.pad(tall, [[0, 0], [0, min(n, 2**31 - 2)]])
            tall = tf.matmul(tall, tall, transpose_a=True)
        tf.square(x)
    refused(opened, made.as_graph_def(), "too large|does not fit")


@pytest.mark.parametrize(
    ("dtype", "n", "fits"),
    [
        ("float32", MOST_NUMBERS - 100, True),
        ("float32", MOST_NUMBERS, False),
        ("float64", MOST_NUMBERS // 2 - 100, True),
        ("float64", MOST_NUMBERS // 2, False),
        ("bool", MOST_NUMBERS - 100, True),
        ("bool", MOST_NUMBERS, False),
    ],
)
def test_numbers_of_every_type_count_towards_the_limit_of_memory(opened, dtype, n, fits):
    """Larger types by their bytes; smaller ones as float32, or one of truth values would have no limit."""
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        x = tf.placeholder(tf.float32, [None, 9])
        wide = tf.pad(tf.cast(x, dtype), [[0, 0], [0, n - 9]])
        tf.cast(wide[:, :9], tf.float32)
    if fits:
        opened(made.as_graph_def())
    else:
        refused(opened, made.as_graph_def(), "too large")


@pytest.mark.parametrize(
    ("transposed", "first"), [(False, (2, 5)), (True, (5, 2))], ids=["as it is", "transposed"]
)
def test_a_product_costs_a_multiplication_for_each_term(transposed, first):
    """Each of 2 × 3 numbers is a sum of 5 products."""
    assert n_multiplications("MatMul", {"transpose_a": transposed}, [first, (5, 3)], (2, 3)) == 30


def test_a_result_whose_size_depends_on_the_image_is_refused(opened):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        x = tf.placeholder(tf.float32, [None, 9])
        tf.pad(x, tf.cast(tf.reshape(x, [-1, 3])[:2, :2], tf.int32))
    refused(opened, made.as_graph_def(), "depends on the image")


def test_an_answer_that_is_not_a_number_is_reported(opened):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        tf.log(tf.placeholder(tf.float32, [None, 9]) - 1.0)
    ask = GraphFunction(opened(made.as_graph_def()))
    with pytest.raises(CheckpointError, match="NaN or infinity"):
        ask(np.zeros((1, 3, 3, 1), np.float32))


def test_what_tensorflow_cannot_compute_is_reported_when_requested(opened):
    definition = lecture_graph()
    convolution = next(node for node in definition.node if node.op == "Conv2D")
    convolution.attr["dilations"].list.i[:] = [1, 1, 1, 2]
    ask = GraphFunction(opened(definition))
    with pytest.raises(CheckpointError, match="TensorFlow cannot compute it"):
        ask(np.zeros((1, SIDE, SIDE, 1), np.float32))


def test_forged_graphs_are_refused_in_a_message_or_answer(tmp_path):
    """A hundred of the thousands that the campaign of hostile files makes."""
    random = np.random.default_rng(11)
    whole = originals(tmp_path)
    outcomes = {"opened": 0, "refused": 0}
    for _ in range(100):
        data = forged(random, whole[random.integers(len(whole))]["a.pb"])
        (tmp_path / "a.pb").write_bytes(data)
        try:
            open_and_ask(tmp_path / "a.pb")
        except CheckpointError as error:
            assert str(error).endswith(".")  # noqa: PT017 - most are refused, some are not
            outcomes["refused"] += 1
        else:
            outcomes["opened"] += 1
    assert min(outcomes.values()) > 5


def test_a_chain_of_sums_is_computed_one_by_one(opened):
    """TensorFlow would make one sum of 16 million terms of 24 sums that each double: see `tests/hostile`."""
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as made:
        h = tf.placeholder(tf.float32, [None, 9])
        for _ in range(24):
            h = tf.raw_ops.AddV2(x=h, y=h)
    answers = GraphFunction(opened(made.as_graph_def()))(np.full((1, 3, 3, 1), 2.0**-25, np.float32))
    np.testing.assert_array_equal(answers, 0.5)


def test_a_large_constant_is_laid_out_by_its_shape_alone(opened, rng):
    import tensorflow.compat.v1 as tf

    kernel = rng.random((2500, 2500), np.float32) / 2500
    with tf.Graph().as_default() as made:
        x = tf.placeholder(tf.float32, [None, 50, 50, 1])
        tf.matmul(tf.reshape(x, [-1, 2500]), tf.constant(kernel))
    image = rng.random((1, 50, 50, 1), np.float32)
    answer = GraphFunction(opened(made.as_graph_def()))(image)
    np.testing.assert_allclose(answer.ravel(), (image.reshape(1, -1) @ kernel).ravel(), rtol=1e-4)
