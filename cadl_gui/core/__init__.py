"""Dataclasses and NumPy only: what every other package speaks in. Knows neither Qt nor TensorFlow."""
