"""cadl_gui: watch small neural networks learn, and explore by hand what they have learned."""

__version__ = "0.1.0"
