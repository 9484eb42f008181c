"""Positions of readers in the logbook belong to returns; their table was made by feedback and keeps its name."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('returns', '0011_logbook_of_closed_cases'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='ReadingPlace',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reader', models.CharField(max_length=40, unique=True)),
                        ('transaction', models.BigIntegerField(default=0)),
                        ('entry', models.BigIntegerField(default=0)),
                    ],
                    options={
                        'db_table': 'feedback_readingplace',
                    },
                ),
            ],
        ),
    ]
