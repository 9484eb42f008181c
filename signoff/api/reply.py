"""What an operation answers, before it is a response."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from signoff.actions.kept_answers import Answer

#: tells that an answer was kept from before
REPEATED = "Idempotent-Replayed"


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and plain JSON values."""

    status: int
    body: dict[str, Any]

    def answer(self) -> Answer:
        return Answer(self.status, json.dumps(self.body))  # ASCII: whatever a program sends can be kept and sent back


def response(answer: Answer) -> HttpResponse:
    """The answer as HTTP."""
    headers = {REPEATED: "true"} if answer.repeated else {}
    return HttpResponse(answer.body, status=answer.status, content_type="application/json", headers=headers)
