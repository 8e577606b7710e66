"""Puts pages in and waits for their answers, several at a time, as a web service would."""

import asyncio
import os

from pagefacts.client import AsyncClient, FailureEvent

PAGES = {
    "https://news.example/quake": "At least 12 people were killed by an earthquake near Quetta, Pakistan, on Friday.",
    "https://news.example/ferry": "A ferry sank off Zanzibar on Sunday. Police said 31 people were missing.",
}


async def ask(client: AsyncClient, url: str, body: str) -> None:
    """Enqueue a page, and write what it says of people."""
    job_id = await client.enqueue({"url": url, "body": body})
    event = (await client.wait(job_id, timeout=60)).event  # WaitTimeout where no worker runs
    if isinstance(event, FailureEvent):
        print(url, event.data.failure.code)
    else:
        for fact in event.data.casualties:
            print(url, fact.effect, fact.best or fact.min, repr(fact.evidence.quote))


async def main() -> None:
    """Ask for all pages at once."""
    async with AsyncClient(os.environ["REDIS_URL"]) as client:
        await asyncio.gather(*(ask(client, url, body) for url, body in PAGES.items()))


asyncio.run(main())
