"""Strategies for property tests."""

from hypothesis import strategies as st

from cadl_gui.domain.configuration import RunConfig


@st.composite
def configs(draw):
    """Any valid network, with small layers."""
    layers = draw(st.lists(st.integers(1, 9), max_size=4))
    model = draw(st.sampled_from(["autoencoder", "classifier"]))
    latent_dim = draw(st.integers(0, 5))
    convolutional = bool(layers) and draw(st.booleans())
    n = len(layers) if convolutional else 0
    return RunConfig.of(
        preset="test",
        model=model,
        layers=layers if layers or model == "classifier" or latent_dim else [3],
        convolutional=convolutional,
        kernel_sizes=draw(st.lists(st.integers(1, 5), min_size=n, max_size=n)),
        strides=draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)),
        n_hidden=draw(st.sampled_from([0, 4])),
        latent_dim=latent_dim,
        tied=draw(st.booleans()),
        variational=latent_dim > 0 and draw(st.booleans()),
        likelihood="gaussian",
        batch_normalisation=draw(st.booleans()),
        use_bias=draw(st.booleans()),
        dropout=draw(st.sampled_from([0.0, 0.3])),
    )


image_shapes = st.tuples(st.integers(1, 15), st.integers(1, 15), st.sampled_from([1, 3]))
