"""Only labels and names that people read: nothing to change in the database."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspection', '0003_uploaded_at'),
        ('returns', '0012_labels_in_plain_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='historicalreceipt',
                    options={'get_latest_by': ('history_date', 'history_id'), 'ordering': ('-history_date', '-history_id'), 'verbose_name': 'historical goods receipt', 'verbose_name_plural': 'historical goods receipts'},
                ),
                migrations.AlterModelOptions(
                    name='receipt',
                    options={'ordering': ['case', 'received_at'], 'verbose_name': 'goods receipt', 'verbose_name_plural': 'goods receipts'},
                ),
                migrations.AlterField(
                    model_name='appraisal',
                    name='given_at',
                    field=models.DateTimeField(verbose_name='appraised on'),
                ),
                migrations.AlterField(
                    model_name='appraisal',
                    name='given_by',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='appraised by'),
                ),
                migrations.AlterField(
                    model_name='appraisal',
                    name='words',
                    field=models.TextField(verbose_name='notes'),
                ),
                migrations.AlterField(
                    model_name='finding',
                    name='disposition',
                    field=models.CharField(choices=[('restock', 'restock'), ('refurbish', 'refurbish'), ('return_to_vendor', 'return to vendor'), ('scrap', 'scrap'), ('send_back', 'send back to the shopper')], max_length=20, verbose_name='disposition'),
                ),
                migrations.AlterField(
                    model_name='finding',
                    name='grade',
                    field=models.CharField(blank=True, choices=[('A', 'A – like new'), ('B', 'B – opened, complete'), ('C', 'C – signs of use'), ('D', 'D – damaged or incomplete')], max_length=1, verbose_name='condition'),
                ),
                migrations.AlterField(
                    model_name='finding',
                    name='line',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='returns.line', verbose_name='case item'),
                ),
                migrations.AlterField(
                    model_name='finding',
                    name='verdict',
                    field=models.CharField(choices=[('as_claimed', 'as reported'), ('other_fault', 'another fault'), ('no_fault_found', 'no fault found'), ('damaged_in_return', 'damaged on the way back'), ('incomplete', 'incomplete'), ('not_ours', 'not our goods')], max_length=20, verbose_name='verdict'),
                ),
                migrations.AlterField(
                    model_name='finding',
                    name='words',
                    field=models.TextField(blank=True, verbose_name='notes'),
                ),
                migrations.AlterField(
                    model_name='historicalappraisal',
                    name='given_at',
                    field=models.DateTimeField(verbose_name='appraised on'),
                ),
                migrations.AlterField(
                    model_name='historicalappraisal',
                    name='given_by',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='appraised by'),
                ),
                migrations.AlterField(
                    model_name='historicalappraisal',
                    name='words',
                    field=models.TextField(verbose_name='notes'),
                ),
                migrations.AlterField(
                    model_name='historicalfinding',
                    name='disposition',
                    field=models.CharField(choices=[('restock', 'restock'), ('refurbish', 'refurbish'), ('return_to_vendor', 'return to vendor'), ('scrap', 'scrap'), ('send_back', 'send back to the shopper')], max_length=20, verbose_name='disposition'),
                ),
                migrations.AlterField(
                    model_name='historicalfinding',
                    name='grade',
                    field=models.CharField(blank=True, choices=[('A', 'A – like new'), ('B', 'B – opened, complete'), ('C', 'C – signs of use'), ('D', 'D – damaged or incomplete')], max_length=1, verbose_name='condition'),
                ),
                migrations.AlterField(
                    model_name='historicalfinding',
                    name='line',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='returns.line', verbose_name='case item'),
                ),
                migrations.AlterField(
                    model_name='historicalfinding',
                    name='verdict',
                    field=models.CharField(choices=[('as_claimed', 'as reported'), ('other_fault', 'another fault'), ('no_fault_found', 'no fault found'), ('damaged_in_return', 'damaged on the way back'), ('incomplete', 'incomplete'), ('not_ours', 'not our goods')], max_length=20, verbose_name='verdict'),
                ),
                migrations.AlterField(
                    model_name='historicalfinding',
                    name='words',
                    field=models.TextField(blank=True, verbose_name='notes'),
                ),
                migrations.AlterField(
                    model_name='historicalinspection',
                    name='concluded_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='completed'),
                ),
                migrations.AlterField(
                    model_name='historicalinspection',
                    name='concluded_by',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='completed by'),
                ),
                migrations.AlterField(
                    model_name='inspection',
                    name='concluded_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='completed'),
                ),
                migrations.AlterField(
                    model_name='inspection',
                    name='concluded_by',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='completed by'),
                ),
                migrations.AlterField(
                    model_name='photo',
                    name='camera_claim',
                    field=models.CharField(blank=True, max_length=120, verbose_name='camera, according to the file'),
                ),
                migrations.AlterField(
                    model_name='photo',
                    name='line',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='returns.line', verbose_name='case item'),
                ),
                migrations.AlterField(
                    model_name='photo',
                    name='taken_at_claim',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='taken on, according to the camera'),
                ),
            ],
        ),
    ]
