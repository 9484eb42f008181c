"""The text of the statements behind scorecards (``signoff.scorecards.queries`` fills in the values and reads the rows).

Each begins with the same parts: ``sent``, the parcels of the span with the name they count for; their data from
sign-offs in force, carriers and exceptions; and ``judged``, two booleans for each failing: whether the parcel failed,
and whether there is data.
"""

from collections.abc import Sequence

from signoff.models import Failing, Subject

COLUMNS: dict[str, str] = {Subject.CARRIER: "p.carrier", Subject.SELLER: "p.seller", Subject.WAREHOUSE: "p.warehouse"}
#: a supplier counts for the parcels with its goods: those the parcel's lines name, or the order's where it has none
SUPPLIERS = """
    JOIN LATERAL (
        SELECT DISTINCT line.supplier FROM signoff_orderline line
        WHERE line.order_id = p.order_id AND line.supplier <> '' AND ({inside})
    ) AS l ON true"""
INSIDE = """
        EXISTS (SELECT FROM signoff_parcelline i WHERE i.parcel_id = p.id AND i.order_line_id = line.id)
        OR NOT EXISTS (SELECT FROM signoff_parcelline i WHERE i.parcel_id = p.id)"""
SENT = """
WITH sent AS MATERIALIZED (
    SELECT p.id, p.order_id, {name} AS name, p.promised_on, p.delivered_at,
        ((p.shipped_at AT TIME ZONE %(zone)s)::date - %(first)s) / %(days)s AS stretch
    FROM signoff_parcel p JOIN signoff_order o ON o.id = p.order_id {join}
    WHERE p.shipped_at >= %(start)s AND p.shipped_at < %(end)s AND p.direction <> 'return' AND o.shop_id = %(shop)s
        AND {wanted}
)"""
JUDGED = """
, signed AS (
    SELECT parcel_id, min(signed_at) AS at FROM signoff_signoff
    WHERE parcel_id IN (SELECT id FROM sent) GROUP BY parcel_id
), said AS (
    SELECT s.parcel_id, {said_name} AS name,
        bool_or(d.kind = ANY(%(damaged)s)) AS damaged,
        bool_or(d.kind = ANY(%(wrong)s)) AS wrong,
        bool_or(d.kind = ANY(%(incomplete)s)) AS incomplete
    FROM signoff_discrepancy d JOIN signoff_signoffline sl ON sl.id = d.line_id
        JOIN signoff_orderline ol ON ol.id = sl.order_line_id JOIN signoff_signoff s ON s.id = sl.sign_off_id
    WHERE s.parcel_id IN (SELECT id FROM sent)
        AND NOT EXISTS (SELECT FROM signoff_signoff later WHERE later.corrects_id = s.id)
    GROUP BY 1, 2
), told AS (
    SELECT parcel_id, bool_or(what = 'damaged') AS damaged, bool_or(what = 'lost') AS lost,
        bool_or(what = 'returned') AS returned
    FROM (
        SELECT e.parcel_id, e.harm AS what FROM signoff_trackingevent e
        WHERE e.harm <> '' AND e.parcel_id IN (SELECT id FROM sent) AND NOT EXISTS (
            SELECT FROM signoff_parcelexception x
            WHERE x.parcel_id = e.parcel_id AND x.kind = e.harm AND x.settled_as = 'mistaken'
        )
        UNION ALL
        SELECT parcel_id, kind FROM signoff_parcelexception
        WHERE kind IN ('damaged', 'lost', 'returned') AND settled_as <> 'mistaken'
            AND parcel_id IN (SELECT id FROM sent)
    ) AS reported GROUP BY parcel_id
), judged AS (
    SELECT sent.id, sent.name, sent.stretch,
        coalesce(sent.promised_on < coalesce(arrived.day, %(today)s), false) AS late,
        sent.promised_on IS NOT NULL AND (arrived.day IS NOT NULL OR sent.promised_on < %(today)s) AS late_known,
        coalesce(said.damaged, false) OR coalesce(told.damaged, false) AS damaged,
        signed.at IS NOT NULL OR coalesce(told.damaged, false) AS damaged_known,
        coalesce(said.wrong, false) AS wrong,
        signed.at IS NOT NULL AS wrong_known,
        coalesce(said.incomplete, false) AS incomplete,
        signed.at IS NOT NULL AS incomplete_known,
        arrived.day IS NULL AND coalesce(told.lost, false) AS lost,
        arrived.day IS NOT NULL OR coalesce(told.lost OR told.returned, false) AS lost_known
    FROM sent LEFT JOIN signed ON signed.parcel_id = sent.id
        LEFT JOIN said ON said.parcel_id = sent.id AND {said_for}
        LEFT JOIN told ON told.parcel_id = sent.id,
        LATERAL (SELECT (coalesce(sent.delivered_at, signed.at) AT TIME ZONE %(zone)s)::date AS day) AS arrived
)"""
RATED = """
, rated AS (
    SELECT {told}, count(*) AS times, sum(told.stars) AS stars FROM (
        SELECT {sent}, r.id, r.stars FROM signoff_rating r JOIN sent ON sent.id = r.parcel_id
        WHERE r.about = %(about)s
        UNION
        SELECT {sent}, r.id, r.stars FROM signoff_rating r JOIN sent ON sent.order_id = r.order_id
        WHERE r.parcel_id IS NULL AND r.about = %(about)s
    ) AS told GROUP BY {told}
)"""
ANY_FAILING = " OR ".join(Failing.values)


