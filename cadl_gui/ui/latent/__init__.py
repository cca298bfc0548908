"""The parts of the Latent tab: the plane, its animations, and exports."""
