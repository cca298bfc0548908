"""The parts of the Inspect tab: weights, units and activations, and where they come from."""
