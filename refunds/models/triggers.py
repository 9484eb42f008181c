"""Database triggers of plans, approvals and refunds: four eyes, terms that never change, no payment without its entry.

The legal pairs of a refund's status are kept by ``returns.models.triggers.LegalStatus``.
"""

from typing import Any

import pgtrigger


class Frozen(pgtrigger.Trigger):
    """Refuse a change of the columns ``fields``; ``what`` begins the sentence."""

    when = pgtrigger.Before
    operation = pgtrigger.Update

    def __init__(self, *, name: str, fields: tuple[str, ...], what: str) -> None:
        changed = pgtrigger.Q()
        for field in fields:
            changed |= pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")})
        super().__init__(
            name=name,
            condition=changed,
            func=f"RAISE EXCEPTION '{what} % cannot be changed', OLD.id USING ERRCODE = 'check_violation';",
        )


class NotByProposer(pgtrigger.Trigger):
    """Refuse an answer by the person who proposed the plan, as the plan's own row says, and a wrong copy of that name.

    An approval by nobody is the system's: only for a plan that needs no approver (the highest tier that it reaches).
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert
    declare = [("plan", "record"), ("needed", "integer")]

    def __init__(self, *, name: str, without_tiers: int) -> None:
        self.without_tiers = without_tiers
        super().__init__(name=name)

    def get_func(self, model: Any) -> str:
        return f"""
            SELECT r.proposed_by_id, r.total, c.shop_id INTO plan
            FROM refunds_resolution r JOIN returns_case c ON c.id = r.case_id WHERE r.id = NEW.resolution_id;
            IF NEW.by_id = plan.proposed_by_id OR NEW.proposed_by_id IS DISTINCT FROM plan.proposed_by_id THEN
                RAISE EXCEPTION 'plan % is answered by the person who proposed it', NEW.resolution_id
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.by_id IS NULL THEN
                SELECT approvers INTO needed FROM refunds_approvaltier
                WHERE shop_id = plan.shop_id AND above <= plan.total ORDER BY above DESC LIMIT 1;
                IF coalesce(needed, {self.without_tiers}) > 0 THEN
                    RAISE EXCEPTION 'plan % needs a person to approve it', NEW.resolution_id
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            RETURN NEW;
        """  # noqa: S608 - a number of ours


class FourEyes(pgtrigger.Trigger):
    """At commit, refuse a new refund unless its plan was approved, and not by the person who proposed it.

    The plan's own row says who that is; the refund's copies must agree with it and with the approvals.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert
    timing = pgtrigger.Deferred
    declare = [("plan", "refunds_resolution")]
    func = """
        SELECT * INTO plan FROM refunds_resolution WHERE id = NEW.resolution_id;
        IF NEW.requested_by_id IS DISTINCT FROM plan.proposed_by_id OR NEW.approved_by_id = plan.proposed_by_id
            OR plan.approved_at IS NULL OR plan.case_id <> NEW.case_id OR NOT EXISTS (
                SELECT 1 FROM refunds_approval
                WHERE resolution_id = plan.id AND answer = 'approved' AND by_id IS NOT DISTINCT FROM NEW.approved_by_id
            )
        THEN
            RAISE EXCEPTION 'refund % of plan % was not approved by another person', NEW.id, plan.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """


class BeginsDue(pgtrigger.Trigger):
    """Refuse a new refund in any other status: its steps would be missing."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__status__df="due")
    func = "RAISE EXCEPTION 'a refund begins as due, not as %', NEW.status USING ERRCODE = 'check_violation';"


class PaidIsBooked(pgtrigger.Trigger):
    """At commit, refuse a status that the ledger does not show: paid means that the refund's debt is booked as gone.

    Judged by the row as it is then: a payment may be booked and reversed in one transaction.
    """

    when = pgtrigger.After
    operation = pgtrigger.Update
    timing = pgtrigger.Deferred
    condition = pgtrigger.Q(old__status__df=pgtrigger.F("new__status"))
    declare = [("refund", "refunds_refund"), ("booked", "numeric")]
    func = """
        SELECT * INTO refund FROM refunds_refund WHERE id = NEW.id;
        SELECT coalesce(sum(amount), 0) INTO booked FROM refunds_entry
        WHERE refund_id = refund.id AND account = 'payable' AND currency = refund.currency;
        IF booked <> (CASE refund.status WHEN 'paid' THEN refund.amount ELSE 0 END) THEN
            RAISE EXCEPTION 'refund % is % but % is booked for it', refund.id, refund.status, booked
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """
