"""Imports checkpoints that the course's own notebooks saved with TensorFlow 1."""
