"""Mails as mail programs write them."""

import base64
import hashlib
import hmac
import time
from email.message import EmailMessage

TOKEN = "0123456789abcdef0123456789abcdef"
ADDRESS = f"reply+{TOKEN}@reply.shop.example"


def mail(
    text: str = "The lamp arrived.",
    *,
    to: str = ADDRESS,
    sender: str = "Anna <anna@shopper.example>",
    message_id: str = "<one@shopper.example>",
    files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """Raw bytes of a mail with this text and these files; ``headers`` with _ for -."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "Re: Your request"
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def signed(raw: bytes, *, key: bytes, at: float | None = None) -> dict[str, str]:
    """The headers with which a mail server's forwarder signs these bytes."""
    moment = str(int(time.time() if at is None else at))
    signature = base64.b64encode(hmac.new(key, f"m1.{moment}.".encode() + raw, hashlib.sha256).digest()).decode()
    return {"webhook-id": "m1", "webhook-timestamp": moment, "webhook-signature": f"v1,{signature}"}


def bounce(message_id: str, *, to: str = ADDRESS, action: str = "failed", headers_only: bool = False) -> bytes:
    """A delivery status notification about the mail with this Message-ID, as Postfix writes it."""
    about = "text/rfc822-headers" if headers_only else "message/rfc822"
    rest = "" if headers_only else "\n\nHello"
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <bounce.1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@shopper.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--b1
Content-Type: {about}

Message-ID: {message_id}
Subject: A question{rest}

--b1--
""".encode()
