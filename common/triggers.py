"""Database triggers that back what must never be false.

An app registers its triggers in ``ready()``. They are dropped before every ``migrate`` and made
again after it: SQLite loses a table's triggers when Django rebuilds the table, and refuses to
rename a table that another table's trigger mentions. A system check (``veikart.W001``) names those
that are missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Trigger:
    """``sqlite`` is one statement; ``postgresql`` the body of a plpgsql function and the event.

    ``event`` is what stands between the trigger's name and its table, such as ``BEFORE DELETE``.
    """

    name: str
    table: str
    event: str
    sqlite_body: str
    postgresql_body: str
    level: str = "ROW"

    def create(self, vendor: str) -> tuple[str, ...]:
        if vendor == "sqlite":
            if not self.sqlite_body:
                return ()
            return (
                f"CREATE TRIGGER {self.name} {self.event} ON {self.table} "
                f"BEGIN {self.sqlite_body} END",
            )
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$body$ BEGIN {self.postgresql_body} END $body$",
            f"CREATE TRIGGER {self.name} {self.event} ON {self.table} "
            f"FOR EACH {self.level} EXECUTE FUNCTION {self.name}()",
        )


def refuse(name: str, table: str, event: str, message: str, condition: str = "") -> Trigger:
    """A trigger that refuses ``event`` with ``message`` when ``condition`` holds (always if empty).

    The condition is SQL that both engines understand. Django raises ``IntegrityError``.
    """
    where = f" WHERE {condition}" if condition else ""
    raise_exception = (
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    )
    return Trigger(
        name=name,
        table=table,
        event=event,
        sqlite_body=f"SELECT RAISE(ABORT, '{message}'){where};",
        postgresql_body=(
            f"IF {condition} THEN {raise_exception} END IF; RETURN NEW;"
            if condition
            else raise_exception
        ),
    )


def append_only(table: str, message: str) -> tuple[Trigger, ...]:
    """Rows of ``table`` can be added, never changed or removed (nor truncated on PostgreSQL)."""
    return (
        refuse(f"{table}_no_update", table, "BEFORE UPDATE", message),
        refuse(f"{table}_no_delete", table, "BEFORE DELETE", message),
        Trigger(
            name=f"{table}_no_truncate",
            table=table,
            event="BEFORE TRUNCATE",
            sqlite_body="",
            postgresql_body=(
                f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
            ),
            level="STATEMENT",
        ),
    )


_registered: dict[str, Trigger] = {}


def register(triggers: Iterable[Trigger]) -> None:
    for trigger in triggers:
        _registered[trigger.name] = trigger


def registered(vendor: str) -> tuple[Trigger, ...]:
    """The triggers that a database of this vendor should have."""
    return tuple(trigger for trigger in _registered.values() if trigger.create(vendor))


def drop_all(connection: BaseDatabaseWrapper) -> None:
    """Remove every registered trigger that exists, from any table."""
    present = _present(connection)
    with connection.cursor() as cursor:
        for trigger in registered(connection.vendor):
            if trigger.name not in present:
                continue
            on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {trigger.name}{on_table}")


def install_all(connection: BaseDatabaseWrapper) -> None:
    """Make every registered trigger whose table exists; those that are there are kept."""
    tables = set(connection.introspection.table_names())
    present = _present(connection)
    with connection.cursor() as cursor:
        for trigger in registered(connection.vendor):
            if trigger.table in tables and trigger.name not in present:
                for statement in trigger.create(connection.vendor):
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> tuple[Trigger, ...]:
    """Registered triggers that the database lacks although their table is there."""
    tables = set(connection.introspection.table_names())
    present = _present(connection)
    return tuple(
        trigger
        for trigger in registered(connection.vendor)
        if trigger.table in tables and trigger.name not in present
    )


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}
