"""The ordinary ``pagefacts`` command, but poison pages have their effect: inside the step, as a page's own would."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from chaos.effects import act

from pagefacts.__main__ import main
from pagefacts.contracts import Stage
from worker.step import Step

_STEPS = {"extract": 0, "tag": 1, "facts": 2}
_original, _original_go_on = Step.__getitem__, Step.go_on


def _getitem(self: Step, name: str) -> bytes:
    act(self._job_id, _STEPS[self.watch.stage])
    value: bytes = _original(self, name)
    return value


def _go_on(self: Step, stage: Stage) -> None:
    _original_go_on(self, stage)
    act(self._job_id, _STEPS[stage])


if __name__ == "__main__":
    Step.__getitem__ = _getitem  # type: ignore[method-assign] # every task asks for what it works on
    Step.go_on = _go_on  # type: ignore[method-assign] # and goes on to its further steps
    main()
