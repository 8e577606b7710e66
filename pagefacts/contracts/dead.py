"""The dead letter: what is kept of a job that was answered with a failure."""

from __future__ import annotations

import base64
import json
from typing import Annotated, Self

from pydantic import AwareDatetime, Field

from pagefacts.contracts.base import LeftOut, Message
from pagefacts.contracts.result import FailureDetail, FailureEvent


class DeadLetter(Message):
    """A job that was answered with a failure, as it was sent: in ``job``, or in ``job_base64`` where it is no UTF-8."""

    id: Annotated[str, Field(min_length=1)]
    """The job's id."""
    time: AwareDatetime
    """When the answer was made, UTC."""
    failure: FailureDetail
    """Why it failed."""
    job: Annotated[str | None, LeftOut] = None
    """The job as it was sent: JSON, or what should have been."""
    job_base64: Annotated[str | None, LeftOut] = None
    """The job's bytes in base64, where they are no UTF-8."""

    @classmethod
    def of(cls, event: FailureEvent, raw: bytes) -> Self:
        """Return the dead letter of the job ``raw``, which is answered with ``event``."""
        try:
            kept = {"job": raw.decode()}
        except UnicodeDecodeError:
            kept = {"job_base64": base64.b64encode(raw).decode()}
        return cls(id=event.id, time=event.time, failure=event.data.failure, **kept)

    @classmethod
    def read(cls, text: bytes | str) -> Self:
        """Return what `to_json` wrote, of this version or another: fields that this one does not know are left out."""
        return cls.model_validate_json(text, extra="ignore")

    @property
    def raw(self) -> bytes:
        """The job as it was sent."""
        return base64.b64decode(self.job_base64) if self.job_base64 is not None else (self.job or "").encode()

    def to_json(self) -> str:
        """Return the dead letter as JSON on one line; of ``job`` and ``job_base64`` the absent one is left out."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False)
