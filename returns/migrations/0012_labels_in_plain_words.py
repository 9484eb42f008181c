"""Only labels and names that people read: nothing to change in the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('returns', '0011_logbook_of_closed_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='historicalline',
                    options={'get_latest_by': ('history_date', 'history_id'), 'ordering': ('-history_date', '-history_id'), 'verbose_name': 'historical case item', 'verbose_name_plural': 'historical case items'},
                ),
                migrations.AlterModelOptions(
                    name='line',
                    options={'ordering': ['case', 'order_line__position', 'id'], 'verbose_name': 'case item', 'verbose_name_plural': 'case items'},
                ),
                migrations.AlterField(
                    model_name='case',
                    name='channel',
                    field=models.CharField(choices=[('portal', 'online by the shopper'), ('agent', 'agent for the shopper'), ('import', 'import'), ('sign_off', 'problem at sign-off'), ('carrier', 'carrier report')], default='portal', max_length=10, verbose_name='channel'),
                ),
                migrations.AlterField(
                    model_name='case',
                    name='status_since',
                    field=models.DateTimeField(verbose_name='in this status since'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='camera_claim',
                    field=models.CharField(blank=True, max_length=120, verbose_name='camera, according to the file'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='line',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='returns.line', verbose_name='case item'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='taken_at_claim',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='taken on, according to the camera'),
                ),
                migrations.AlterField(
                    model_name='historicalcase',
                    name='channel',
                    field=models.CharField(choices=[('portal', 'online by the shopper'), ('agent', 'agent for the shopper'), ('import', 'import'), ('sign_off', 'problem at sign-off'), ('carrier', 'carrier report')], default='portal', max_length=10, verbose_name='channel'),
                ),
                migrations.AlterField(
                    model_name='historicalcase',
                    name='status_since',
                    field=models.DateTimeField(verbose_name='in this status since'),
                ),
                migrations.AlterField(
                    model_name='historicalline',
                    name='wish',
                    field=models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='requested remedy'),
                ),
                migrations.AlterField(
                    model_name='historicalreason',
                    name='active',
                    field=models.BooleanField(default=True, verbose_name='active'),
                ),
                migrations.AlterField(
                    model_name='historicalreason',
                    name='default_remedy',
                    field=models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='default remedy'),
                ),
                migrations.AlterField(
                    model_name='historicalreason',
                    name='freight_bearer',
                    field=models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='who pays return shipping'),
                ),
                migrations.AlterField(
                    model_name='historicalreason',
                    name='goods_come_back',
                    field=models.BooleanField(default=True, verbose_name='goods must be returned'),
                ),
                migrations.AlterField(
                    model_name='historicalreason',
                    name='liability',
                    field=models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='liable party'),
                ),
                migrations.AlterField(
                    model_name='historicalreason',
                    name='parent',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.reason', verbose_name='parent reason'),
                ),
                migrations.AlterField(
                    model_name='historicalreason',
                    name='photos_required',
                    field=models.PositiveSmallIntegerField(default=0, verbose_name='photos required'),
                ),
                migrations.AlterField(
                    model_name='line',
                    name='wish',
                    field=models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='requested remedy'),
                ),
                migrations.AlterField(
                    model_name='line',
                    name='words',
                    field=models.TextField(blank=True, verbose_name="shopper's description"),
                ),
                migrations.AlterField(
                    model_name='logentry',
                    name='by',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by'),
                ),
                migrations.AlterField(
                    model_name='logentry',
                    name='verb',
                    field=models.CharField(max_length=40, verbose_name='event'),
                ),
                migrations.AlterField(
                    model_name='reason',
                    name='active',
                    field=models.BooleanField(default=True, verbose_name='active'),
                ),
                migrations.AlterField(
                    model_name='reason',
                    name='default_remedy',
                    field=models.CharField(choices=[('refund', 'refund'), ('exchange', 'exchange'), ('repair', 'repair'), ('resend', 'resend'), ('compensation', 'compensation, keep the item')], default='refund', max_length=12, verbose_name='default remedy'),
                ),
                migrations.AlterField(
                    model_name='reason',
                    name='freight_bearer',
                    field=models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='who pays return shipping'),
                ),
                migrations.AlterField(
                    model_name='reason',
                    name='goods_come_back',
                    field=models.BooleanField(default=True, verbose_name='goods must be returned'),
                ),
                migrations.AlterField(
                    model_name='reason',
                    name='liability',
                    field=models.CharField(choices=[('shop', 'shop'), ('carrier', 'carrier'), ('supplier', 'supplier'), ('shopper', 'shopper')], max_length=10, verbose_name='liable party'),
                ),
                migrations.AlterField(
                    model_name='reason',
                    name='parent',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='returns.reason', verbose_name='parent reason'),
                ),
                migrations.AlterField(
                    model_name='reason',
                    name='photos_required',
                    field=models.PositiveSmallIntegerField(default=0, verbose_name='photos required'),
                ),
                migrations.AlterField(
                    model_name='statement',
                    name='by',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by'),
                ),
                migrations.AlterField(
                    model_name='statement',
                    name='said_at',
                    field=models.DateTimeField(verbose_name='written on'),
                ),
                migrations.AlterField(
                    model_name='statement',
                    name='topic',
                    field=models.CharField(choices=[('question', 'question to the shopper'), ('answer', "shopper's answer"), ('refusal', 'reason for rejection'), ('appeal', "shopper's appeal"), ('offer', 'counter-offer'), ('reply', 'reply to the offer'), ('appraisal', 'appraisal'), ('note', 'internal note')], max_length=10, verbose_name='topic'),
                ),
                migrations.AlterField(
                    model_name='statement',
                    name='words',
                    field=models.TextField(verbose_name='comment'),
                ),
            ],
        ),
    ]
