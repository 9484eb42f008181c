import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django_fsm
import pgtrigger.compiler
import returns.models.units
import signoff.db.tokens
import simple_history.models
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
        WHERE tgrelid IN ('refunds_entry'::regclass) AND NOT tgisinternal
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', found.of_table, found.tgname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    replaces = [
        ('refunds', '0001_initial'),
        ('refunds', '0002_ledger_always'),
        ('refunds', '0003_asking_the_provider'),
        ('refunds', '0004_list_indexes'),
        ('refunds', '0005_names_of_links'),
        ('refunds', '0006_sign_off'),
        ('refunds', '0007_trail_of_refunds'),
        ('refunds', '0008_chain_by_content'),
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
                name='HistoricalApprovalTier',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('above', models.DecimalField(decimal_places=3, max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='for plans over')),
                    ('approvers', models.PositiveSmallIntegerField(default=1, verbose_name='approvers needed')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('shop', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.shop', verbose_name='shop')),
                ],
                options={
                    'verbose_name': 'historical approval tier',
                    'verbose_name_plural': 'historical approval tiers',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalResolution',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('plan', 'plan'), ('offer', 'counter-offer')], default='plan', max_length=5, verbose_name='kind')),
                    ('goods_come_back', models.BooleanField(default=True, verbose_name='goods must be returned')),
                    ('gateway', models.CharField(default='manual', max_length=20, verbose_name='paid by')),
                    ('total', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='to refund')),
                    ('explanation', models.JSONField(default=list)),
                    ('note', models.TextField(blank=True, verbose_name='note for the approver')),
                    ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                    ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='superseded')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.case', verbose_name='case')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ],
                options={
                    'verbose_name': 'historical resolution',
                    'verbose_name_plural': 'historical resolutions',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Resolution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('plan', 'plan'), ('offer', 'counter-offer')], default='plan', max_length=5, verbose_name='kind')),
                    ('goods_come_back', models.BooleanField(default=True, verbose_name='goods must be returned')),
                    ('gateway', models.CharField(default='manual', max_length=20, verbose_name='paid by')),
                    ('total', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='to refund')),
                    ('explanation', models.JSONField(default=list)),
                    ('note', models.TextField(blank=True, verbose_name='note for the approver')),
                    ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                    ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='superseded')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='returns.case', verbose_name='case')),
                    ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ],
                options={
                    'verbose_name': 'resolution',
                    'verbose_name_plural': 'resolutions',
                    'ordering': ['case', 'proposed_at', 'id'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('case',), name='one_resolution_in_force'), models.CheckConstraint(condition=models.Q(('total__gte', 0)), name='resolution_total_not_negative')],
                },
            ),
            migrations.CreateModel(
                name='Item',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('remedy', models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], max_length=12, verbose_name='remedy')),
                    ('quantity', models.PositiveIntegerField(default=0, verbose_name='quantity')),
                    ('units', returns.models.units.UnitsField(blank=True, null=True)),
                    ('net', models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='net')),
                    ('tax', models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='tax')),
                    ('gross', models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='gross')),
                    ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='returns.line', verbose_name='case item')),
                    ('shipping', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='signoff.shippingcharge', verbose_name='shipping charge')),
                    ('resolution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='refunds.resolution', verbose_name='plan')),
                ],
                options={
                    'verbose_name': 'plan item',
                    'verbose_name_plural': 'items',
                    'ordering': ['resolution', 'id'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('line__isnull', False), ('shipping__isnull', False), _connector='XOR'), name='item_of_line_or_shipping'), models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='item_adds_up'), models.CheckConstraint(condition=models.Q(('gross__gte', 0)), name='item_not_negative')],
                },
            ),
            migrations.CreateModel(
                name='HistoricalReplacement',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('exchange', 'exchange'), ('repair', 'repaired goods'), ('resend', 'resend'), ('send_back', 'goods sent back')], max_length=10, verbose_name='kind')),
                    ('sku', models.CharField(max_length=80, verbose_name='SKU')),
                    ('title', models.CharField(max_length=250, verbose_name='item')),
                    ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.case', verbose_name='case')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('parcel', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.parcel', verbose_name='parcel')),
                    ('item', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='refunds.item', verbose_name='plan item')),
                ],
                options={
                    'verbose_name': 'historical shipment',
                    'verbose_name_plural': 'historical shipments',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Replacement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('exchange', 'exchange'), ('repair', 'repaired goods'), ('resend', 'resend'), ('send_back', 'goods sent back')], max_length=10, verbose_name='kind')),
                    ('sku', models.CharField(max_length=80, verbose_name='SKU')),
                    ('title', models.CharField(max_length=250, verbose_name='item')),
                    ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='returns.case', verbose_name='case')),
                    ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='refunds.item', verbose_name='plan item')),
                    ('parcel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='signoff.parcel', verbose_name='parcel')),
                ],
                options={
                    'verbose_name': 'shipment',
                    'verbose_name_plural': 'shipments',
                    'ordering': ['case', 'id'],
                    'permissions': [('send_replacement', 'Can send shipments')],
                    'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['case'], name='replacement_owed'), models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['-sent_at', '-id'], name='replacement_sent')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='replacement_quantity_positive')],
                },
            ),
            migrations.CreateModel(
                name='Refund',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('token', models.CharField(default=signoff.db.tokens.public_token, editable=False, max_length=32, unique=True)),
                    ('amount', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='amount')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('gateway', models.CharField(choices=[('store_credit', 'store credit'), ('manual', 'bank transfer by finance')], max_length=20, verbose_name='paid by')),
                    ('status', django_fsm.FSMField(choices=[('due', 'to be paid'), ('sending', 'being sent'), ('paid', 'paid'), ('failed', 'failed'), ('unknown', 'outcome unknown'), ('pending', 'with the provider'), ('reversed', 'reversed')], default='due', max_length=10, protected=True, verbose_name='status')),
                    ('attempt', models.PositiveSmallIntegerField(default=1, verbose_name='attempt')),
                    ('idempotency_key', models.CharField(max_length=80, unique=True)),
                    ('provider_reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                    ('failure', models.CharField(blank=True, max_length=250, verbose_name='why it failed')),
                    ('due_at', models.DateTimeField(verbose_name='due')),
                    ('first_sent_at', models.DateTimeField(blank=True, null=True, verbose_name='first sent')),
                    ('lease_until', models.DateTimeField(blank=True, null=True)),
                    ('lease_token', models.CharField(blank=True, max_length=32)),
                    ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid')),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='returns.case', verbose_name='case')),
                    ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='signoff.payment', verbose_name='payment')),
                    ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                    ('resolution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='refunds.resolution', verbose_name='plan')),
                    ('ask_first', models.BooleanField(default=False)),
                    ('steps', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                    ('trail', models.CharField(blank=True, db_default='', default='', editable=False, max_length=64)),
                ],
                options={
                    'verbose_name': 'refund',
                    'verbose_name_plural': 'refunds',
                    'permissions': [('pay_refund', 'Can pay and confirm refunds')],
                    'indexes': [models.Index(fields=['status', 'due_at', 'id'], include=('lease_until',), name='refund_by_state')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_positive'), models.CheckConstraint(condition=models.Q(('requested_by__isnull', True), ('approved_by__isnull', True), models.Q(('requested_by', models.F('approved_by')), _negated=True), _connector='OR'), name='refund_four_eyes'), models.UniqueConstraint(condition=models.Q(('provider_reference', ''), _negated=True), fields=('gateway', 'provider_reference'), name='one_refund_per_provider_reference'), models.CheckConstraint(condition=models.Q(('status__in', ['due', 'sending', 'paid', 'failed', 'unknown', 'pending', 'reversed'])), name='refund_status_known')],
                },
                bases=(django_fsm.FSMModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalRefund',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('token', models.CharField(db_index=True, default=signoff.db.tokens.public_token, editable=False, max_length=32)),
                    ('amount', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='amount')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('gateway', models.CharField(choices=[('store_credit', 'store credit'), ('manual', 'bank transfer by finance')], max_length=20, verbose_name='paid by')),
                    ('status', django_fsm.FSMField(choices=[('due', 'to be paid'), ('sending', 'being sent'), ('paid', 'paid'), ('failed', 'failed'), ('unknown', 'outcome unknown'), ('pending', 'with the provider'), ('reversed', 'reversed')], default='due', max_length=10, protected=True, verbose_name='status')),
                    ('attempt', models.PositiveSmallIntegerField(default=1, verbose_name='attempt')),
                    ('idempotency_key', models.CharField(db_index=True, max_length=80)),
                    ('provider_reference', models.CharField(blank=True, max_length=120, verbose_name='reference')),
                    ('failure', models.CharField(blank=True, max_length=250, verbose_name='why it failed')),
                    ('due_at', models.DateTimeField(verbose_name='due')),
                    ('first_sent_at', models.DateTimeField(blank=True, null=True, verbose_name='first sent')),
                    ('lease_until', models.DateTimeField(blank=True, null=True)),
                    ('lease_token', models.CharField(blank=True, max_length=32)),
                    ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('approved_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                    ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.case', verbose_name='case')),
                    ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('payment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.payment', verbose_name='payment')),
                    ('requested_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                    ('resolution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='refunds.resolution', verbose_name='plan')),
                    ('ask_first', models.BooleanField(default=False)),
                    ('steps', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ],
                options={
                    'verbose_name': 'historical refund',
                    'verbose_name_plural': 'historical refunds',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalItem',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('remedy', models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], max_length=12, verbose_name='remedy')),
                    ('quantity', models.PositiveIntegerField(default=0, verbose_name='quantity')),
                    ('units', returns.models.units.UnitsField(blank=True, null=True)),
                    ('net', models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='net')),
                    ('tax', models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='tax')),
                    ('gross', models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='gross')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('line', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.line', verbose_name='case item')),
                    ('shipping', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='signoff.shippingcharge', verbose_name='shipping charge')),
                    ('resolution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='refunds.resolution', verbose_name='plan')),
                ],
                options={
                    'verbose_name': 'historical plan item',
                    'verbose_name_plural': 'historical items',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='HistoricalApproval',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('answer', models.CharField(choices=[('approved', 'approved'), ('sent_back', 'sent back'), ('rejected', 'rejected')], max_length=10, verbose_name='answer')),
                    ('note', models.TextField(blank=True, verbose_name='note')),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.TextField(null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                    ('resolution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='refunds.resolution', verbose_name='plan')),
                ],
                options={
                    'verbose_name': 'historical approval',
                    'verbose_name_plural': 'historical approvals',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name='Approval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answer', models.CharField(choices=[('approved', 'approved'), ('sent_back', 'sent back'), ('rejected', 'rejected')], max_length=10, verbose_name='answer')),
                    ('note', models.TextField(blank=True, verbose_name='note')),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                    ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                    ('resolution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='refunds.resolution', verbose_name='plan')),
                ],
                options={
                    'verbose_name': 'approval',
                    'verbose_name_plural': 'approvals',
                    'ordering': ['resolution', 'at'],
                    'constraints': [models.UniqueConstraint(fields=('resolution', 'by'), name='one_answer_per_approver'), models.CheckConstraint(condition=models.Q(('by__isnull', True), ('proposed_by__isnull', True), models.Q(('by', models.F('proposed_by')), _negated=True), _connector='OR'), name='approver_is_not_proposer')],
                },
            ),
            migrations.CreateModel(
                name='ApprovalTier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('above', models.DecimalField(decimal_places=3, max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='for plans over')),
                    ('approvers', models.PositiveSmallIntegerField(default=1, verbose_name='approvers needed')),
                    ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='signoff.shop', verbose_name='shop')),
                ],
                options={
                    'verbose_name': 'approval tier',
                    'verbose_name_plural': 'approval tiers',
                    'ordering': ['shop', 'above'],
                    'constraints': [models.UniqueConstraint(fields=('shop', 'above'), name='one_tier_per_amount'), models.CheckConstraint(condition=models.Q(('above__gte', 0)), name='tier_not_negative')],
                },
            ),
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveIntegerField()),
                    ('voucher', models.PositiveIntegerField(verbose_name='journal entry')),
                    ('at', models.DateTimeField(verbose_name='when')),
                    ('account', models.CharField(choices=[('returns', 'sales returns'), ('tax', 'tax on sales returns'), ('payable', 'refunds payable'), ('bank', 'bank'), ('store_credit', 'store credit owed to shoppers')], max_length=20, verbose_name='account')),
                    ('amount', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='amount')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('text', models.CharField(max_length=120, verbose_name='text')),
                    ('previous', models.CharField(blank=True, max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='returns.case', verbose_name='case')),
                    ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='signoff.customer', verbose_name='customer')),
                    ('refund', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='refunds.refund', verbose_name='refund')),
                ],
                options={
                    'verbose_name': 'ledger entry',
                    'verbose_name_plural': 'ledger',
                    'ordering': ['case', 'seq'],
                    'indexes': [models.Index(fields=['account', 'customer'], name='ledger_account_customer'), models.Index(fields=['-at', '-id'], name='ledger_newest')],
                    'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='one_ledger_entry_per_number'), models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='ledger_entry_not_zero')],
                    'triggers': [pgtrigger.compiler.Trigger(name='ledger_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8cdaef0a2262e1abc358d380c64b2c06e474b6a9', operation='UPDATE OR DELETE', pgid='pgtrigger_ledger_append_only_d8a86', table='refunds_entry', when='BEFORE')), pgtrigger.compiler.Trigger(name='ledger_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'ledger is append-only and cannot be emptied';", hash='bc86dfdc59c0658ef583471fbb86fb2ac3b63272', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_ledger_no_truncate_86902', table='refunds_entry', when='BEFORE')), pgtrigger.compiler.Trigger(name='ledger_balanced', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n    IF (SELECT sum(amount) FROM refunds_entry WHERE case_id = NEW.case_id AND voucher = NEW.voucher) <> 0 THEN\n        RAISE EXCEPTION 'voucher % of case % does not balance', NEW.voucher, NEW.case_id\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='71a588fcb752ee7587a32f0f0a3a862300f01fc6', operation='INSERT', pgid='pgtrigger_ledger_balanced_86584', table='refunds_entry', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER'))],
                },
            ),
            migrations.CreateModel(
                name='Claim',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('against', models.CharField(max_length=80, verbose_name='against')),
                    ('amount', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='amount')),
                    ('currency', models.CharField(max_length=3, verbose_name='currency')),
                    ('booked_at', models.DateTimeField(verbose_name='booked')),
                    ('violation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='signoff.violation', verbose_name='violation')),
                ],
                options={
                    'verbose_name': 'claim',
                    'verbose_name_plural': 'claims',
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='claim_not_negative')],
                },
            ),
        ]),
        migrations.RunSQL(ALWAYS, migrations.RunSQL.noop),
    ]
