import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Unit
from accounts.selectors import UnitBranch, nearest_manager, unit_branches, unit_tree, units_below
from accounts.services import save_unit, set_person_active
from common.outcomes import Refusal

UNITS = "/organisasjon/enheter/"
NEW = "/organisasjon/enheter/ny/"


def edit(unit):
    return reverse("accounts:unit_edit", args=[unit.pk])


@pytest.fixture
def below(unit, administrator, organisation):
    return save_unit(
        unit=Unit(organisation=organisation, name="Hjemmetjenester", parent=unit),
        actor=administrator,
    )


def tree(organisation):
    return [(entry.path, entry.depth) for entry in unit_tree(organisation)]


def test_the_tree_lists_parents_before_children_and_siblings_by_name(
    organisation, administrator, unit, below
):
    save_unit(unit=Unit(organisation=organisation, name="Bibliotek"), actor=administrator)
    save_unit(
        unit=Unit(organisation=organisation, name="Fastleger", parent=unit), actor=administrator
    )
    assert tree(organisation) == [
        ("Bibliotek", 0),
        ("Helse", 0),
        ("Helse / Fastleger", 1),
        ("Helse / Hjemmetjenester", 1),
    ]
    assert units_below(unit_tree(organisation), unit) == {
        unit.pk,
        below.pk,
        Unit.objects.get(name="Fastleger").pk,
    }


def test_branches_hold_the_same_tree(organisation, unit, below):
    assert unit_branches(organisation) == (UnitBranch(unit, (UnitBranch(below, ()),)),)


@pytest.mark.parametrize("count", [1, 3])
def test_the_tree_costs_the_same_for_one_unit_and_for_three(
    as_administrator, organisation, administrator, count, django_assert_num_queries
):
    parent = None
    for number in range(count):
        parent = save_unit(
            unit=Unit(
                organisation=organisation,
                name=f"U {number}",
                parent=parent,
                manager=administrator,
            ),
            actor=administrator,
        )
    # Session, person, organisation, own roles; then the units with their managers.
    with django_assert_num_queries(6):
        as_administrator.get(UNITS)


def test_an_empty_tree_says_how_to_begin(as_administrator):
    assert NEW in as_administrator.get(UNITS).content.decode()


def test_a_unit_is_added_below_another_with_its_manager(as_administrator, unit, colleague):
    form = as_administrator.get(NEW, {"parent": unit.pk}).context["form"]
    assert form["parent"].value() == str(unit.pk)
    response = as_administrator.post(
        NEW, {"name": "Hjemmetjenester", "parent": unit.pk, "manager": colleague.pk}
    )
    assert response.url == UNITS
    added = Unit.objects.get(name="Hjemmetjenester")
    assert (added.parent, added.manager, added.organisation) == (unit, colleague, unit.organisation)


def test_a_unit_is_moved_and_renamed(as_administrator, unit, below):
    response = as_administrator.post(edit(below), {"name": "Hjemme", "parent": "", "manager": ""})
    assert response.url == UNITS
    assert tree(unit.organisation) == [("Helse", 0), ("Hjemme", 0)]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "X", "parent": "999999"}, ["parent"]),
        ({"name": "X", "parent": "x"}, ["parent"]),
        ({"name": "X", "manager": "999999"}, ["manager"]),
        ({"name": "Helse"}, ["__all__"]),
        ({"name": "x" * 151}, ["name"]),
    ],
)
def test_a_wrong_unit_is_refused_and_what_was_typed_stays(as_administrator, unit, fields, wrong):
    response = as_administrator.post(NEW, fields)
    assert (response.status_code, list(response.context["form"].errors)) == (200, wrong)
    assert response.context["form"]["name"].value() == fields["name"]
    assert Unit.objects.count() == 1


def test_people_and_units_of_another_organisation_are_not_offered(
    as_administrator, neighbour, unit
):
    foreign = save_unit(
        unit=Unit(organisation=neighbour.organisation, name="Nabohelse"), actor=neighbour
    )
    response = as_administrator.post(
        NEW, {"name": "X", "parent": foreign.pk, "manager": neighbour.pk}
    )
    assert list(response.context["form"].errors) == ["parent", "manager"]
    assert "Nabohelse" not in response.content.decode()
    assert "Nora" not in response.content.decode()


def test_a_unit_is_not_offered_its_own_branch(as_administrator, unit, below):
    form = as_administrator.get(edit(unit)).context["form"]
    assert [value for value, _label in form.fields["parent"].choices] == [""]
    response = as_administrator.post(edit(unit), {"name": "Helse", "parent": below.pk})
    assert list(response.context["form"].errors) == ["parent"]


def test_a_closed_manager_stays_until_somebody_else_is_chosen(
    as_administrator, administrator, colleague, unit
):
    unit.manager = colleague
    save_unit(unit=unit, actor=administrator)
    set_person_active(user=colleague, is_active=False, actor=administrator)
    offered = [
        value
        for value, _ in as_administrator.get(edit(unit)).context["form"].fields["manager"].choices
    ]
    assert offered == ["", administrator.pk, colleague.pk]
    offered = [
        value for value, _ in as_administrator.get(NEW).context["form"].fields["manager"].choices
    ]
    assert offered == ["", administrator.pk]


def test_save_unit_refuses_a_circle(unit, below, administrator):
    unit.parent = below
    with pytest.raises(Refusal):
        save_unit(unit=unit, actor=administrator)


def test_save_unit_refuses_a_foreign_parent_and_a_foreign_manager(
    organisation, administrator, neighbour
):
    foreign = save_unit(
        unit=Unit(organisation=neighbour.organisation, name="Nabohelse"), actor=neighbour
    )
    for unit in (
        Unit(organisation=organisation, name="A", parent=foreign),
        Unit(organisation=organisation, name="A", manager=neighbour),
    ):
        with pytest.raises(Refusal):
            save_unit(unit=unit, actor=administrator)
    assert list(Unit.objects.all()) == [foreign]


def test_save_unit_refuses_a_second_one_of_the_same_name_beside_it(unit, below, administrator):
    for parent in (None, unit):
        name = below.name if parent else unit.name
        with pytest.raises(ValidationError):
            save_unit(
                unit=Unit(organisation=unit.organisation, name=name, parent=parent),
                actor=administrator,
            )


def test_the_database_itself_refuses_two_tops_of_one_name_and_a_unit_in_itself(unit, below):
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(organisation=unit.organisation, name="Helse")
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(parent=unit.pk)


def test_the_nearest_manager_is_looked_for_upwards(unit, below, administrator, colleague):
    unit.manager = administrator
    save_unit(unit=unit, actor=administrator)
    assert nearest_manager(below) == administrator
    below.manager = colleague
    save_unit(unit=below, actor=administrator)
    assert nearest_manager(below) == colleague
    assert nearest_manager(below, besides=[colleague.pk]) == administrator
    set_person_active(user=colleague, is_active=False, actor=administrator)
    assert nearest_manager(below) == administrator
