"""Fetching the page of a job that gives only a URL; off unless ``PAGEFACTS_FETCH=on``.

`Fetcher` is the way in (``fetcher.py``; not imported here, as it brings the libraries that speak HTTP), `Visit` one try
of a page (``visit.py``). What may be fetched is decided twice: by the URL (``urls.py``) and, where it counts, by the
address that a connection is about to be made to (``addresses.py``, ``network.py``). ``robots.py`` reads robots.txt,
``memory.py`` holds what all workers know of a host, ``encodings.py`` unpacks within bounds.
"""

from worker.fetching.memory import OwnMemory, SharedMemory
from worker.fetching.page import Page, is_wanted
from worker.fetching.trip import Later, Trip

__all__ = ["Later", "OwnMemory", "Page", "SharedMemory", "Trip", "is_wanted"]
