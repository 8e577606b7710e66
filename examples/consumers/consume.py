"""Writes the figures of all answers into a table of SQLite.

    consume.py FIGURES.db [--follow] [--replay]

Stop it at any time and start it again: the table has the figures of each answer once.
"""

import os
import sqlite3
import sys

from pagefacts.client import Answer, Client, ResultEvent


def write(table: sqlite3.Connection, answer: Answer) -> None:
    """Write one answer in a way that may be repeated: what is there of the same job goes first."""
    table.execute("DELETE FROM figures WHERE job = ?", (answer.event.id,))
    if isinstance(answer.event, ResultEvent):
        rows = [
            (answer.event.id, answer.event.subject, fact.effect, fact.min, fact.max, fact.evidence.quote)
            for fact in answer.event.data.casualties
        ]
        table.executemany("INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?)", rows)


table = sqlite3.connect(sys.argv[1])
table.execute("CREATE TABLE IF NOT EXISTS figures (job, url, effect, min, max, quote)")
with Client(os.environ["REDIS_URL"]) as client:
    results = client.results("figures", follow="--follow" in sys.argv)
    if "--replay" in sys.argv:
        results.replay()  # all answers that are kept, once more
    for answers in results.batches():
        with table:  # one transaction
            for answer in answers:
                write(table, answer)
        results.ack(*answers)  # not before they are written
