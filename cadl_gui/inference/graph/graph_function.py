"""The function of a frozen graph, for any number of images or latent vectors."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.graph import Graph
from cadl_gui.inference.graph.interpreter import Computed, UnfitError, interpreted
from cadl_gui.system.words import _


class GraphFunction:
    """Computes a graph in batches of at most `Graph.at_once` inputs.

    The graph is laid out, and its cost checked, once for each batch size: one for interaction, many for the
    rest.

    Args:
        graph: graph to compute.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._computed: dict[int, Computed] = {}

    def __call__(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute the graph's outputs.

        Args:
            inputs: images (n, *image_shape) float32 in [0, 1], or latent vectors (n, latent_dim) float32.

        Returns:
            (n, n_classes) float32, (n, *image_shape) float32 in [0, 1] or (n, latent_dim) float32.

        Raises:
            CheckpointError: if the graph cannot be computed for so many inputs, or its outputs are not finite
                or not one for each input.
        """
        graph = self._graph
        flat = inputs.reshape(len(inputs), *graph.input_shape[1:])
        parts = [self._part(flat[i : i + graph.at_once]) for i in range(0, len(flat), graph.at_once)]
        answers = np.concatenate(parts)
        if not np.isfinite(answers).all():
            raise CheckpointError(_("The graph's output contains NaN or infinity."))
        if graph.about.gives in {"reconstructions", "images"}:
            answers = np.clip(answers, 0, 1).reshape(-1, *graph.image_shape)
        return answers

    def _part(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Outputs for at most `at_once` inputs; for a graph with a fixed batch size, they are zero-padded."""
        graph, n = self._graph, len(inputs)
        n_laid_out = graph.input_shape[0] or n
        padded = np.zeros((n_laid_out, *inputs.shape[1:]), np.float32)
        padded[:n] = inputs
        try:
            if n_laid_out not in self._computed:
                self._computed[n_laid_out] = interpreted(graph.operations, graph.output, padded.shape)
            answers = self._computed[n_laid_out](padded)
        except UnfitError as reason:
            raise CheckpointError(
                _("This graph cannot be computed: {reason}.").format(reason=reason)
            ) from reason
        if answers.shape != (n_laid_out, *graph.answer_shape):
            raise CheckpointError(_("The graph's output has the wrong batch size or shape."))
        return answers[:n]
