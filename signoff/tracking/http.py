"""Sends requests to tracking services."""

from signoff.carriers import TrackingRequest
from signoff.carriers.payloads import MAX_BYTES
from signoff.web.outbound import INTERNET, Limits, Network, https_request

LIMITS = Limits(size=MAX_BYTES)


def send_request(request: TrackingRequest, *, network: Network = INTERNET) -> bytes:
    """The body of the response, at most 1 MB. Raises ``OutboundError``, ``InsideTransaction``."""
    return https_request(
        request.method, request.url, headers=request.headers, body=request.body, limits=LIMITS, network=network
    )
