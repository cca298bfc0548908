"""The Latent tab: what lies in it, plays on it, and can be taken away from it."""
