"""The Celery application: ``celery -A worker …``."""

import os

from celery import Celery

from config.celeryconfig import celery_config
from config.settings import Settings
from worker import signals
from worker.broker.transport import use_transport
from worker.heartbeat import HealthStep
from worker.intake import IntakeStep, ReconnectedStep
from worker.shutdown import ShutdownStep

_TASKS = ("fetch", "extract", "tag", "facts", "page", "submit")

use_transport()
app = Celery("pagefacts", task_cls="worker.broker.request:PageTask", include=[f"tasks.{name}" for name in _TASKS])
# Read when the application is first used: importing this module needs no server and no environment.
app.add_defaults(lambda: celery_config(Settings.from_env(os.environ)))
app.steps["worker"].update((HealthStep, IntakeStep, ShutdownStep))
app.steps["consumer"].add(ReconnectedStep)
signals.connect_signals()
