"""pagefacts turns a news page into checked facts: casualty figures, dates and places, with the words they stand on."""

from typing import Final

__version__: Final = "0.1.0"
