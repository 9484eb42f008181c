"""Reads the state of cases by SQL, without the product's own code."""

import psycopg
from django.apps import apps
from django.db import connection

#: each counts what must not be
INVARIANTS = {
    "a payment counts other than its refunds, or more than was captured": """
        SELECT count(*) FROM signoff_payment p WHERE refunded > captured OR refunded <> coalesce((
            SELECT sum(amount) FROM refunds_refund r WHERE r.payment_id = p.id AND r.status <> 'failed'), 0)""",
    "an order line or a shipping charge gives back more than it cost": """
        SELECT (SELECT count(*) FROM signoff_orderline WHERE refunded > gross OR refunded < 0)
             + (SELECT count(*) FROM signoff_shippingcharge WHERE refunded > gross OR refunded < 0)""",
    "what lines and charges count is not what standing refunds give back": """
        SELECT count(*) FROM (SELECT
            (SELECT coalesce(sum(refunded), 0) FROM signoff_orderline)
            + (SELECT coalesce(sum(refunded), 0) FROM signoff_shippingcharge) AS counted,
            (SELECT coalesce(sum(amount), 0) FROM refunds_refund WHERE status <> 'failed') AS given) AS sums
        WHERE counted <> given""",
    "a unit is held twice": """
        SELECT count(*) FROM returns_line a JOIN returns_line b ON a.order_line_id = b.order_line_id AND a.id < b.id
        WHERE a.holds AND b.holds AND a.units && b.units""",
    "a voucher does not balance": """
        SELECT count(*) FROM (SELECT 1 FROM refunds_entry GROUP BY case_id, voucher HAVING sum(amount) <> 0) AS v""",
    "what is owed is not what refunds still owe": """
        SELECT count(*) FROM (SELECT
            (SELECT coalesce(-sum(amount), 0) FROM refunds_entry WHERE account = 'payable') AS booked,
            (SELECT coalesce(sum(amount), 0) FROM refunds_refund WHERE status <> 'paid') AS owed) AS sums
        WHERE booked <> owed""",
    "a case does not know its last entry": """
        SELECT count(*) FROM returns_case c WHERE (c.seq, c.head, c.status) IS DISTINCT FROM (
            SELECT (l.seq, l.hash, l.target) FROM returns_logentry l WHERE l.case_id = c.id ORDER BY l.seq DESC LIMIT 1)
            OR c.seq <> (SELECT count(*) FROM returns_logentry l WHERE l.case_id = c.id)""",
    "the history has other rows than the logbook pins": """
        SELECT count(*) FROM returns_case c WHERE
            (SELECT count(*) FROM returns_historicalcase h WHERE h.id = c.id)
            <> (SELECT count(*) FROM returns_logentry l WHERE l.case_id = c.id AND l.history_id IS NOT NULL)""",
    "a settling case owes nothing": """
        SELECT count(*) FROM returns_case c WHERE status = 'settling'
            AND NOT EXISTS (SELECT 1 FROM refunds_refund r WHERE r.case_id = c.id AND r.status <> 'paid')
            AND NOT EXISTS (SELECT 1 FROM refunds_replacement r WHERE r.case_id = c.id AND r.sent_at IS NULL)""",
    "a resolved case owes something": """
        SELECT count(*) FROM returns_case c WHERE status = 'resolved'
            AND (EXISTS (SELECT 1 FROM refunds_refund r WHERE r.case_id = c.id AND r.status <> 'paid')
              OR EXISTS (SELECT 1 FROM refunds_replacement r WHERE r.case_id = c.id AND r.sent_at IS NULL))""",
    "two plans are in force": """
        SELECT count(*) FROM (SELECT 1 FROM refunds_resolution WHERE superseded_at IS NULL
            GROUP BY case_id HAVING count(*) > 1) AS v""",
    "somebody approved a plan of their own": """
        SELECT count(*) FROM refunds_approval a JOIN refunds_resolution p ON p.id = a.resolution_id
        WHERE a.by_id = p.proposed_by_id""",
}


class DatabaseState:
    """Statements made once for the world, asked past the product's connection.

    Planning eighty tables takes longer than reading them, and psycopg forgets its plans at every rollback.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._own = psycopg.connect(connection.connection.info.dsn, autocommit=True)
        tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
        count = "SELECT '{0}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM {0}"
        self._everything = " UNION ALL ".join(count.format(table) for table in tables)
        asked = " UNION ALL ".join(f"SELECT '{name}', ({sql})" for name, sql in INVARIANTS.items())
        self._broken = f"SELECT * FROM ({asked}) AS asked (name, found) WHERE found > 0"  # noqa: S608

    def everything(self) -> dict[str, tuple[int, int]]:
        """Number of rows and sum of their versions in every table: whatever is written changes it."""
        return {name: (rows, version) for name, rows, version in self._sql(self._everything)}

    def broken(self) -> list[str]:
        """Every invariant that does not hold."""
        return [name for name, _found in self._sql(self._broken)]

    def closed(self) -> dict[int, dict]:
        """Every closed case, but for the number and hash of its last entry: money can come back long after."""
        return dict(self._sql("SELECT id, to_jsonb(c) - 'seq' - 'head' FROM returns_case AS c WHERE status = 'closed'"))

    def close(self) -> None:
        self._own.close()

    def _sql(self, statement: str) -> list[tuple]:
        return self._own.execute(statement, prepare=True).fetchall()
