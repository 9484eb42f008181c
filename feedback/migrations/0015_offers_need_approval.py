import tomllib
from pathlib import Path

from django.db import migrations

WORDS = Path(__file__).resolve().parent.parent / "messages.toml"
#: what the mail of an offer said about silence, and what is true since an offer expires instead of the request
SILENCE = {
    "en": (
        "If you decline, we'll go back to what you asked for. If we don't hear from you by then, this request will end. "
        "You can make a new one at any time.",
        "If you decline or don't answer, we'll go back to what you asked for.",
    ),
    "zh-hans": (
        "不接受，我们会按您最初的诉求继续审核。逾期未答复，本次申请将关闭，您可以随时重新申请。",
        "不接受或未答复，我们会按您最初的诉求继续审核。",
    ),
    "zh-hant": (
        "不接受，我們會依您最初的要求繼續審核。逾期未回覆，本次申請將結案，您可以隨時重新申請。",
        "不接受或未回覆，我們會依您最初的要求繼續審核。",
    ),
}


def write(apps, schema_editor):
    """Correct the mail of an offer and add the one of an offer that has expired; a new installation has them already."""
    MessageTemplate = apps.get_model("feedback", "MessageTemplate")
    for template in MessageTemplate.objects.filter(topic="offered", language__in=SILENCE):
        old, new = SILENCE[template.language]
        template.body = template.body.replace(old, new)
        template.save(update_fields=["body"])
    texts = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    for language, words in texts["offer_lapsed"].items():
        MessageTemplate.objects.get_or_create(topic="offer_lapsed", language=language, defaults=words)


class Migration(migrations.Migration):

    dependencies = [
        ("feedback", "0014_erasing"),
        ("refunds", "0016_offers_need_approval"),
    ]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
