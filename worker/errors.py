"""What an operator has to mend."""

from pagefacts.errors import OperatorError

__all__ = ["OperatorError"]
