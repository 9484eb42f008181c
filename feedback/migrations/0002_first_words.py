import tomllib
from pathlib import Path

from django.db import migrations

WORDS = Path(__file__).resolve().parent.parent / "messages.toml"


def write(apps, schema_editor):
    """Give a new installation its words; what a manager has written stays."""
    MessageTemplate = apps.get_model("feedback", "MessageTemplate")
    for topic, languages in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        for language, words in languages.items():
            MessageTemplate.objects.get_or_create(topic=topic, language=language, defaults=words)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
