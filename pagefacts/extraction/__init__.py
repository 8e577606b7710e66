"""From a job's page to its article.

`extract` is the way in (``article.py``). A page comes in one of three forms: HTML (``html.py``, with ``charset.py``
for bytes and ``metadata.py``), scraped text with its boilerplate (``text.py``), or a clean body, which is taken
verbatim. What a page may be at most stands in ``limits.py``. Pure functions: nothing is fetched, no clock is read.
"""

from pagefacts.extraction.article import Extraction, extract

__all__ = ["Extraction", "extract"]
