import tomllib
from pathlib import Path

from django.db import migrations

WORDS = Path(__file__).resolve().parent.parent / "parcels.toml"


def write(apps, schema_editor):
    """Give the new topics their words; what a manager has written stays."""
    MessageTemplate = apps.get_model("feedback", "MessageTemplate")
    for topic, languages in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        for language, words in languages.items():
            MessageTemplate.objects.get_or_create(topic=topic, language=language, defaults=words)


def begin_behind_the_past(apps, schema_editor):
    """Nobody gets a receipt now for what was signed before there were receipts."""
    ReadingPlace = apps.get_model("feedback", "ReadingPlace")
    newest = apps.get_model("signoff", "SignOff").objects.order_by("-pk").first()
    ReadingPlace.objects.get_or_create(reader="sign_offs", defaults={"entry": newest.pk if newest else 0})


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_messages_about_parcels"), ("signoff", "0006_always")]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.RunPython(begin_behind_the_past, migrations.RunPython.noop),
    ]
