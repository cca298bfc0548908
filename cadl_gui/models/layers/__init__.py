"""Custom Keras layers: blocks, tied decoder layers and mean subtraction."""
