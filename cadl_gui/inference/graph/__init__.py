"""Networks that are only known as graphs of operations, computed by a whitelist of these."""
