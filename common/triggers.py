"""Database triggers that back what must never be false.

An app registers its triggers in ``ready()``. They are dropped before every ``migrate`` and made
again after it: SQLite loses a table's triggers when Django rebuilds the table, and refuses to
rename a table that another table's trigger mentions. A system check (``veikart.W001``) names those
that are missing, switched off or not what they are meant to be.
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


def refuse(
    name: str,
    table: str,
    event: str,
    message: str,
    condition: str = "",
    *,
    postgresql_condition: str = "",
    postgresql_first: str = "",
) -> Trigger:
    """A trigger that refuses ``event`` with ``message`` when ``condition`` holds (always if empty).

    The condition is SQL that both engines understand, unless ``postgresql_condition`` says it in
    other words. ``postgresql_first`` is a statement that PostgreSQL runs before it asks, such as
    one that locks. Django raises ``IntegrityError``.
    """
    where = f" WHERE {condition}" if condition else ""
    on_postgresql = postgresql_condition or condition
    raise_exception = (
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    )
    return Trigger(
        name=name,
        table=table,
        event=event,
        sqlite_body=f"SELECT RAISE(ABORT, '{message}'){where};",
        postgresql_body=(
            f"{postgresql_first} IF {on_postgresql} THEN {raise_exception} END IF; RETURN NEW;"
            if on_postgresql
            else raise_exception
        ),
    )


def append_only(table: str, message: str, *, but_when: str = "") -> tuple[Trigger, ...]:
    """Rows of ``table`` can be added, never changed or removed (nor truncated on PostgreSQL).

    ``but_when`` names the one change that is let through: SQL on ``OLD`` and ``NEW`` that both
    engines understand. What it leaves unknown is refused.
    """
    condition = f"({but_when}) IS NOT TRUE" if but_when else ""
    return (
        refuse(f"{table}_no_update", table, "BEFORE UPDATE", message, condition),
        *never_removed(table, message),
    )


def never_removed(table: str, message: str) -> tuple[Trigger, ...]:
    """Rows of ``table`` are not deleted (nor truncated on PostgreSQL)."""
    return (
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
    present = _definitions(connection)
    with connection.cursor() as cursor:
        for trigger in registered(connection.vendor):
            if trigger.name not in present:
                continue
            on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {trigger.name}{on_table}")


def install_all(connection: BaseDatabaseWrapper) -> None:
    """Make every registered trigger whose table exists; those that are as they should be are kept,
    and one that is switched off or says something else is made anew."""
    wanting = missing(connection)
    present = _definitions(connection)
    with connection.cursor() as cursor:
        for trigger in wanting:
            if trigger.name in present:
                on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {trigger.name}{on_table}")
            for statement in trigger.create(connection.vendor):
                cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> tuple[Trigger, ...]:
    """Registered triggers that the database lacks although their table is there. One that is
    switched off, or does something else under the same name, counts as missing."""
    tables = set(connection.introspection.table_names())
    present = _definitions(connection)
    return tuple(
        trigger
        for trigger in registered(connection.vendor)
        if trigger.table in tables
        and present.get(trigger.name) != _expected(trigger, connection.vendor)
    )


def _expected(trigger: Trigger, vendor: str) -> str:
    """What :func:`_definitions` says of a trigger that is as it should be."""
    if vendor == "sqlite":
        return trigger.create(vendor)[0]
    return f" BEGIN {trigger.postgresql_body} END "


def _definitions(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Every trigger that exists, with what it does; empty for one that is switched off."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT t.tgname, CASE WHEN t.tgenabled IN ('O', 'A') THEN p.prosrc ELSE '' END "
        "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())
