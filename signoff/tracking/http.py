"""A question to a tracking service, carried over the network."""

from signoff.carriers import Question
from signoff.carriers.payloads import MOST_BYTES
from signoff.web.outbound import INTERNET, Limits, Network, https_request

LIMITS = Limits(size=MOST_BYTES)


def ask(question: Question, *, network: Network = INTERNET) -> bytes:
    """The body of the answer, at most 1 MB. Raises ``OutboundError``, ``InsideTransaction``."""
    return https_request(
        question.method, question.url, headers=question.headers, body=question.body, limits=LIMITS, network=network
    )
