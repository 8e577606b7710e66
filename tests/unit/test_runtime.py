"""What a worker loads before it forks, in a process of its own: what is loaded stays."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOAD = """
import gc, sys
gc.disable()
from trafilatura import external
from pagefacts.language_model import begin_loading, language_model
from worker import runtime
loading = begin_loading()
runtime.preload({queues}, briefly={briefly})
print(gc.isenabled(), gc.get_freeze_count() > 100_000, sys.getswitchinterval())
print(external.JT_STOPLIST is not None, begin_loading() is loading and loading.done())
print(language_model().classify("Deux personnes sont mortes lundi dans la ville.")[0])
"""


@pytest.mark.parametrize("briefly", [False, True])
def test_what_is_loaded_is_shared_and_a_worker_that_is_here_briefly_leaves_out_what_few_pages_need(
    briefly: bool,
) -> None:
    program = LOAD.format(queues={"pagefacts.extract", "pagefacts.tag", "pagefacts.facts"}, briefly=briefly)
    done = subprocess.run(
        [sys.executable, "-c", program], env={"REDIS_URL": "redis://127.0.0.1"}, capture_output=True, text=True
    )
    assert done.stdout.split() == ["True", "True", "0.005", str(not briefly), "True", "fr"], done.stderr
