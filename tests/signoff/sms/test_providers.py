"""The adapters of text message providers, through their SDKs, against a process that speaks the provider's protocol."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from signoff.sms import NotSent, Refused, Text
from signoff.sms.aliyun import AliyunChannel
from signoff.sms.twilio import TwilioChannel

# Alibaba Cloud's SDK calls datetime.utcnow, which Python has deprecated
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
TEXT = Text("+8613800136620", "123456 is your code.", template="entry_code", values={"code": "123456", "shop": "归雁"})


class Provider(ThreadingHTTPServer):
    """Answers every request with ``answer`` (status, body) and keeps what was sent."""

    answer: tuple[int, dict[str, Any]] = (200, {})
    seen: list[tuple[str, dict[str, str]]]


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        address = urlsplit(self.path)
        sent = {name: values[0] for name, values in parse_qs(address.query + "&" + body).items()}
        self.server.seen.append((address.path, sent))
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), Handler)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def twilio(provider: Provider, sender: str = "+4930555") -> TwilioChannel:
    from twilio.http.http_client import TwilioHttpClient  # noqa: PLC0415

    class Local(TwilioHttpClient):
        """Twilio's own client, but for where its service is."""

        def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
            here = f"http://127.0.0.1:{provider.server_port}"
            return super().request(method, url.replace("https://api.twilio.com", here), *args, **options)

    return TwilioChannel("AC1", "secret", sender, http_client=Local(timeout=2))


def aliyun(provider: Provider, **options: Any) -> AliyunChannel:
    values: dict[str, Any] = {"signature": "归雁家居", "templates": {"entry_code": "SMS_1"}} | options
    return AliyunChannel("id", "secret", endpoint=f"127.0.0.1:{provider.server_port}", protocol="http", **values)


def test_twilio_gets_number_sender_and_words(provider: Provider) -> None:
    provider.answer = 201, {"sid": "SM1", "status": "queued"}
    twilio(provider).send(TEXT)
    [(path, sent)] = provider.seen
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert sent == {"To": "+8613800136620", "From": "+4930555", "Body": "123456 is your code."}


def test_twilio_gets_a_messaging_service(provider: Provider) -> None:
    provider.answer = 201, {"sid": "SM1", "status": "queued"}
    twilio(provider, "MG77").send(TEXT)
    assert provider.seen[0][1]["MessagingServiceSid"] == "MG77"


@pytest.mark.parametrize(("status", "error"), [(400, Refused), (401, Refused), (429, NotSent), (503, NotSent)])
def test_twilios_errors(provider: Provider, status: int, error: type[Exception]) -> None:
    provider.answer = status, {"code": 21211, "message": "The 'To' number is not valid.", "status": status}
    with pytest.raises(error, match="21211"):
        twilio(provider).send(TEXT)


def test_twilio_that_is_down(provider: Provider) -> None:
    channel = twilio(provider)
    provider.shutdown()
    provider.server_close()
    with pytest.raises(NotSent):
        channel.send(TEXT)


def test_alibaba_cloud_gets_number_signature_template_and_values(provider: Provider) -> None:
    provider.answer = 200, {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "R"}
    aliyun(provider).send(TEXT)
    [(path, sent)] = provider.seen
    assert path == "/"
    assert (sent["PhoneNumbers"], sent["SignName"], sent["TemplateCode"]) == ("13800136620", "归雁家居", "SMS_1")
    assert json.loads(sent["TemplateParam"]) == {"code": "123456", "shop": "归雁"}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", Refused),
        ("isv.AMOUNT_NOT_ENOUGH", Refused),
        ("isv.BUSINESS_LIMIT_CONTROL", NotSent),
        ("isp.SYSTEM_ERROR", NotSent),
    ],
)
def test_alibaba_clouds_codes(provider: Provider, code: str, error: type[Exception]) -> None:
    provider.answer = 200, {"Code": code, "Message": "no", "RequestId": "R"}
    with pytest.raises(error, match=code):
        aliyun(provider).send(TEXT)


def test_alibaba_cloud_that_is_down(provider: Provider) -> None:
    channel = aliyun(provider)
    provider.shutdown()
    provider.server_close()
    with pytest.raises(NotSent):
        channel.send(TEXT)


def test_a_text_without_an_approved_template_is_not_sent(provider: Provider) -> None:
    with pytest.raises(Refused, match="entry_code"):
        aliyun(provider, templates={}).send(TEXT)
    assert provider.seen == []
