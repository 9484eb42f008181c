import django.db.models.deletion
import django.utils.timezone
import signoff.pictures.models
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models
from signoff.db.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('inspection', '0001_initial'),
        ('inspection', '0002_names_of_links'),
        ('inspection', '0003_uploaded_at'),
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
                name='Appraisal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verdict', models.CharField(choices=[('defective', 'defective'), ('damaged_in_transit', 'damaged in transit'), ('misuse', 'misuse'), ('as_described', 'as described'), ('cannot_tell', 'cannot tell')], max_length=20, verbose_name='verdict')),
                    ('words', models.TextField(verbose_name='notes')),
                    ('given_at', models.DateTimeField(verbose_name='appraised on')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appraisals', to='returns.case', verbose_name='case')),
                    ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='appraised by')),
                ],
                options={
                    'verbose_name': 'appraisal',
                    'verbose_name_plural': 'appraisals',
                    'ordering': ['case', 'given_at'],
                },
            ),
            migrations.CreateModel(
                name='HistoricalAppraisal',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('verdict', models.CharField(choices=[('defective', 'defective'), ('damaged_in_transit', 'damaged in transit'), ('misuse', 'misuse'), ('as_described', 'as described'), ('cannot_tell', 'cannot tell')], max_length=20, verbose_name='verdict')),
                    ('words', models.TextField(verbose_name='notes')),
                    ('given_at', models.DateTimeField(verbose_name='appraised on')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.case', verbose_name='case')),
                    ('given_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='appraised by')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical appraisal',
                    'verbose_name_plural': 'historical appraisals',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalInspection',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('started_at', models.DateTimeField(verbose_name='started')),
                    ('concluded_at', models.DateTimeField(blank=True, null=True, verbose_name='completed')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.case', verbose_name='case')),
                    ('concluded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='completed by')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('started_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ],
                options={
                    'verbose_name': 'historical inspection',
                    'verbose_name_plural': 'historical inspections',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalReceipt',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('received_at', models.DateTimeField(verbose_name='received')),
                    ('counted', models.JSONField(default=dict, verbose_name='counted')),
                    ('remarks', models.TextField(blank=True, verbose_name='remarks')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.case', verbose_name='case')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('parcel', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.parcel', verbose_name='parcel')),
                    ('received_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                ],
                options={
                    'verbose_name': 'historical goods receipt',
                    'verbose_name_plural': 'historical goods receipts',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Inspection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('started_at', models.DateTimeField(verbose_name='started')),
                    ('concluded_at', models.DateTimeField(blank=True, null=True, verbose_name='completed')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='returns.case', verbose_name='case')),
                    ('concluded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='completed by')),
                    ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ],
                options={
                    'verbose_name': 'inspection',
                    'verbose_name_plural': 'inspections',
                    'ordering': ['case', 'started_at'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('concluded_at__isnull', True)), fields=('case',), name='one_open_inspection_per_case')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalFinding',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                    ('verdict', models.CharField(choices=[('as_claimed', 'as reported'), ('other_fault', 'another fault'), ('no_fault_found', 'no fault found'), ('damaged_in_return', 'damaged on the way back'), ('incomplete', 'incomplete'), ('not_ours', 'not our goods')], max_length=20, verbose_name='verdict')),
                    ('disposition', models.CharField(choices=[('restock', 'restock'), ('refurbish', 'refurbish'), ('return_to_vendor', 'return to vendor'), ('scrap', 'scrap'), ('send_back', 'send back to the shopper')], max_length=20, verbose_name='disposition')),
                    ('grade', models.CharField(blank=True, choices=[('A', 'A – like new'), ('B', 'B – opened, complete'), ('C', 'C – signs of use'), ('D', 'D – damaged or incomplete')], max_length=1, verbose_name='condition')),
                    ('words', models.TextField(blank=True, verbose_name='notes')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('line', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.line', verbose_name='case item')),
                    ('inspection', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='inspection.inspection', verbose_name='inspection')),
                ],
                options={
                    'verbose_name': 'historical finding',
                    'verbose_name_plural': 'historical findings',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Finding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                    ('verdict', models.CharField(choices=[('as_claimed', 'as reported'), ('other_fault', 'another fault'), ('no_fault_found', 'no fault found'), ('damaged_in_return', 'damaged on the way back'), ('incomplete', 'incomplete'), ('not_ours', 'not our goods')], max_length=20, verbose_name='verdict')),
                    ('disposition', models.CharField(choices=[('restock', 'restock'), ('refurbish', 'refurbish'), ('return_to_vendor', 'return to vendor'), ('scrap', 'scrap'), ('send_back', 'send back to the shopper')], max_length=20, verbose_name='disposition')),
                    ('grade', models.CharField(blank=True, choices=[('A', 'A – like new'), ('B', 'B – opened, complete'), ('C', 'C – signs of use'), ('D', 'D – damaged or incomplete')], max_length=1, verbose_name='condition')),
                    ('words', models.TextField(blank=True, verbose_name='notes')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='returns.line', verbose_name='case item')),
                    ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='inspection.inspection', verbose_name='inspection')),
                ],
                options={
                    'verbose_name': 'finding',
                    'verbose_name_plural': 'findings',
                    'ordering': ['inspection', 'line', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('inspection', 'line'), name='one_finding_per_line')],
                },
            ),
            migrations.CreateModel(
                name='Photo',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                    ('file', models.FileField(blank=True, max_length=200, upload_to=signoff.pictures.models.picture_path, verbose_name='picture')),
                    ('thumbnail', models.FileField(blank=True, max_length=200, upload_to=signoff.pictures.models.thumbnail_path, verbose_name='thumbnail')),
                    ('width', models.PositiveIntegerField(default=0, verbose_name='width')),
                    ('height', models.PositiveIntegerField(default=0, verbose_name='height')),
                    ('bytes', models.PositiveIntegerField(default=0, verbose_name='bytes stored')),
                    ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 of the original')),
                    ('dhash', models.CharField(blank=True, max_length=16, verbose_name='difference hash')),
                    ('original_format', models.CharField(blank=True, max_length=10, verbose_name='format of the original')),
                    ('taken_at_claim', models.DateTimeField(blank=True, null=True, verbose_name='taken on, according to the camera')),
                    ('camera_claim', models.CharField(blank=True, max_length=120, verbose_name='camera, according to the file')),
                    ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='uploaded at')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='returns.case', verbose_name='case')),
                    ('inspection', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='inspection.inspection', verbose_name='inspection')),
                    ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='returns.line', verbose_name='case item')),
                    ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken by')),
                ],
                options={
                    'verbose_name': 'photo',
                    'verbose_name_plural': 'photos',
                },
            ),
            migrations.CreateModel(
                name='Receipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('received_at', models.DateTimeField(verbose_name='received')),
                    ('counted', models.JSONField(default=dict, verbose_name='counted')),
                    ('remarks', models.TextField(blank=True, verbose_name='remarks')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='returns.case', verbose_name='case')),
                    ('parcel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='signoff.parcel', verbose_name='parcel')),
                    ('received_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                ],
                options={
                    'verbose_name': 'goods receipt',
                    'verbose_name_plural': 'goods receipts',
                    'ordering': ['case', 'received_at'],
                },
            ),
        ]),
    ]
