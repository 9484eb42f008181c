import tomllib
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import signoff.db.tokens
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from signoff.db.create_models import CreateModels
from pathlib import Path


WORDS = ("messages.toml", "parcels.toml")


def write(apps, schema_editor):
    """Give a new installation its words."""
    MessageTemplate = apps.get_model("feedback", "MessageTemplate")
    for name in WORDS:
        text = (Path(__file__).resolve().parent.parent / name).read_text(encoding="utf-8")
        for topic, languages in tomllib.loads(text).items():
            for language, words in languages.items():
                MessageTemplate.objects.create(topic=topic, language=language, **words)


def begin_at_the_first_sign_off(apps, schema_editor):
    """A new installation has no sign-offs that were made before there were receipts."""
    apps.get_model("returns", "ReadingPlace").objects.create(reader="sign_offs")


class Migration(migrations.Migration):

    replaces = [
        ('feedback', '0001_initial'),
        ('feedback', '0002_first_words'),
        ('feedback', '0003_names_of_links'),
        ('feedback', '0004_messages_about_parcels'),
        ('feedback', '0005_words_about_parcels'),
        ('feedback', '0006_cancelled'),
        ('feedback', '0007_place_in_the_logbook'),
    ]

    initial = True

    dependencies = [
        ('returns', '0001_squashed_0012_place_in_the_logbook'),
        ('signoff', '0001_squashed_0012_hashes_of_sign_offs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='HistoricalMessageTemplate',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('topic', models.CharField(max_length=40, verbose_name='topic')),
                    ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese'), ('zh-hant', 'Traditional Chinese')], max_length=10, verbose_name='language')),
                    ('subject', models.CharField(max_length=200, verbose_name='subject')),
                    ('body', models.TextField(verbose_name='text')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical message template',
                    'verbose_name_plural': 'historical message templates',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='MessageTemplate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('topic', models.CharField(max_length=40, verbose_name='topic')),
                    ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese'), ('zh-hant', 'Traditional Chinese')], max_length=10, verbose_name='language')),
                    ('subject', models.CharField(max_length=200, verbose_name='subject')),
                    ('body', models.TextField(verbose_name='text')),
                ],
                options={
                    'verbose_name': 'message template',
                    'verbose_name_plural': 'message templates',
                    'ordering': ['topic', 'language'],
                    'constraints': [models.UniqueConstraint(fields=('topic', 'language'), name='one_template_per_language')],
                },
            ),
            migrations.CreateModel(
                name='Survey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.CharField(default=signoff.db.tokens.public_token, editable=False, max_length=32, unique=True)),
                    ('asked_at', models.DateTimeField(verbose_name='invited')),
                    ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='survey', to='returns.case', verbose_name='case')),
                ],
                options={
                    'verbose_name': 'survey',
                    'verbose_name_plural': 'surveys',
                    'ordering': ['-asked_at', '-id'],
                    'indexes': [models.Index(fields=['-asked_at', '-id'], name='survey_newest')],
                },
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('satisfaction', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='satisfaction')),
                    ('ease', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='ease')),
                    ('words', models.TextField(blank=True, verbose_name='comment')),
                    ('answered_at', models.DateTimeField(verbose_name='answered')),
                    ('survey', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='feedback.survey', verbose_name='survey')),
                ],
                options={
                    'verbose_name': 'answer',
                    'verbose_name_plural': 'answers',
                    'constraints': [models.CheckConstraint(condition=models.Q(('ease__range', (1, 5)), ('satisfaction__range', (1, 5))), name='answer_one_to_five')],
                },
            ),
            migrations.CreateModel(
                name='Message',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('topic', models.CharField(max_length=40, verbose_name='topic')),
                    ('dedupe_key', models.CharField(max_length=80)),
                    ('language', models.CharField(max_length=10, verbose_name='language')),
                    ('to', models.EmailField(blank=True, max_length=254, verbose_name='to')),
                    ('subject', models.CharField(max_length=200, verbose_name='subject')),
                    ('text', models.TextField(verbose_name='text')),
                    ('status', models.CharField(choices=[('queued', 'waiting to be sent'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'not delivered')], default='queued', max_length=8, verbose_name='status')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                    ('created_at', models.DateTimeField(verbose_name='created')),
                    ('next_try_at', models.DateTimeField(verbose_name='next attempt')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                    ('failure', models.CharField(blank=True, max_length=250, verbose_name='why it failed')),
                    ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='returns.case', verbose_name='case')),
                    ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='returns.logentry', verbose_name='logbook entry')),
                    ('parcel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='signoff.parcel', verbose_name='parcel')),
                ],
                options={
                    'verbose_name': 'message',
                    'verbose_name_plural': 'messages',
                    'ordering': ['-created_at', '-id'],
                    'indexes': [models.Index(fields=['status', 'next_try_at', 'id'], name='message_outbox'), models.Index(fields=['-created_at', '-id'], name='message_newest'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('to'), name='gin_trgm_ops'), name='message_to_words')],
                    'constraints': [models.UniqueConstraint(fields=('topic', 'dedupe_key'), name='one_message_per_event'), models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('parcel', None)), models.Q(('case', None), ('entry', None), ('parcel__isnull', False)), _connector='OR'), name='message_about_case_or_parcel')],
                },
            ),
        ]),
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.RunPython(begin_at_the_first_sign_off, migrations.RunPython.noop),
    ]
