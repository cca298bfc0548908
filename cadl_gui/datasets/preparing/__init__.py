"""Preparing: decodes the images of a dataset once, into a store in the user's cache."""
