"""What an operator has to mend."""


class OperatorError(Exception):
    """The message says what is wrong, and what to do."""

    harmless = True
    """The log has it: it quotes no page."""