def tallies_sql(subject: str, by: Sequence[str], *, named: bool) -> str:
    """Rows ``by``, parcels, ratings, stars, then for each failing how many are known and how many failed.

    ``by`` is ``name``, ``stretch`` or both.
    """
    told, sent, judged = (", ".join(f"{table}.{column}" for column in by) for table in ("told", "sent", "judged"))
    same = " AND ".join(f"rated.{column} = judged.{column}" for column in by)
    numbers = ", ".join(f"count(*) FILTER (WHERE {f}_known), count(*) FILTER (WHERE {f})" for f in Failing.values)
    return (
        _judged(subject, named=named)
        + RATED.format(told=told, sent=sent)
        + f"""
SELECT {judged}, count(*), coalesce(max(rated.times), 0), coalesce(max(rated.stars), 0), {numbers}
FROM judged LEFT JOIN rated ON {same} GROUP BY {judged}"""  # noqa: S608 - our own names
    )


def parcel_keys_sql(subject: str, failing: str, *, failed: bool, only: str = "true") -> str:
    """The keys of the parcels counted for ``failing``, or of those that failed; without it all, or all that failed.

    ``only`` is a condition on the parcels ``p``.
    """
    counted = f"{failing}_known" if failing else "true"
    condition = (failing or ANY_FAILING) if failed else counted
    return f"{_judged(subject, only=only)} SELECT DISTINCT id FROM judged WHERE {condition}"  # noqa: S608


def goods_sql(subject: str, failing: str) -> str:
    """Rows (parcel's token, gross of the line, units in the parcel, units of the line) of what failed parcels hold."""
    own = "ol.supplier = ANY(%(spellings)s)" if subject == Subject.SUPPLIER else "true"
    return f"""{_judged(subject)}
, failed AS (
    SELECT DISTINCT p.id, p.order_id, p.token FROM judged JOIN signoff_parcel p ON p.id = judged.id
    WHERE judged.{failing}
)
SELECT failed.token, ol.gross, coalesce(i.quantity, ol.quantity), ol.quantity
FROM failed JOIN signoff_order o ON o.id = failed.order_id AND o.currency = %(currency)s
    JOIN signoff_orderline ol ON ol.order_id = failed.order_id AND ol.kind = 'goods' AND {own}
    LEFT JOIN signoff_parcelline i ON i.parcel_id = failed.id AND i.order_line_id = ol.id
WHERE i.id IS NOT NULL OR NOT EXISTS (SELECT FROM signoff_parcelline x WHERE x.parcel_id = failed.id)"""  # noqa: S608


def failings_sql(subject: str) -> str:
    """Rows (key, a truth value for each failing) of the parcels with the given keys."""
    values = ", ".join(f"bool_or({failing})" for failing in Failing.values)
    return f"{_judged(subject, only='p.id = ANY(%(keys)s)')} SELECT id, {values} FROM judged GROUP BY id"  # noqa: S608


def _judged(subject: str, *, named: bool = True, only: str = "true") -> str:
    by_line = subject == Subject.SUPPLIER
    name = COLUMNS.get(subject, "l.supplier")
    return SENT.format(
        name=name,
        join=SUPPLIERS.format(inside=INSIDE) if by_line else "",
        wanted=f"{only} AND {name} = ANY(%(spellings)s)" if named else only,
    ) + JUDGED.format(
        said_name="ol.supplier" if by_line else "''",
        said_for="said.name = sent.name" if by_line else "true",
    )
