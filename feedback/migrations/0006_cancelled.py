from django.db import migrations


def rename(apps, schema_editor):
    """A request is cancelled; to withdraw is a right that the law gives."""
    for name in ("MessageTemplate", "HistoricalMessageTemplate", "Message"):
        apps.get_model("feedback", name).objects.filter(topic="withdrawn").update(topic="cancelled")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_words_about_parcels"), ("returns", "0009_cancelled")]

    operations = [migrations.RunPython(rename)]
