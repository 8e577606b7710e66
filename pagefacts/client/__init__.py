"""What programs in Python put pages in and read answers with, over a server of Redis or Valkey.

>>> with Client("redis://localhost:6379/0") as client:
...     job_id = client.enqueue({"url": "https://example.org/a", "html": html})
...     for answer in client.results("desk"):
...         print(answer.event.data)

`AsyncClient` is the same for asyncio. Both speak the wire contract of ``docs/wire.md`` and nothing else, so that they
need neither Celery nor the libraries that read pages. The rest of pagefacts does not know this package.

What they raise: `InvalidJob`, `UnknownVersion` and `QueueFull` when jobs go in, `WaitTimeout` and `AnswerGone` when one
answer is waited for, and redis-py's errors where the server is away or refuses the user.
"""

from pagefacts.client.answer import Answer
from pagefacts.client.asynchronous import AsyncClient, AsyncResults
from pagefacts.client.consuming import NEW, OLDEST
from pagefacts.client.errors import AnswerGone, QueueFull, WaitTimeout
from pagefacts.client.keys import WireKeys
from pagefacts.client.producing import Limits
from pagefacts.client.synchronous import Client, Results
from pagefacts.contracts import FailureEvent, Job, ResultEvent
from pagefacts.errors import InvalidJob, UnknownVersion

__all__ = [
    "NEW",
    "OLDEST",
    "Answer",
    "AnswerGone",
    "AsyncClient",
    "AsyncResults",
    "Client",
    "FailureEvent",
    "InvalidJob",
    "Job",
    "Limits",
    "QueueFull",
    "ResultEvent",
    "Results",
    "UnknownVersion",
    "WaitTimeout",
    "WireKeys",
]
