"""Text that was encoded twice: "JosÃ©" for "José", "donâ€™t" for "don’t"."""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 1_000_000
"""Characters up to which a text is repaired, which takes up to 2 s for one that has nothing else."""
_LATE: Final = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What windows-1252 has for the bytes 80 to 9F."""
_SIGN = re.compile(rf"[\u00c2-\u00f4][\u0080-\u00bf{_LATE}]")
"""The first two bytes of a character in UTF-8, each read as one character; French has them too, as in "égalité”"."""


def without_mojibake(text: str) -> str:
    """Return ``text`` with what was UTF-8 read as another encoding set right; as it is where it is very long.

    Each line with signs of it is judged by ftfy, which changes one only where what comes out is the likelier text.
    """
    if text.isascii() or len(text) > _LONGEST or _SIGN.search(text) is None:
        return text
    from ftfy import fix_encoding  # noqa: PLC0415 - few texts need it

    return "\n".join(fix_encoding(line) if _SIGN.search(line) else line for line in text.split("\n"))
