import tomllib
from pathlib import Path

from django.db import migrations

WORDS = Path(__file__).resolve().parent.parent / "messages.toml"
TOPICS = ("message", "inquiry")


def write(apps, schema_editor):
    """Add the words of mails with a message of staff; a new installation has them already."""
    MessageTemplate = apps.get_model("feedback", "MessageTemplate")
    texts = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    for topic in TOPICS:
        for language, words in texts[topic].items():
            MessageTemplate.objects.get_or_create(topic=topic, language=language, defaults=words)


class Migration(migrations.Migration):

    dependencies = [
        ("feedback", "0010_conversations"),
    ]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
