"""Keras layers of our own: tied decoders and mean subtraction."""
