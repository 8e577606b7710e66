"""The running system and its I/O."""
