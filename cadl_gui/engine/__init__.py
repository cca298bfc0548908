"""The two TensorFlow threads behind one façade, the only part that the interface sees. QtCore only."""
