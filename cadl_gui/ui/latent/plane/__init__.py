"""The plane itself: one widget, painted in layers."""
