"""A result for people."""
