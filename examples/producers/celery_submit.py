"""Puts a page in from a system that speaks Celery; it knows the task by name and needs nothing of pagefacts."""

import os

from celery import Celery

app = Celery(broker=os.environ["REDIS_URL"])
app.conf.broker_transport_options = {"global_keyprefix": "{pagefacts}:celery:"}
job = {"id": "46", "url": "https://news.example/d", "body": "Five people were killed in Ghazni on Friday."}
# argsrepr: Celery's events and logs are to show that in place of the page.
app.send_task("pagefacts.submit", [job], queue="pagefacts.extract", argsrepr="(job,)")
