import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0012_mails_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="thread",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.thread",
                verbose_name="inquiry",
            ),
        ),
        migrations.RemoveConstraint(model_name="notification", name="notification_kind_known"),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("case__isnull", False),
                    ("kind__in", ["answered", "assigned", "mentioned", "overdue", "sent_back"]),
                    ("thread", None),
                )
                | models.Q(("case", None), ("kind", "mentioned"), ("thread__isnull", False))
                | models.Q(("kind__in", ["payout_failed", "alarm"]), ("thread", None)),
                name="notification_kind_known",
            ),
        ),
    ]
