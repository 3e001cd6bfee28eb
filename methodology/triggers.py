"""What the database itself refuses about methods. Registered when the app is ready."""

from common.triggers import Trigger, refuse

_PERMANENT = "A published version never changes."

# Of a published row the status alone may change, and never back to a draft.
_CHANGES_CONTENT = """OLD.status <> 'draft' AND (
    NEW.status = 'draft' OR NEW.id <> OLD.id OR NEW.method_id <> OLD.method_id
    OR NEW.number <> OLD.number OR NEW.content_hash <> OLD.content_hash{more})"""

_DOCUMENT_OF_PUBLISHED = """EXISTS (
    SELECT 1 FROM methodology_methodversion v
    WHERE v.id = OLD.version_id AND v.status <> 'draft')"""


def methodology_triggers() -> tuple[Trigger, ...]:
    version, document = "methodology_methodversion", "methodology_versiondocument"
    overlay = "methodology_overlayversion"
    return (
        refuse(
            f"{version}_no_update",
            version,
            "BEFORE UPDATE",
            _PERMANENT,
            _CHANGES_CONTENT.format(more=""),
        ),
        _no_delete(version),
        refuse(
            f"{document}_no_update",
            document,
            "BEFORE UPDATE",
            _PERMANENT,
            _DOCUMENT_OF_PUBLISHED,
        ),
        _no_delete(document, _DOCUMENT_OF_PUBLISHED),
        refuse(
            f"{overlay}_no_update",
            overlay,
            "BEFORE UPDATE",
            _PERMANENT,
            _CHANGES_CONTENT.format(
                more=" OR CAST(NEW.content AS text) <> CAST(OLD.content AS text)"
                " OR NEW.organisation_id <> OLD.organisation_id"
            ),
        ),
        _no_delete(overlay),
    )


def _no_delete(table: str, condition: str = "OLD.status <> 'draft'") -> Trigger:
    """As :func:`refuse`; a trigger before deletion hands the old row on."""
    trigger = refuse(f"{table}_no_delete", table, "BEFORE DELETE", _PERMANENT, condition)
    return Trigger(
        name=trigger.name,
        table=trigger.table,
        event=trigger.event,
        sqlite_body=trigger.sqlite_body,
        postgresql_body=trigger.postgresql_body.replace("RETURN NEW;", "RETURN OLD;"),
    )
