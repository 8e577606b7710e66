"""Real pages and what they give: ``NAME.html.gz`` or ``NAME.txt`` beside ``NAME.json``.

``python tests/golden/golden.py`` writes the JSON files anew (``make golden``); read the diff before you commit it.
"""

from __future__ import annotations

import base64
import gzip
import json
import time
from pathlib import Path
from typing import Any

from pagefacts.contracts import parse_job
from pagefacts.pipeline import Models, Stopwatch, process
from worker import runtime

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "independent-2015-09-29.txt"
NAMES = sorted(path.stem for path in HERE.glob("*.json"))


def read(name: str) -> dict[str, Any]:
    """The job's URL and the result, as they are checked in."""
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def page(name: str) -> dict[str, str]:
    """The page, as a job's field."""
    if name == EXAMPLE.stem:
        return {"text": EXAMPLE.read_text(encoding="utf-8")}
    return {"html_base64": base64.b64encode(gzip.decompress((HERE / f"{name}.html.gz").read_bytes())).decode()}


def result(name: str, models: Models) -> dict[str, Any]:
    """What the page gives now, without what changes from run to run."""
    job = parse_job(json.dumps({"url": read(name)["url"], **page(name)}))
    made = process(job, models, Stopwatch(time.perf_counter)).model_dump(mode="json", by_alias=True)
    del made["provenance"]
    return made


def regenerate() -> None:
    """Write all results anew."""
    for name in NAMES:
        fresh = {"url": read(name)["url"], "result": result(name, runtime.models())}
        text = json.dumps(fresh, indent=1, ensure_ascii=False) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    regenerate()
