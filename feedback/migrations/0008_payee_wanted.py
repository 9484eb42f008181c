import tomllib
from pathlib import Path

from django.db import migrations

WORDS = Path(__file__).resolve().parent.parent / "messages.toml"


def write(apps, schema_editor):
    """Add the words that ask for a bank account; a new installation has them already."""
    MessageTemplate = apps.get_model("feedback", "MessageTemplate")
    for language, words in tomllib.loads(WORDS.read_text(encoding="utf-8"))["payee_wanted"].items():
        MessageTemplate.objects.get_or_create(topic="payee_wanted", language=language, defaults=words)


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0001_squashed_0007_place_in_the_logbook'),
    ]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
