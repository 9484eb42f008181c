"""Channel without a provider: every text message becomes a file like those of mails, which the demo shows."""

from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path
from secrets import token_hex

from signoff.sms.channels import NotSent, Text

SEPARATOR = b"\n" + b"-" * 79 + b"\n"


class FileChannel:
    """Write every text message to a file of its own in ``folder``."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def send(self, text: Text) -> None:
        message = EmailMessage()
        message["To"], message["From"], message["Subject"] = text.to, "SMS", text.words.split("\n")[0][:60]
        message["Date"] = now = localtime()
        message.set_content(text.words)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self.folder / f"{now:%Y%m%d-%H%M%S}-{int(token_hex(5), 16)}.log"
            file.touch(mode=0o600)
            file.write_bytes(message.as_bytes() + SEPARATOR)
        except OSError as error:
            raise NotSent(str(error)) from error
