"""Only labels and names that people read: nothing to change in the database."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import signoff.models.delivery
import signoff.models.imports
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('signoff', '0012_hashes_of_sign_offs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='historicalscorerule',
                    options={'get_latest_by': ('history_date', 'history_id'), 'ordering': ('-history_date', '-history_id'), 'verbose_name': 'historical delivery quality rule', 'verbose_name_plural': 'historical delivery quality rules'},
                ),
                migrations.AlterModelOptions(
                    name='keptanswer',
                    options={'verbose_name': 'stored response', 'verbose_name_plural': 'stored responses'},
                ),
                migrations.AlterModelOptions(
                    name='outgoingwebhook',
                    options={'verbose_name': 'webhook to send', 'verbose_name_plural': 'webhooks to send'},
                ),
                migrations.AlterModelOptions(
                    name='scorerule',
                    options={'verbose_name': 'delivery quality rule', 'verbose_name_plural': 'delivery quality rules'},
                ),
                migrations.AlterModelOptions(
                    name='watch',
                    options={'verbose_name': 'parcel being watched', 'verbose_name_plural': 'watched parcels'},
                ),
                migrations.AlterField(
                    model_name='apitoken',
                    name='created_at',
                    field=models.DateTimeField(verbose_name='created'),
                ),
                migrations.AlterField(
                    model_name='apitoken',
                    name='prefix',
                    field=models.CharField(max_length=12, verbose_name='prefix'),
                ),
                migrations.AlterField(
                    model_name='apitoken',
                    name='scopes',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('quotes', 'quotes')], max_length=20), verbose_name='scope'),
                ),
                migrations.AlterField(
                    model_name='customer',
                    name='external_id',
                    field=models.CharField(blank=True, max_length=80, verbose_name='customer number at the shop'),
                ),
                migrations.AlterField(
                    model_name='customer',
                    name='name',
                    field=models.CharField(blank=True, max_length=200, verbose_name='full name'),
                ),
                migrations.AlterField(
                    model_name='customer',
                    name='phone',
                    field=models.CharField(blank=True, max_length=40, verbose_name='phone'),
                ),
                migrations.AlterField(
                    model_name='deliveryterms',
                    name='carrier_proof_signs',
                    field=models.BooleanField(default=False, help_text='a parcel is signed for as soon as its carrier reports it delivered', verbose_name='proof of delivery counts as sign-off'),
                ),
                migrations.AlterField(
                    model_name='deliveryterms',
                    name='case_for',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('late', 'later than promised'), ('silent', 'no tracking updates'), ('returned', 'returned to sender'), ('damaged', 'damaged in transit'), ('lost', 'lost')], max_length=10), blank=True, default=signoff.models.delivery.cases_by_themselves, help_text='after the shopper has been notified', verbose_name='open a case automatically'),
                ),
                migrations.AlterField(
                    model_name='deliveryterms',
                    name='quiet_days',
                    field=models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='days without updates before an exception is raised'),
                ),
                migrations.AlterField(
                    model_name='deliveryterms',
                    name='sign_within_days',
                    field=models.PositiveSmallIntegerField(default=7, help_text='counted from delivery; paused while a case for the order is open', validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(90)], verbose_name='days until automatic sign-off'),
                ),
                migrations.AlterField(
                    model_name='destination',
                    name='name',
                    field=models.CharField(blank=True, max_length=200, verbose_name='full name'),
                ),
                migrations.AlterField(
                    model_name='destination',
                    name='phone',
                    field=models.CharField(blank=True, max_length=40, verbose_name='phone'),
                ),
                migrations.AlterField(
                    model_name='discount',
                    name='lines',
                    field=models.ManyToManyField(blank=True, related_name='discounts', to='signoff.orderline', verbose_name='order lines'),
                ),
                migrations.AlterField(
                    model_name='discrepancy',
                    name='kind',
                    field=models.CharField(choices=[('missing', 'missing'), ('wrong_item', 'wrong item'), ('damaged', 'damaged in transit'), ('defective', 'defective'), ('not_as_described', 'not as described')], max_length=16, verbose_name="what's wrong"),
                ),
                migrations.AlterField(
                    model_name='discrepancy',
                    name='line',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='discrepancies', to='signoff.signoffline', verbose_name='line of a sign-off'),
                ),
                migrations.AlterField(
                    model_name='historicaldeliveryterms',
                    name='carrier_proof_signs',
                    field=models.BooleanField(default=False, help_text='a parcel is signed for as soon as its carrier reports it delivered', verbose_name='proof of delivery counts as sign-off'),
                ),
                migrations.AlterField(
                    model_name='historicaldeliveryterms',
                    name='case_for',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('late', 'later than promised'), ('silent', 'no tracking updates'), ('returned', 'returned to sender'), ('damaged', 'damaged in transit'), ('lost', 'lost')], max_length=10), blank=True, default=signoff.models.delivery.cases_by_themselves, help_text='after the shopper has been notified', verbose_name='open a case automatically'),
                ),
                migrations.AlterField(
                    model_name='historicaldeliveryterms',
                    name='quiet_days',
                    field=models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='days without updates before an exception is raised'),
                ),
                migrations.AlterField(
                    model_name='historicaldeliveryterms',
                    name='sign_within_days',
                    field=models.PositiveSmallIntegerField(default=7, help_text='counted from delivery; paused while a case for the order is open', validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(90)], verbose_name='days until automatic sign-off'),
                ),
                migrations.AlterField(
                    model_name='historicalorder',
                    name='placed_at',
                    field=models.DateTimeField(verbose_name='placed on'),
                ),
                migrations.AlterField(
                    model_name='historicalparcel',
                    name='direction',
                    field=models.CharField(choices=[('outbound', 'to the shopper'), ('return', 'return'), ('replacement', 'shipment')], max_length=12, verbose_name='direction'),
                ),
                migrations.AlterField(
                    model_name='historicalparcel',
                    name='promised_on',
                    field=models.DateField(blank=True, null=True, verbose_name='promised by'),
                ),
                migrations.AlterField(
                    model_name='historicalsavedmapping',
                    name='recipe',
                    field=models.JSONField(verbose_name='meaning of the columns'),
                ),
                migrations.AlterField(
                    model_name='historicalscorerule',
                    name='above_percent',
                    field=models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='threshold in percent'),
                ),
                migrations.AlterField(
                    model_name='historicalscorerule',
                    name='at_least',
                    field=models.PositiveIntegerField(default=50, validators=[django.core.validators.MinValueValidator(1)], verbose_name='minimum number of parcels'),
                ),
                migrations.AlterField(
                    model_name='historicalscorerule',
                    name='days',
                    field=models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1)], verbose_name='period in days'),
                ),
                migrations.AlterField(
                    model_name='historicalscorerule',
                    name='failing',
                    field=models.CharField(choices=[('late', 'late'), ('damaged', 'damaged'), ('wrong', 'wrong item'), ('incomplete', 'incomplete'), ('lost', 'lost')], max_length=10, verbose_name='problem counted'),
                ),
                migrations.AlterField(
                    model_name='historicalscorerule',
                    name='subject',
                    field=models.CharField(choices=[('carrier', 'carrier'), ('seller', 'seller'), ('warehouse', 'warehouse'), ('supplier', 'supplier')], max_length=10, verbose_name='applies to'),
                ),
                migrations.AlterField(
                    model_name='historicalscorerule',
                    name='tariff',
                    field=models.CharField(choices=[('per_parcel', 'amount per parcel with a problem'), ('percent', "percent of the goods' value"), ('flat', 'fixed amount')], default='per_parcel', max_length=10, verbose_name='penalty calculated as'),
                ),
                migrations.AlterField(
                    model_name='historicalshop',
                    name='email',
                    field=models.EmailField(blank=True, max_length=254, verbose_name='customer service e-mail'),
                ),
                migrations.AlterField(
                    model_name='historicalshop',
                    name='phone',
                    field=models.CharField(blank=True, max_length=40, verbose_name='customer service phone'),
                ),
                migrations.AlterField(
                    model_name='historicalshop',
                    name='return_address',
                    field=models.TextField(blank=True, verbose_name='return address'),
                ),
                migrations.AlterField(
                    model_name='historicalviolation',
                    name='evidence',
                    field=models.JSONField(default=list, verbose_name='parcels with problems'),
                ),
                migrations.AlterField(
                    model_name='historicalviolation',
                    name='failed',
                    field=models.PositiveIntegerField(verbose_name='with problems'),
                ),
                migrations.AlterField(
                    model_name='historicalviolation',
                    name='last_day',
                    field=models.DateField(verbose_name='until'),
                ),
                migrations.AlterField(
                    model_name='historicalviolation',
                    name='raised_at',
                    field=models.DateTimeField(verbose_name='found'),
                ),
                migrations.AlterField(
                    model_name='historicalviolation',
                    name='status',
                    field=models.CharField(choices=[('open', 'pending'), ('confirmed', 'confirmed'), ('waived', 'waived')], default='open', max_length=10, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='order',
                    name='placed_at',
                    field=models.DateTimeField(verbose_name='placed on'),
                ),
                migrations.AlterField(
                    model_name='orderanomaly',
                    name='facts',
                    field=models.JSONField(blank=True, default=dict, verbose_name='details'),
                ),
                migrations.AlterField(
                    model_name='orderanomaly',
                    name='kind',
                    field=models.CharField(choices=[('address', 'address incomplete'), ('unpaid', 'not paid in full'), ('totals', 'totals do not add up'), ('article', 'line without SKU')], max_length=10, verbose_name='anomaly'),
                ),
                migrations.AlterField(
                    model_name='orderanomaly',
                    name='settled_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='handled'),
                ),
                migrations.AlterField(
                    model_name='orderanomaly',
                    name='settled_by',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handled by'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='heard_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='last activity'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='lines',
                    field=models.PositiveBigIntegerField(default=0, verbose_name='number of rows'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='outcome',
                    field=models.JSONField(blank=True, default=dict, verbose_name='result'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='problem',
                    field=models.TextField(blank=True, verbose_name='reason for failure'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='refused',
                    field=models.FileField(blank=True, max_length=200, upload_to=signoff.models.imports.import_path, verbose_name='rejected rows'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='sent_at',
                    field=models.DateTimeField(verbose_name='uploaded at'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='sent_by',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by'),
                ),
                migrations.AlterField(
                    model_name='orderimport',
                    name='state',
                    field=models.CharField(choices=[('sent', 'to be previewed'), ('waiting', 'waiting to start'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('dropped', 'discarded')], default='sent', max_length=8, verbose_name='state'),
                ),
                migrations.AlterField(
                    model_name='orderline',
                    name='picture',
                    field=models.CharField(blank=True, help_text="static path of the item's picture", max_length=200),
                ),
                migrations.AlterField(
                    model_name='orderline',
                    name='sku',
                    field=models.CharField(max_length=80, verbose_name='SKU'),
                ),
                migrations.AlterField(
                    model_name='orderline',
                    name='title',
                    field=models.CharField(blank=True, max_length=250, verbose_name='item'),
                ),
                migrations.AlterField(
                    model_name='outgoingwebhook',
                    name='created_at',
                    field=models.DateTimeField(verbose_name='created'),
                ),
                migrations.AlterField(
                    model_name='outgoingwebhook',
                    name='sent_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='sent at'),
                ),
                migrations.AlterField(
                    model_name='parcel',
                    name='direction',
                    field=models.CharField(choices=[('outbound', 'to the shopper'), ('return', 'return'), ('replacement', 'shipment')], max_length=12, verbose_name='direction'),
                ),
                migrations.AlterField(
                    model_name='parcel',
                    name='promised_on',
                    field=models.DateField(blank=True, null=True, verbose_name='promised by'),
                ),
                migrations.AlterField(
                    model_name='parcelexception',
                    name='kind',
                    field=models.CharField(choices=[('late', 'later than promised'), ('silent', 'no tracking updates'), ('returned', 'returned to sender'), ('damaged', 'damaged in transit'), ('lost', 'lost')], max_length=10, verbose_name="what's wrong"),
                ),
                migrations.AlterField(
                    model_name='parcelexception',
                    name='settled_as',
                    field=models.CharField(blank=True, choices=[('arrived', 'delivered after all'), ('moved', 'tracking resumed'), ('case', 'case opened'), ('answered', 'cleared up with carrier or shopper'), ('mistaken', 'false alarm')], max_length=10, verbose_name='how it was handled'),
                ),
                migrations.AlterField(
                    model_name='parcelexception',
                    name='settled_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='handled'),
                ),
                migrations.AlterField(
                    model_name='parcelexception',
                    name='settled_by',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handled by'),
                ),
                migrations.AlterField(
                    model_name='parcelexception',
                    name='told_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='shopper notified'),
                ),
                migrations.AlterField(
                    model_name='rating',
                    name='about',
                    field=models.CharField(choices=[('shop', 'the shop'), ('carrier', 'the carrier')], max_length=8, verbose_name='rating of'),
                ),
                migrations.AlterField(
                    model_name='rating',
                    name='given_at',
                    field=models.DateTimeField(verbose_name='rated on'),
                ),
                migrations.AlterField(
                    model_name='rating',
                    name='words',
                    field=models.TextField(blank=True, verbose_name='comment'),
                ),
                migrations.AlterField(
                    model_name='savedmapping',
                    name='recipe',
                    field=models.JSONField(verbose_name='meaning of the columns'),
                ),
                migrations.AlterField(
                    model_name='scorerule',
                    name='above_percent',
                    field=models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='threshold in percent'),
                ),
                migrations.AlterField(
                    model_name='scorerule',
                    name='at_least',
                    field=models.PositiveIntegerField(default=50, validators=[django.core.validators.MinValueValidator(1)], verbose_name='minimum number of parcels'),
                ),
                migrations.AlterField(
                    model_name='scorerule',
                    name='days',
                    field=models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1)], verbose_name='period in days'),
                ),
                migrations.AlterField(
                    model_name='scorerule',
                    name='failing',
                    field=models.CharField(choices=[('late', 'late'), ('damaged', 'damaged'), ('wrong', 'wrong item'), ('incomplete', 'incomplete'), ('lost', 'lost')], max_length=10, verbose_name='problem counted'),
                ),
                migrations.AlterField(
                    model_name='scorerule',
                    name='subject',
                    field=models.CharField(choices=[('carrier', 'carrier'), ('seller', 'seller'), ('warehouse', 'warehouse'), ('supplier', 'supplier')], max_length=10, verbose_name='applies to'),
                ),
                migrations.AlterField(
                    model_name='scorerule',
                    name='tariff',
                    field=models.CharField(choices=[('per_parcel', 'amount per parcel with a problem'), ('percent', "percent of the goods' value"), ('flat', 'fixed amount')], default='per_parcel', max_length=10, verbose_name='penalty calculated as'),
                ),
                migrations.AlterField(
                    model_name='shop',
                    name='email',
                    field=models.EmailField(blank=True, max_length=254, verbose_name='customer service e-mail'),
                ),
                migrations.AlterField(
                    model_name='shop',
                    name='phone',
                    field=models.CharField(blank=True, max_length=40, verbose_name='customer service phone'),
                ),
                migrations.AlterField(
                    model_name='shop',
                    name='return_address',
                    field=models.TextField(blank=True, verbose_name='return address'),
                ),
                migrations.AlterField(
                    model_name='signoff',
                    name='channel',
                    field=models.CharField(choices=[('portal', 'online'), ('phone', 'by phone'), ('email', 'by e-mail'), ('counter', 'in the shop'), ('carrier', 'proof of delivery'), ('timer', 'automatically')], max_length=10, verbose_name='channel'),
                ),
                migrations.AlterField(
                    model_name='signoff',
                    name='corrects',
                    field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='signoff.signoff', verbose_name='replaces'),
                ),
                migrations.AlterField(
                    model_name='signoff',
                    name='said_by',
                    field=models.CharField(blank=True, choices=[('buyer', 'the buyer'), ('household', 'someone in the household'), ('neighbour', 'a neighbour'), ('desk', 'a reception desk or parcel shop'), ('other', 'someone else')], db_default='', default='', max_length=10, verbose_name='accepted by'),
                ),
                migrations.AlterField(
                    model_name='signoffnote',
                    name='line',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='signoff.signoffline', verbose_name='line of a sign-off'),
                ),
                migrations.AlterField(
                    model_name='signoffnote',
                    name='name',
                    field=models.CharField(blank=True, max_length=200, verbose_name='full name'),
                ),
                migrations.AlterField(
                    model_name='signoffnote',
                    name='words',
                    field=models.TextField(blank=True, verbose_name='comment'),
                ),
                migrations.AlterField(
                    model_name='signoffphoto',
                    name='camera_claim',
                    field=models.CharField(blank=True, max_length=120, verbose_name='camera, according to the file'),
                ),
                migrations.AlterField(
                    model_name='signoffphoto',
                    name='taken_at_claim',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='taken on, according to the camera'),
                ),
                migrations.AlterField(
                    model_name='trackingevent',
                    name='code',
                    field=models.CharField(choices=[('registered', 'label made'), ('in_transit', 'on its way'), ('out_for_delivery', 'out for delivery'), ('ready_for_pickup', 'ready for pick-up'), ('delivered', 'delivered'), ('exception', 'problem'), ('returned', 'returned to sender')], max_length=20, verbose_name='tracking event'),
                ),
                migrations.AlterField(
                    model_name='trackingevent',
                    name='description',
                    field=models.CharField(blank=True, max_length=250, verbose_name="carrier's text"),
                ),
                migrations.AlterField(
                    model_name='trackingevent',
                    name='harm',
                    field=models.CharField(blank=True, choices=[('lost', 'lost'), ('damaged', 'damaged in transit')], db_default='', default='', max_length=10, verbose_name='type of exception'),
                ),
                migrations.AlterField(
                    model_name='violation',
                    name='evidence',
                    field=models.JSONField(default=list, verbose_name='parcels with problems'),
                ),
                migrations.AlterField(
                    model_name='violation',
                    name='failed',
                    field=models.PositiveIntegerField(verbose_name='with problems'),
                ),
                migrations.AlterField(
                    model_name='violation',
                    name='last_day',
                    field=models.DateField(verbose_name='until'),
                ),
                migrations.AlterField(
                    model_name='violation',
                    name='raised_at',
                    field=models.DateTimeField(verbose_name='found'),
                ),
                migrations.AlterField(
                    model_name='violation',
                    name='status',
                    field=models.CharField(choices=[('open', 'pending'), ('confirmed', 'confirmed'), ('waived', 'waived')], default='open', max_length=10, verbose_name='status'),
                ),
            ],
        ),
    ]
