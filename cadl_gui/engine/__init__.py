"""The two TensorFlow threads behind one façade: the only thing that the interface sees. QtCore only."""
