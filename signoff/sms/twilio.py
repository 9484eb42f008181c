"""Text messages by Twilio, through its SDK (requirements-sms.txt).

Source: Twilio, "Programmable Messaging: Message resource" and "REST API: Your responses" (status and error codes).
"""

from http import HTTPStatus
from typing import Any

from signoff.sms.channels import NotSent, Refused, Text

TIMEOUT = 10  # seconds


class TwilioChannel:
    """``sender`` is a number of the account or the SID of a messaging service (MG…)."""

    def __init__(self, account: str, token: str, sender: str, *, http_client: Any = None) -> None:
        from twilio.http.http_client import TwilioHttpClient  # noqa: PLC0415 - an optional package
        from twilio.rest import Client  # noqa: PLC0415

        self.client = Client(account, token, http_client=http_client or TwilioHttpClient(timeout=TIMEOUT))
        self.sender = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}

    def send(self, text: Text) -> None:
        from requests import RequestException  # noqa: PLC0415 - comes with the SDK
        from twilio.base.exceptions import TwilioRestException  # noqa: PLC0415

        try:
            self.client.messages.create(to=text.to, body=text.words, **self.sender)
        except TwilioRestException as error:
            busy = error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            raise (NotSent if busy else Refused)(f"Twilio answered {error.status}, code {error.code}") from error
        except RequestException as error:
            raise NotSent(type(error).__name__) from error
