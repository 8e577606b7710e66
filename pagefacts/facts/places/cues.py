"""Words around a name that stand around places, whatever the tagger took the name for."""

from __future__ import annotations

import re
from typing import Final

_BEFORE: Final = re.compile(
    r"(?<!\w)(?:(?i:in|near|outside|throughout)\s"
    r"|\d{1,3},?\s(?:both\s|all\s)?(?:of|from)\s"  # "Jane Smith, 30, of Ten Mile"
    r"|(?:R|D|DFL)-)$"  # "Rep. John Smith, R-Marshall" (AP Stylebook, "party affiliation")
)
_BEFORE_LENGTH: Final = 16

_PEOPLE: Final = (
    "man|men|woman|women|boy|girl|teen|teens|teenager|teenagers|couple|family|families|mother|father|resident|residents"
    "|native|natives|police|officer|officers|firefighter|firefighters|deputies|detectives|businesses|homeowners"
    "|taxpayers|motorists|voters|officials|authorities|suburb|neighborhood|neighbourhood|community|district|area"
)
_INSTITUTIONS: Final = (
    "Police|Fire|Sheriff|Sheriff['’]s|County|City|Town|Township|Village|Borough|Community|Public|Municipal|Regional"
    "|Memorial|General|School|Schools|High|Elementary|Middle|College|University|Hospital|Medical|Council|Board|Mayor"
    "|Chamber|Historical|Library|Airport|International|Court|Magistrates|Crown|District|Metropolitan|Prison"
)
_AFTER: Final = re.compile(
    r"(?:-(?:based|born|area|bound|held|controlled|occupied|administered|led|backed)\b"
    rf"|[ ](?:{_PEOPLE})\b|['’]s[ ](?:{_PEOPLE})\b|[ ](?:{_INSTITUTIONS})\b)"
)
_DATELINE: Final = re.compile(r"\s?[,(—–-]")


def is_cued(text: str, start: int, end: int) -> bool:
    """Return whether the words around ``text[start:end]`` are such as stand around the names of places."""
    return (
        _BEFORE.search(text, max(0, start - _BEFORE_LENGTH), start) is not None
        or _AFTER.match(text, end) is not None
        or opens_dateline(text, start, end)
    )


def opens_dateline(text: str, start: int, end: int) -> bool:
    """Return whether a line begins with the name in capitals and goes on as datelines do: "PARIS (AP)"."""
    opens_line = start == 0 or text[start - 1] == "\n"
    return opens_line and text[start:end].isupper() and _DATELINE.match(text, end) is not None
