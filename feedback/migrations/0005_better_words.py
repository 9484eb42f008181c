import tomllib
from pathlib import Path

from django.db import migrations

WORDS = Path(__file__).resolve().parent.parent / "messages.toml"


def write(apps, schema_editor):
    """Bring the words that nobody has edited up to date, and those of new topics in."""
    MessageTemplate = apps.get_model("feedback", "MessageTemplate")
    edited = set(apps.get_model("feedback", "HistoricalMessageTemplate").objects.values_list("topic", "language"))
    for topic, languages in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        for language, words in languages.items():
            if (topic, language) not in edited:
                MessageTemplate.objects.update_or_create(topic=topic, language=language, defaults=words)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_message_search")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
