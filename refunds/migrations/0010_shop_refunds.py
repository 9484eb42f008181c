from django.db import migrations, models

# what imports counted as refunded before is the shop's own: no refund of ours explains it
COUNT = """
    WITH own AS (
        SELECT payment_id, sum(amount) AS amount FROM refunds_refund WHERE status <> 'failed' GROUP BY payment_id
    ), told AS (
        SELECT payment.id, payment.refunded - coalesce(own.amount, 0) AS amount
        FROM signoff_payment AS payment LEFT JOIN own ON own.payment_id = payment.id
    ), counted AS (
        UPDATE signoff_payment AS payment SET reported = told.amount, elsewhere = told.amount
        FROM told WHERE told.id = payment.id AND told.amount > 0 RETURNING payment.id, told.amount
    )
    INSERT INTO signoff_shoprefund (payment_id, token, amount, reference, reported_at, status, decided_at)
    SELECT id, md5(random()::text || id), amount, '', now(), 'elsewhere', now() FROM counted
"""


class Migration(migrations.Migration):

    dependencies = [
        ('refunds', '0009_what_an_exchange_gives'),
        ('signoff', '0017_shop_refunds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='account',
            field=models.CharField(choices=[('returns', 'sales returns'), ('tax', 'tax on sales returns'), ('payable', 'refunds payable'), ('bank', 'bank'), ('store_credit', 'store credit owed to shoppers'), ('provider', 'payment providers'), ('platform', 'money at marketplaces'), ('shop', 'refunded by the shop itself')], max_length=20, verbose_name='account'),
        ),
        migrations.AlterField(
            model_name='historicalrefund',
            name='gateway',
            field=models.CharField(choices=[('store_credit', 'store credit'), ('manual', 'bank transfer'), ('provider_by_hand', 'refund at the payment provider'), ('platform', 'refund at the marketplace')], max_length=20, verbose_name='paid by'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='gateway',
            field=models.CharField(choices=[('store_credit', 'store credit'), ('manual', 'bank transfer'), ('provider_by_hand', 'refund at the payment provider'), ('platform', 'refund at the marketplace')], max_length=20, verbose_name='paid by'),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
