import django.contrib.postgres.constraints
import django.db.models.deletion
import django.utils.timezone
import django_fsm
import pgtrigger.compiler
import returns.models.units
import signoff.db.tokens
import signoff.pictures.models
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models
from signoff.db.create_models import CreateModels


# Triggers of a session in replication role "replica" sleep, unless they are ENABLE ALWAYS.
ALWAYS = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT tgrelid::regclass AS of_table, tgname FROM pg_trigger
        WHERE tgrelid IN ('returns_logentry'::regclass, 'returns_case'::regclass, 'returns_checkpoint'::regclass) AND NOT tgisinternal
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', found.of_table, found.tgname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    replaces = [
        ('returns', '0001_initial'),
        ('returns', '0002_numbers_and_always'),
        ('returns', '0003_checkpoints'),
        ('returns', '0004_queue_indexes'),
        ('returns', '0005_list_indexes'),
        ('returns', '0006_names_of_links'),
        ('returns', '0007_sign_off'),
        ('returns', '0008_owner_queue_covers'),
        ('returns', '0009_cancelled'),
        ('returns', '0010_logbook_by_content'),
        ('returns', '0011_logbook_of_closed_cases'),
        ('returns', '0012_place_in_the_logbook'),
    ]

    initial = True

    dependencies = [
        ('signoff', '0001_squashed_0012_hashes_of_sign_offs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE returns_case_number START 100001", "DROP SEQUENCE returns_case_number"),
        CreateModels([
            migrations.CreateModel(
                name='Case',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                    ('status', django_fsm.FSMField(choices=[('submitted', 'awaiting review'), ('waiting_on_shopper', 'waiting for shopper'), ('in_appraisal', 'in appraisal'), ('offered', 'offer sent'), ('awaiting_approval', 'awaiting approval'), ('authorised', 'awaiting return'), ('in_transit', 'on its way back'), ('received', 'awaiting inspection'), ('inspected', 'inspected'), ('settling', 'completing'), ('resolved', 'resolved'), ('rejected', 'rejected'), ('cancelled', 'cancelled'), ('expired', 'expired'), ('closed', 'closed')], default='submitted', max_length=20, protected=True, verbose_name='status')),
                    ('channel', models.CharField(choices=[('portal', 'online by the shopper'), ('agent', 'agent for the shopper'), ('import', 'import'), ('sign_off', 'problem at sign-off'), ('carrier', 'carrier report')], default='portal', max_length=10, verbose_name='channel')),
                    ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese'), ('zh-hant', 'Traditional Chinese')], default='en', max_length=10, verbose_name='language')),
                    ('value', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='value')),
                    ('opened_at', models.DateTimeField(verbose_name='opened')),
                    ('status_since', models.DateTimeField(verbose_name='in this status since')),
                    ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                    ('seq', models.PositiveIntegerField(default=0)),
                    ('head', models.CharField(blank=True, max_length=64)),
                    ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='signoff.customer', verbose_name='customer')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='signoff.order', verbose_name='order')),
                    ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('parcels', models.ManyToManyField(blank=True, related_name='cases', to='signoff.parcel', verbose_name='parcels')),
                    ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='signoff.shop', verbose_name='shop')),
                ],
                options={
                    'verbose_name': 'case',
                    'verbose_name_plural': 'cases',
                    'permissions': [('review_case', 'Can review cases'), ('approve_case', 'Can approve plans'), ('inspect_case', 'Can receive and inspect goods')],
                    'indexes': [models.Index(fields=['status', 'due_at', 'id'], name='case_queue'), models.Index(fields=['-opened_at', '-id'], include=('status', 'owner', 'shop', 'language'), name='case_newest_first'), models.Index(fields=['shop', 'language', 'status', 'due_at', 'id'], name='case_shop_queue'), models.Index(fields=['owner', 'status', 'due_at', 'id'], include=('language', 'shop'), name='case_owner_queue'), models.Index(condition=models.Q(('status__in', ('submitted', 'waiting_on_shopper', 'in_appraisal', 'offered', 'awaiting_approval', 'authorised', 'in_transit', 'received', 'inspected', 'settling'))), fields=['due_at', 'id'], include=('status', 'owner', 'shop', 'language'), name='case_open_queue'), models.Index(condition=models.Q(('status__in', ('resolved', 'rejected', 'cancelled', 'expired', 'closed'))), fields=['-opened_at', '-id'], include=('status', 'owner', 'shop', 'language'), name='case_finished_queue')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['submitted', 'waiting_on_shopper', 'in_appraisal', 'offered', 'awaiting_approval', 'authorised', 'in_transit', 'received', 'inspected', 'settling', 'resolved', 'rejected', 'cancelled', 'expired', 'closed'])), name='case_status_known')],
                    'triggers': [pgtrigger.compiler.Trigger(name='case_recorded_status', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status"))', constraint='CONSTRAINT', func="\n        IF NOT EXISTS (\n            SELECT 1 FROM returns_logentry\n            WHERE case_id = NEW.id AND source = OLD.status AND target = NEW.status\n              AND seq <= NEW.seq AND transaction = txid_current()\n        ) THEN\n            RAISE EXCEPTION 'case % went from % to % without a logbook entry', NEW.number, OLD.status, NEW.status\n                USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='6f710dbb11a0e93c4b6b455268457b6163c54e58', operation='UPDATE', pgid='pgtrigger_case_recorded_status_e8385', table='returns_case', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')), pgtrigger.compiler.Trigger(name='case_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='82fa429133344dddcf05ad4e58f0958993ff8b82', operation='DELETE', pgid='pgtrigger_case_never_deleted_6bb13', table='returns_case', when='BEFORE')), pgtrigger.compiler.Trigger(name='case_legal_status', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status"))', func="\n            IF (OLD.status, NEW.status) NOT IN (('authorised', 'cancelled'), ('authorised', 'expired'), ('authorised', 'in_transit'), ('authorised', 'received'), ('awaiting_approval', 'authorised'), ('awaiting_approval', 'cancelled'), ('awaiting_approval', 'inspected'), ('awaiting_approval', 'rejected'), ('awaiting_approval', 'settling'), ('awaiting_approval', 'submitted'), ('cancelled', 'closed'), ('expired', 'closed'), ('in_appraisal', 'cancelled'), ('in_appraisal', 'submitted'), ('in_transit', 'received'), ('in_transit', 'submitted'), ('inspected', 'awaiting_approval'), ('inspected', 'offered'), ('inspected', 'rejected'), ('inspected', 'settling'), ('offered', 'awaiting_approval'), ('offered', 'cancelled'), ('offered', 'expired'), ('offered', 'submitted'), ('received', 'inspected'), ('rejected', 'closed'), ('rejected', 'submitted'), ('resolved', 'closed'), ('resolved', 'submitted'), ('settling', 'resolved'), ('submitted', 'awaiting_approval'), ('submitted', 'cancelled'), ('submitted', 'in_appraisal'), ('submitted', 'offered'), ('submitted', 'rejected'), ('submitted', 'waiting_on_shopper'), ('waiting_on_shopper', 'cancelled'), ('waiting_on_shopper', 'expired'), ('waiting_on_shopper', 'submitted')) THEN\n                RAISE EXCEPTION 'no step leads from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='21acdc3cb7fcf75a610585e41435c699870dfbf2', operation='UPDATE OF "status"', pgid='pgtrigger_case_legal_status_56655', table='returns_case', when='BEFORE')), pgtrigger.compiler.Trigger(name='case_closed_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" = \'closed\')', func="\n        IF NEW.seq = OLD.seq + 1 AND to_jsonb(NEW) - 'seq' - 'head' = to_jsonb(OLD) - 'seq' - 'head' THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'case % is closed and cannot be changed', OLD.number USING ERRCODE = 'check_violation';\n    ", hash='c7655ab05b6c2e1a8d906f00b21a5d9f0b84158b', operation='UPDATE', pgid='pgtrigger_case_closed_immutable_8fac0', table='returns_case', when='BEFORE'))],
                },
                bases=(django_fsm.FSMModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='Draft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.CharField(default=signoff.db.tokens.public_token, editable=False, max_length=32, unique=True)),
                    ('data', models.JSONField(default=dict)),
                    ('started_at', models.DateTimeField(auto_now_add=True)),
                    ('case', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='returns.case', verbose_name='case')),
                    ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='signoff.order', verbose_name='order')),
                ],
            ),
            migrations.CreateModel(
                name='HistoricalCase',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('number', models.CharField(db_index=True, max_length=20, verbose_name='number')),
                    ('status', django_fsm.FSMField(choices=[('submitted', 'awaiting review'), ('waiting_on_shopper', 'waiting for shopper'), ('in_appraisal', 'in appraisal'), ('offered', 'offer sent'), ('awaiting_approval', 'awaiting approval'), ('authorised', 'awaiting return'), ('in_transit', 'on its way back'), ('received', 'awaiting inspection'), ('inspected', 'inspected'), ('settling', 'completing'), ('resolved', 'resolved'), ('rejected', 'rejected'), ('cancelled', 'cancelled'), ('expired', 'expired'), ('closed', 'closed')], default='submitted', max_length=20, protected=True, verbose_name='status')),
                    ('channel', models.CharField(choices=[('portal', 'online by the shopper'), ('agent', 'agent for the shopper'), ('import', 'import'), ('sign_off', 'problem at sign-off'), ('carrier', 'carrier report')], default='portal', max_length=10, verbose_name='channel')),
                    ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese'), ('zh-hant', 'Traditional Chinese')], default='en', max_length=10, verbose_name='language')),
                    ('value', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='value')),
                    ('opened_at', models.DateTimeField(verbose_name='opened')),
                    ('status_since', models.DateTimeField(verbose_name='in this status since')),
                    ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                    ('seq', models.PositiveIntegerField(default=0)),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('customer', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.customer', verbose_name='customer')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('order', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.order', verbose_name='order')),
                    ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                    ('shop', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.shop', verbose_name='shop')),
                ],
                options={
                    'verbose_name': 'historical case',
                    'verbose_name_plural': 'historical cases',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='LogEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveIntegerField()),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('verb', models.CharField(max_length=40, verbose_name='event')),
                    ('source', models.CharField(max_length=20)),
                    ('target', models.CharField(max_length=20)),
                    ('by_shopper', models.BooleanField(default=False)),
                    ('reason', models.TextField(blank=True, verbose_name='why')),
                    ('facts', models.JSONField(default=dict)),
                    ('history_id', models.BigIntegerField(null=True)),
                    ('history_digest', models.CharField(blank=True, max_length=64)),
                    ('previous', models.CharField(blank=True, max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('transaction', models.BigIntegerField(db_default=models.Func(function='txid_current'), editable=False)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='log', to='returns.case', verbose_name='case')),
                    ('digests', models.JSONField(db_default={}, default=dict)),
                ],
                options={
                    'verbose_name': 'logbook entry',
                    'verbose_name_plural': 'logbook',
                    'ordering': ['case', 'seq'],
                    'indexes': [models.Index(fields=['transaction', 'id'], name='logbook_reading')],
                    'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='one_entry_per_number')],
                    'triggers': [pgtrigger.compiler.Trigger(name='logbook_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be6400183f7ee578d5af49cda9c50cc850fc0077', operation='UPDATE OR DELETE', pgid='pgtrigger_logbook_append_only_7d5cb', table='returns_logentry', when='BEFORE')), pgtrigger.compiler.Trigger(name='logbook_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'logbook is append-only and cannot be emptied';", hash='e211f292691f7cc58d6b2c7d906c94b24de8a1f9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_logbook_no_truncate_2e610', table='returns_logentry', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='Reason',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='code')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                    ('title_en', models.CharField(max_length=120, verbose_name='title in English')),
                    ('title_zh_hans', models.CharField(max_length=120, verbose_name='title in Simplified Chinese')),
                    ('title_zh_hant', models.CharField(max_length=120, verbose_name='title in Traditional Chinese')),
                    ('liability', models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='liable party')),
                    ('freight_bearer', models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='who pays return shipping')),
                    ('default_remedy', models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='default remedy')),
                    ('photos_required', models.PositiveSmallIntegerField(default=0, verbose_name='photos required')),
                    ('goods_come_back', models.BooleanField(default=True, verbose_name='goods must be returned')),
                    ('active', models.BooleanField(default=True, verbose_name='active')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='returns.reason', verbose_name='parent reason')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reasons', to='signoff.shop', verbose_name='shop')),
                ],
                options={
                    'verbose_name': 'reason',
                    'verbose_name_plural': 'reasons',
                    'ordering': ['shop', 'position', 'id'],
                    'constraints': [models.UniqueConstraint(fields=('shop', 'code'), name='one_reason_per_code')],
                },
            ),
            migrations.CreateModel(
                name='Line',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('wish', models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='requested remedy')),
                    ('words', models.TextField(blank=True, verbose_name="shopper's description")),
                    ('units', returns.models.units.UnitsField()),
                    ('holds', models.BooleanField(default=True)),
                    ('requested', models.PositiveIntegerField(verbose_name='requested')),
                    ('authorised', models.PositiveIntegerField(default=0, verbose_name='authorised')),
                    ('shipped', models.PositiveIntegerField(default=0, verbose_name='shipped')),
                    ('received', models.PositiveIntegerField(default=0, verbose_name='received')),
                    ('accepted', models.PositiveIntegerField(default=0, verbose_name='accepted')),
                    ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='returns.case', verbose_name='case')),
                    ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_lines', to='signoff.orderline', verbose_name='order line')),
                    ('reason', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='returns.reason', verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'case item',
                    'verbose_name_plural': 'case items',
                    'ordering': ['case', 'order_line__position', 'id'],
                    'indexes': [models.Index(fields=['case', 'reason'], name='case_line_case'), models.Index(fields=['reason', 'case'], name='case_line_reason')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('requested__gt', 0)), name='case_line_requested_positive'), models.CheckConstraint(condition=models.Q(('accepted__lte', models.F('received')), ('authorised__lte', models.F('requested'))), name='case_line_quantities_in_order'), models.UniqueConstraint(fields=('case', 'order_line'), name='one_case_line_per_order_line'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('holds', True)), expressions=[('order_line', '='), ('units', '&&')], name='no_unit_in_two_live_cases')],
                },
            ),
            migrations.CreateModel(
                name='Evidence',
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
                    ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                    ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='returns.case', verbose_name='case')),
                    ('draft', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='returns.draft', verbose_name='draft')),
                    ('order_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='signoff.orderline', verbose_name='order line')),
                    ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='returns.line', verbose_name='case item')),
                ],
                options={
                    'verbose_name': 'evidence',
                    'verbose_name_plural': 'evidence',
                    'constraints': [models.CheckConstraint(condition=models.Q(('case__isnull', False), ('draft__isnull', False), _connector='XOR'), name='evidence_of_case_or_draft')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalReason',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='code')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                    ('title_en', models.CharField(max_length=120, verbose_name='title in English')),
                    ('title_zh_hans', models.CharField(max_length=120, verbose_name='title in Simplified Chinese')),
                    ('title_zh_hant', models.CharField(max_length=120, verbose_name='title in Traditional Chinese')),
                    ('liability', models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='liable party')),
                    ('freight_bearer', models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='who pays return shipping')),
                    ('default_remedy', models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='default remedy')),
                    ('photos_required', models.PositiveSmallIntegerField(default=0, verbose_name='photos required')),
                    ('goods_come_back', models.BooleanField(default=True, verbose_name='goods must be returned')),
                    ('active', models.BooleanField(default=True, verbose_name='active')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('shop', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.shop', verbose_name='shop')),
                    ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.reason', verbose_name='parent reason')),
                ],
                options={
                    'verbose_name': 'historical reason',
                    'verbose_name_plural': 'historical reasons',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalLine',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('wish', models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='requested remedy')),
                    ('units', returns.models.units.UnitsField()),
                    ('holds', models.BooleanField(default=True)),
                    ('requested', models.PositiveIntegerField(verbose_name='requested')),
                    ('authorised', models.PositiveIntegerField(default=0, verbose_name='authorised')),
                    ('shipped', models.PositiveIntegerField(default=0, verbose_name='shipped')),
                    ('received', models.PositiveIntegerField(default=0, verbose_name='received')),
                    ('accepted', models.PositiveIntegerField(default=0, verbose_name='accepted')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.case', verbose_name='case')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('order_line', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.orderline', verbose_name='order line')),
                    ('reason', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.reason', verbose_name='reason')),
                ],
                options={
                    'verbose_name': 'historical case item',
                    'verbose_name_plural': 'historical case items',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Statement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveIntegerField()),
                    ('topic', models.CharField(choices=[('question', 'question to the shopper'), ('answer', "shopper's answer"), ('refusal', 'reason for rejection'), ('appeal', "shopper's appeal"), ('offer', 'counter-offer'), ('reply', 'reply to the offer'), ('appraisal', 'appraisal'), ('note', 'internal note')], max_length=10, verbose_name='topic')),
                    ('words', models.TextField(verbose_name='comment')),
                    ('said_at', models.DateTimeField(verbose_name='written on')),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='returns.case', verbose_name='case')),
                ],
                options={
                    'verbose_name': 'statement',
                    'verbose_name_plural': 'statements',
                    'ordering': ['case', 'seq'],
                },
            ),
            migrations.CreateModel(
                name='Checkpoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('book', models.CharField(max_length=20, verbose_name='book')),
                    ('number', models.PositiveIntegerField(verbose_name='number')),
                    ('digest', models.CharField(max_length=64)),
                    ('at', models.DateTimeField(verbose_name='when')),
                ],
                options={
                    'verbose_name': 'checkpoint',
                    'verbose_name_plural': 'checkpoints',
                    'ordering': ['book', 'number'],
                    'constraints': [models.UniqueConstraint(fields=('book', 'number'), name='one_checkpoint_per_number')],
                    'triggers': [pgtrigger.compiler.Trigger(name='checkpoint_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cf70a029c9d84a6bee274d4196433c6fc8353cda', operation='UPDATE OR DELETE', pgid='pgtrigger_checkpoint_append_only_34664', table='returns_checkpoint', when='BEFORE')), pgtrigger.compiler.Trigger(name='checkpoint_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'checkpoint is append-only and cannot be emptied';", hash='2b8cb508b5b918e5c8477ff6f94838da2fbcfa69', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_checkpoint_no_truncate_ecc96', table='returns_checkpoint', when='BEFORE'))],
                },
            ),
            migrations.CreateModel(
                name='CaseOrigin',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='origin', to='returns.case', verbose_name='case')),
                    ('exception', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_origin', to='signoff.parcelexception', verbose_name='exception')),
                    ('sign_off', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_origin', to='signoff.signoff', verbose_name='sign-off')),
                ],
                options={
                    'verbose_name': 'origin of a case',
                    'verbose_name_plural': 'origins of cases',
                    'constraints': [models.CheckConstraint(condition=models.Q(('sign_off__isnull', False), ('exception__isnull', False), _connector='XOR'), name='origin_is_sign_off_or_exception')],
                },
            ),
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
        ]),
        migrations.RunSQL(ALWAYS, migrations.RunSQL.noop),
    ]
