"""A short run with every kind of fault once. ``make chaos`` runs a long one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from chaos.faults import Kind
from chaos.systems import Limits
from chaos.trial import Order, run

_JOBS = 300


@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_is_answered_twice(tmp_path: Path) -> None:
    limits = Limits(soft=3, hard=4, in_flight=1, claim_after=8.5, max_deliveries=4)
    seed = int(os.environ.get("SEED", "1"))

    outcome = run(Order("pagefacts", seed, _JOBS, len(Kind), limits, tmp_path))

    assert outcome.wrong == {}, f"logs and data are in {tmp_path}"
    injected = outcome.faults.keys() | outcome.left_out.keys()
    assert injected == {kind.name for kind in Kind}
    assert outcome.counts["jobs accepted"] > _JOBS
    assert outcome.counts["dead letters"] == 5
    assert {"QueueFull memory", "QueueFull disk"} <= outcome.refusals.keys()
