"""Frozen graphs for tests to open, damage and forge."""

import numpy as np

SIDE = 6


def lecture_graph(*, softmax=True, report_shape=True, batch=None):
    """A graph as the lecture's notebooks freeze it, with TensorFlow 1 operations."""
    import tensorflow.compat.v1 as tf

    n = SIDE * SIDE
    random = np.random.default_rng(3)

    def weights(*shape):
        return tf.constant(random.normal(0, 0.3, shape).astype(np.float32))

    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [batch, n], name="X")
        images = tf.reshape(x, [-1, SIDE, SIDE, 1])
        kernel = weights(3, 3, 1, 2)
        h = tf.nn.relu(tf.nn.conv2d(images, kernel, [1, 2, 2, 1], "SAME"))
        if softmax:
            flat = tf.reshape(h, [-1, 3 * 3 * 2])
            tf.nn.softmax(tf.nn.bias_add(tf.matmul(flat, weights(18, 10)), weights(10)), name="Y_pred")
        else:
            shape = tf.stack([tf.shape(x)[0], SIDE, SIDE, 1])
            y = tf.nn.relu(tf.nn.conv2d_transpose(h, kernel, shape, [1, 2, 2, 1], "SAME"))
            tf.reshape(y, [-1, n], name="Y")
    definition = graph.as_graph_def()
    if not report_shape:
        for node in definition.node:
            if node.op == "Placeholder":
                del node.attr["shape"]
    return definition


def originals(folder):
    """A few valid graphs, ours and the lecture's, each by its name in a folder."""
    from checkpoints import FAMILIES, trained

    from cadl_gui.interop.export.frozen_graph import frozen_graph
    from cadl_gui.models import BoundFunction

    graphs = [lecture_graph(), lecture_graph(softmax=False)]
    for config in FAMILIES.values():
        network = trained(config)
        graphs += [frozen_graph(BoundFunction(about, network)) for about in config.model.kind.functions]
    return [{"a.pb": graph.SerializeToString()} for graph in graphs]


def forged(random, data):
    """A graph that parses, with changed names, kinds, attributes, shapes and constants of operations."""
    from tensorflow.core.framework.graph_pb2 import GraphDef

    graph = GraphDef.FromString(data)
    for _ in range(random.integers(1, 4)):
        node = graph.node[random.integers(len(graph.node))]
        _FORGERIES[random.integers(len(_FORGERIES))](random, graph, node)
    return graph.SerializeToString()


def open_and_ask(path):
    """Open a graph as the program does, and request its output for one image and for several."""
    from cadl_gui.inference.graph.graph_function import GraphFunction
    from cadl_gui.inference.graph.open_graph import open_graph

    graph = open_graph(path)
    ask = GraphFunction(graph)
    for n in (1, 3):
        ask(np.full((n, *graph.input_shape[1:]), 0.5, np.float32))
    return graph


_WILD = (0, -1, 1, 2, 7, 2**15, 2**31 - 1, 2**31, 2**62, -(2**63))


def _wild(random):
    return int(_WILD[random.integers(len(_WILD))])


def _other_kind(random, graph, node):
    from cadl_gui.inference.graph.whitelist import KINDS

    kinds = [*sorted(KINDS), "ReadFile", "WriteFile", "PyFunc", "Fill", "Tile", "While", "RandomUniform"]
    node.op = kinds[random.integers(len(kinds))]


def _other_input(random, graph, node):
    if node.input:
        node.input[random.integers(len(node.input))] = graph.node[random.integers(len(graph.node))].name


def _more_inputs(random, graph, node):
    node.input.extend([node.name] if random.random() < 0.3 else [graph.node[0].name])


def _wild_constant(random, graph, node):
    for other in graph.node:
        if other.op == "Const" and random.random() < 0.3:
            tensor = other.attr["value"].tensor
            tensor.tensor_shape.dim.add(size=_wild(random))


def _wild_numbers(random, graph, node):
    for other in graph.node:
        tensor = other.attr["value"].tensor if other.op == "Const" else None
        if tensor is not None and tensor.dtype == 3 and random.random() < 0.5:
            numbers = np.frombuffer(tensor.tensor_content, np.int32).copy()
            if len(numbers):
                numbers[random.integers(len(numbers))] = np.int64(_wild(random)).astype(np.int32)
                tensor.tensor_content = numbers.tobytes()


def _wild_attribute(random, graph, node):
    for value in node.attr.values():
        match value.WhichOneof("value"):
            case "list" if value.list.i:
                value.list.i[random.integers(len(value.list.i))] = _wild(random)
            case "i":
                value.i = _wild(random)
            case "type":
                value.type = int(random.integers(0, 24))
            case "s":
                value.s = bytes(random.integers(0, 256, 8, np.uint8))


def _wild_placeholder(random, graph, node):
    for other in graph.node:
        if other.op == "Placeholder":
            del other.attr["shape"].shape.dim[:]
            for _ in range(random.integers(0, 5)):
                other.attr["shape"].shape.dim.add(size=_wild(random))


def _without(random, graph, node):
    graph.node.remove(node)


def _twice(random, graph, node):
    graph.node.add().CopyFrom(node)


def _doubling(random, graph, node):
    """Sums that each double the previous one: as a simplified expression, they have millions of terms."""
    kind, source = ("AddV2", "Add")[random.integers(2)], node.name
    for i in range(int(random.integers(10, 40))):
        added = graph.node.add(name=f"doubled_{len(graph.node)}_{i}", op=kind, input=[source, source])
        added.attr["T"].type = 1
        source = added.name
    for other in graph.node:
        if node.name in other.input and not other.name.startswith("doubled_"):
            other.input[list(other.input).index(node.name)] = source


_FORGERIES = (
    _doubling,
    _other_kind,
    _other_input,
    _more_inputs,
    _wild_constant,
    _wild_numbers,
    _wild_attribute,
    _wild_attribute,
    _wild_placeholder,
    _without,
    _twice,
)
