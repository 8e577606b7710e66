"""Real pages and what they give: ``NAME.html.gz`` or ``NAME.txt`` beside ``NAME.json``.

The examples of the wire contract are answers, too: what pagefacts gives for the jobs among them.

``python tests/golden/golden.py`` writes the JSON files anew (``make golden``); read the diff before you commit it.
"""

from __future__ import annotations

import base64
import gzip
import json
import time
from pathlib import Path
from typing import Any

import pagefacts.contracts
from pagefacts.contracts import DeadLetter, FailureEvent, parse_job
from pagefacts.pipeline import Models, Stopwatch, process
from worker import runtime
from worker.inline import answer_here

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "independent-2015-09-29.txt"
CONTRACT = Path(pagefacts.contracts.__file__).parent / "examples"
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


def contract_example(name: str) -> dict[str, Any]:
    """A message of the wire contract's examples, as it is checked in."""
    found: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))
    return found


def contract_answers(models: Models) -> dict[str, dict[str, Any]]:
    """What the jobs among the examples of the wire contract are answered with now; times are those checked in."""
    page, url = (json.dumps(contract_example(name)).encode() for name in ("page", "url"))
    result, failure = (json.loads(answer_here(job, models)) for job in (page, url))
    for event, name in ((result, "result"), (failure, "failure")):
        event["time"] = contract_example(name)["time"]
    result["data"]["provenance"]["milliseconds"] = contract_example("result")["data"]["provenance"]["milliseconds"]
    letter = DeadLetter.of(FailureEvent.model_validate(failure), url)
    return {"result": result, "failure": failure, "dead": json.loads(letter.to_json())}


def regenerate() -> None:
    """Write all results anew."""
    for name in NAMES:
        fresh = {"url": read(name)["url"], "result": result(name, runtime.models())}
        text = json.dumps(fresh, indent=1, ensure_ascii=False) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8")
    for name, message in contract_answers(runtime.models()).items():
        text = json.dumps(message, indent=2, ensure_ascii=False) + "\n"
        (CONTRACT / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    regenerate()
