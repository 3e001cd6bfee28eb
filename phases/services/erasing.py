"""Taking a person out of gate records. The records themselves do not change."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import is_administrator
from audit.services import record_event
from common.outcomes import Refusal
from phases.models import GateRecordPerson, GateRecordSalt
from phases.withheld import without_perishable


@transaction.atomic
def erase_person(*, user: User, actor: User) -> int:
    """Take name and account of ``user`` away from every gate record that refers to them. Gives the
    number of records.

    The records' bytes hold only a key, so every SHA-256 and the chain stand; pages say "erased
    person" from then on, with the role that the person had. For administrators of the person's
    organisation, and for good: nothing here can tell afterwards who it was.

    Out of reach: what people have written. A comment, a reason or a note that mentions the person
    by name stands in the bytes as it was written, and so do names of people without an account.
    Rows outside the records (memberships, who decided) name the account until it is gone itself.
    """
    if not actor.is_active or not is_administrator(actor, user.organisation_id):
        raise Refusal(
            _("Only an administrator of the person's organisation can erase them from records.")
        )
    rows = GateRecordPerson.objects.filter(user=user)
    records = list(rows.values_list("record_id", flat=True))
    rows.update(name="", user=None)
    record_event(
        actor=actor,
        action="gate.person_erased",
        target=user,
        organisation_number=user.organisation_id,
        count=len(records),
    )
    return len(records)


def forget_perished(project_id: int) -> None:
    """Make the digests of perishable values in the project's records say nothing any more, because
    such values have been erased. Those of restricted values still prove theirs."""
    salts = GateRecordSalt.objects.filter(record__project_id=project_id)
    for each in salts:
        GateRecordSalt.objects.filter(pk=each.pk).update(salt=without_perishable(each.salt))
