"""Database triggers of the case: legal status changes, one entry for each, closed cases unchanged."""

from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models


class LegalStatus(pgtrigger.Trigger):
    """Refuse a (old, new) pair of status that no transition of the model has."""

    when = pgtrigger.Before
    operation = pgtrigger.UpdateOf("status")
    condition = pgtrigger.Q(old__status__df=pgtrigger.F("new__status"))

    def get_func(self, model: models.Model) -> str:
        pairs = sorted({(step.source, step.target) for step in _steps(model)})
        legal = ", ".join(f"('{source}', '{target}')" for source, target in pairs)
        return f"""
            IF (OLD.status, NEW.status) NOT IN ({legal}) THEN
                RAISE EXCEPTION 'no step leads from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """


class RecordedStatus(pgtrigger.Trigger):
    """At commit, refuse a new status without its logbook entry of the same transaction."""

    when = pgtrigger.After
    operation = pgtrigger.Update
    timing = pgtrigger.Deferred
    condition = pgtrigger.Q(old__status__df=pgtrigger.F("new__status"))
    func = """
        IF NOT EXISTS (
            SELECT 1 FROM returns_logentry
            WHERE case_id = NEW.id AND source = OLD.status AND target = NEW.status
              AND seq <= NEW.seq AND transaction = txid_current()
        ) THEN
            RAISE EXCEPTION 'case % went from % to % without a logbook entry', NEW.number, OLD.status, NEW.status
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """


class ClosedIsImmutable(pgtrigger.Trigger):
    """Refuse any change of a row whose status is closed, except the number and hash of another logbook entry.

    Money can come back long after: the entry tells of it, the case stays as it is.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.Q(old__status="closed")
    func = """
        IF NEW.seq = OLD.seq + 1 AND to_jsonb(NEW) - 'seq' - 'head' = to_jsonb(OLD) - 'seq' - 'head' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'case % is closed and cannot be changed', OLD.number USING ERRCODE = 'check_violation';
    """


def _steps(model: models.Model) -> list[Any]:
    """The transitions of the real model; in a migration the model is one without methods."""
    real = apps.get_model(model._meta.label)
    return list(real._meta.get_field("status").get_all_transitions(real))
