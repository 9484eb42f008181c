"""Text messages by Alibaba Cloud 短信服务, through its SDK (requirements-sms.txt).

Source: 阿里云 短信服务 API 2017-05-25, SendSms (parameters, codes of the answer). Only approved templates are sent: the
settings say which template code stands for which name, and the signature (签名) of the shop.
"""

import json
from collections.abc import Mapping

from signoff.sms.channels import NotSent, Refused, Text

TIMEOUT = 10_000  # milliseconds
BUSY = ("isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY", "Throttling")


class AliyunChannel:
    """``templates`` maps names of texts to approved template codes, such as ``{"entry_code": "SMS_123456789"}``."""

    def __init__(
        self,
        key: str,
        secret: str,
        *,
        signature: str,
        templates: Mapping[str, str],
        endpoint: str = "dysmsapi.aliyuncs.com",
        protocol: str = "https",
    ) -> None:
        from alibabacloud_dysmsapi20170525.client import Client  # noqa: PLC0415 - an optional package
        from alibabacloud_tea_openapi.models import Config  # noqa: PLC0415

        self.client = Client(
            Config(
                access_key_id=key,
                access_key_secret=secret,
                endpoint=endpoint,
                protocol=protocol,
                connect_timeout=TIMEOUT,
                read_timeout=TIMEOUT,
            )
        )
        self.signature, self.templates = signature, templates

    def send(self, text: Text) -> None:
        from alibabacloud_dysmsapi20170525.models import SendSmsRequest  # noqa: PLC0415
        from Tea.exceptions import TeaException  # noqa: PLC0415

        if not (code := self.templates.get(text.template)):
            raise Refused(f"no approved template is set for {text.template}")
        request = SendSmsRequest(
            phone_numbers=text.to.removeprefix("+86").removeprefix("+"),
            sign_name=self.signature,
            template_code=code,
            template_param=json.dumps(dict(text.values), ensure_ascii=False),
        )
        try:
            answer = self.client.send_sms(request).body.code
        except TeaException as error:
            if not error.code:  # the SDK has had no answer
                raise NotSent(type(error).__name__) from error
            answer = str(error.code)
        except OSError as error:
            raise NotSent(type(error).__name__) from error
        if answer != "OK":
            raise (NotSent if answer.startswith(BUSY) else Refused)(f"Alibaba Cloud answered {answer}")
