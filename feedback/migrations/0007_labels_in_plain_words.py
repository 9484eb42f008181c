"""Only labels and names that people read: nothing to change in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0006_cancelled'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='answer',
                    name='words',
                    field=models.TextField(blank=True, verbose_name='comment'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='created_at',
                    field=models.DateTimeField(verbose_name='created'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='next_try_at',
                    field=models.DateTimeField(verbose_name='next attempt'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='sent_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='sent at'),
                ),
                migrations.AlterField(
                    model_name='survey',
                    name='asked_at',
                    field=models.DateTimeField(verbose_name='invited'),
                ),
            ],
        ),
    ]
