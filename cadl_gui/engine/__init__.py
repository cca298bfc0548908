"""Threads of networks and datasets behind one façade, the only part that the interface sees. QtCore only."""
