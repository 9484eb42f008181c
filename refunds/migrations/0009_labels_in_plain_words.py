"""Only labels and names that people read: nothing to change in the database."""

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('refunds', '0008_chain_by_content'),
        ('returns', '0012_labels_in_plain_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='historicalitem',
                    options={'get_latest_by': ('history_date', 'history_id'), 'ordering': ('-history_date', '-history_id'), 'verbose_name': 'historical plan item', 'verbose_name_plural': 'historical items'},
                ),
                migrations.AlterModelOptions(
                    name='historicalreplacement',
                    options={'get_latest_by': ('history_date', 'history_id'), 'ordering': ('-history_date', '-history_id'), 'verbose_name': 'historical shipment', 'verbose_name_plural': 'historical shipments'},
                ),
                migrations.AlterModelOptions(
                    name='item',
                    options={'ordering': ['resolution', 'id'], 'verbose_name': 'plan item', 'verbose_name_plural': 'items'},
                ),
                migrations.AlterModelOptions(
                    name='replacement',
                    options={'ordering': ['case', 'id'], 'permissions': [('send_replacement', 'Can send shipments')], 'verbose_name': 'shipment', 'verbose_name_plural': 'shipments'},
                ),
                migrations.AlterField(
                    model_name='approval',
                    name='by',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by'),
                ),
                migrations.AlterField(
                    model_name='approvaltier',
                    name='above',
                    field=models.DecimalField(decimal_places=3, max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='for plans over'),
                ),
                migrations.AlterField(
                    model_name='entry',
                    name='voucher',
                    field=models.PositiveIntegerField(verbose_name='journal entry'),
                ),
                migrations.AlterField(
                    model_name='historicalapproval',
                    name='by',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by'),
                ),
                migrations.AlterField(
                    model_name='historicalapprovaltier',
                    name='above',
                    field=models.DecimalField(decimal_places=3, max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='for plans over'),
                ),
                migrations.AlterField(
                    model_name='historicalitem',
                    name='line',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.line', verbose_name='case item'),
                ),
                migrations.AlterField(
                    model_name='historicalrefund',
                    name='status',
                    field=django_fsm.FSMField(choices=[('due', 'to be paid'), ('sending', 'being sent'), ('paid', 'paid'), ('failed', 'failed'), ('unknown', 'outcome unknown'), ('pending', 'with the provider'), ('reversed', 'reversed')], default='due', max_length=10, protected=True, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='historicalreplacement',
                    name='item',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='refunds.item', verbose_name='plan item'),
                ),
                migrations.AlterField(
                    model_name='historicalreplacement',
                    name='sku',
                    field=models.CharField(max_length=80, verbose_name='SKU'),
                ),
                migrations.AlterField(
                    model_name='historicalreplacement',
                    name='title',
                    field=models.CharField(max_length=250, verbose_name='item'),
                ),
                migrations.AlterField(
                    model_name='historicalresolution',
                    name='goods_come_back',
                    field=models.BooleanField(default=True, verbose_name='goods must be returned'),
                ),
                migrations.AlterField(
                    model_name='item',
                    name='line',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='returns.line', verbose_name='case item'),
                ),
                migrations.AlterField(
                    model_name='refund',
                    name='status',
                    field=django_fsm.FSMField(choices=[('due', 'to be paid'), ('sending', 'being sent'), ('paid', 'paid'), ('failed', 'failed'), ('unknown', 'outcome unknown'), ('pending', 'with the provider'), ('reversed', 'reversed')], default='due', max_length=10, protected=True, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='replacement',
                    name='item',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='refunds.item', verbose_name='plan item'),
                ),
                migrations.AlterField(
                    model_name='replacement',
                    name='sku',
                    field=models.CharField(max_length=80, verbose_name='SKU'),
                ),
                migrations.AlterField(
                    model_name='replacement',
                    name='title',
                    field=models.CharField(max_length=250, verbose_name='item'),
                ),
                migrations.AlterField(
                    model_name='resolution',
                    name='goods_come_back',
                    field=models.BooleanField(default=True, verbose_name='goods must be returned'),
                ),
            ],
        ),
    ]
