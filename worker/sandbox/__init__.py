"""What a pool's children may do: reach, read and write little, and take so much memory."""

from worker.sandbox.child import Held, Needs, enter

__all__ = ["Held", "Needs", "enter"]
