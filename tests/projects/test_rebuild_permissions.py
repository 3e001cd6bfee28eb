from io import StringIO

import pytest
from django.core.management import call_command

from projects.models import ProjectGroupObjectPermission, ProjectUserObjectPermission
from projects.services import end_membership


def rows():
    return {
        *ProjectUserObjectPermission.objects.values_list(
            "content_object", "user", "permission__codename"
        ),
        *ProjectGroupObjectPermission.objects.values_list(
            "content_object", "group", "permission__codename"
        ),
    }


def rebuild() -> str:
    said = StringIO()
    call_command("rebuild_permissions", stdout=said)
    return said.getvalue()


def test_the_command_brings_back_what_is_lost_and_takes_away_what_is_too_much(
    project, other_project, foreign_project, municipality
):
    end_membership(
        membership=project.memberships.get(user=municipality.reader), actor=municipality.leader
    )
    right = rows()
    ProjectUserObjectPermission.objects.filter(user=municipality.member).delete()
    ProjectGroupObjectPermission.objects.filter(content_object=other_project).delete()
    granted = ProjectUserObjectPermission.objects.filter(user=municipality.leader).first()
    for stranger in (municipality.reader, municipality.employee):
        ProjectUserObjectPermission.objects.create(
            user=stranger, content_object=project, permission=granted.permission
        )
    assert rows() != right
    assert (rebuild(), rows()) == ("Projects whose permissions were written: 3\n", right)


@pytest.mark.django_db
def test_the_command_says_when_there_is_nothing_to_do():
    assert rebuild() == "Projects whose permissions were written: 0\n"
