"""A row of the participants' table with two people: each gets their own address, or the cell is told."""

import pytest

from peer_challenge.cycle_file.load_cycle import check_entries
from peer_challenge.cycle_file.participants_table import read_participants_in
from peer_challenge.cycle_file.people_in_row import UnclearPeople, split_people
from peer_challenge.cycle_file.yaml_with_lines import Tree
from peer_challenge.model.email_addresses import clean_address

ONE, TWO = "lead@ashcombe.example", "nurse@health.example"


def _pair(**cells: str) -> list[tuple[str | None, str]]:
    return [(one.get("name"), one["email"]) for one in split_people(cells)]


@pytest.mark.parametrize(
    "email",
    [
        f"{ONE}; {TWO}",
        f"{ONE};{TWO};",
        f"{ONE}, {TWO}",
        f"{ONE}\n{TWO}",
        f"{ONE} and {TWO}",
        f"{ONE} & {TWO}",
        f"{ONE} / {TWO}",
        f"{ONE} {TWO}",
        f"mailto:{ONE}; <{TWO}>",
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        "Head of service; Designated nurse",
        "Head of service\nDesignated nurse",
        "Head of service and Designated nurse",
        "Head of service, Designated nurse",
        "Head of service & Designated nurse",
    ],
)
def test_two_people_of_one_row_are_told_apart(name: str, email: str) -> None:
    assert _pair(name=name, email=email) == [("Head of service", ONE), ("Designated nurse", TWO)]


def test_names_beside_the_addresses_are_used_whatever_commas_are_in_them() -> None:
    assert _pair(email=f'Service, head of <{ONE}>; "Nurse" <{TWO}>') == [
        ("Service, head of", ONE),
        ("Nurse", TWO),
    ]
    assert _pair(email=f"{ONE}; {TWO}") == [(None, ONE), (None, TWO)]


@pytest.mark.parametrize("name", [f"Lead <{ONE}>", f'"Lead" <{ONE}>', f"Lead (mailto:{ONE})"])
def test_an_address_in_the_cell_of_the_name_is_the_contacts(name: str) -> None:
    (person,) = split_people({"name": name})
    assert (person["name"], clean_address(person["email"])) == ("Lead", ONE)
    assert split_people({"name": "Lead (North)"}) == [{"name": "Lead (North)"}]


@pytest.mark.parametrize("email", [f"Lead <{ONE}>", f'"Lead" <{ONE}>;', f"Lead (mailto:{ONE})"])
def test_a_name_beside_the_only_address_is_the_contacts_where_there_is_no_other(email: str) -> None:
    (person,) = split_people({"email": email})
    assert (person["name"], clean_address(person["email"])) == ("Lead", ONE)
    (person,) = split_people({"name": "Chair", "email": email})
    assert (person["name"], clean_address(person["email"])) == ("Chair", ONE)
    assert split_people({"email": f"Email: <{ONE}>"}) == [{"email": f"Email: <{ONE}>"}]


def test_what_is_said_once_is_of_all_and_what_is_said_for_each_is_of_each() -> None:
    people = split_people(
        {
            "email": f"{ONE}; {TWO}",
            "role": "Manager; Nurse",
            "phone": "01632 960001",
            "receives": "forms; event",
        }
    )
    assert [(one["role"], one["phone"], one["receives"]) for one in people] == [
        ("Manager", "01632 960001", "forms; event"),
        ("Nurse", "01632 960001", "forms; event"),
    ]


@pytest.mark.parametrize(
    "name", ["Head of service", "Head of safeguarding and quality", "Lead and Nurse", "One; Two; Three"]
)
def test_a_name_that_can_belong_to_either_is_not_guessed(name: str) -> None:
    with pytest.raises(UnclearPeople, match="There are 2 addresses") as unclear:
        split_people({"name": name, "email": f"{ONE}; {TWO}"})
    assert unclear.value.column == "name"


def test_addresses_that_can_not_be_told_apart_are_asked_about() -> None:
    with pytest.raises(UnclearPeople, match="can't tell the addresses") as unclear:
        split_people({"name": "Lead", "email": f"{ONE} ({TWO} when away)"})
    assert unclear.value.column == "email"


def test_one_person_stays_one_whatever_is_in_the_name() -> None:
    assert _pair(name="Head of\nservice and quality", email=f"{ONE};") == [
        ("Head of service and quality", f"{ONE};")
    ]


def _read(*rows: str) -> Tree:
    tree = Tree({})
    read_participants_in("areas.csv", "\n".join(["Area,Contact,Email", *rows]).encode(), tree)
    return tree


def test_a_first_name_and_a_surname_are_the_contacts_name() -> None:
    for heads, row in (("First name,Surname", "Head,Officer"), ("Last name,Forename", "Officer,Head")):
        tree = Tree({})
        read_participants_in("areas.csv", f"Area,{heads},Email\nAshcombe,{row},{ONE}".encode(), tree)
        (area,) = tree.entries["participants"]  # type: ignore[misc]
        assert area["contacts"] == [{"name": "Head Officer", "email": ONE}]


def test_the_table_gives_both_contacts_and_says_which_address_each_got() -> None:
    tree = _read(f'Ashcombe,Head of service and Designated nurse,"{ONE}, {TWO}"')
    (area,) = tree.entries["participants"]  # type: ignore[misc]
    assert area["contacts"] == [
        {"name": "Head of service", "email": ONE},
        {"name": "Designated nurse", "email": TWO},
    ]
    assert not tree.problems
    (told,) = tree.warnings
    assert "cell C2: 2 contacts in one row: " in told
    assert f"Head of service ({ONE}) and Designated nurse ({TWO})" in told


def test_the_table_names_the_cell_that_is_unclear_and_what_to_do() -> None:
    tree = _read(f'Ashcombe,Head of service,"{ONE}, {TWO}"')
    ((at, words),) = tree.problems
    assert tree.place(at).endswith("cell B2") and "Give each person a row of their own" in words


def test_a_contact_that_is_unclear_is_taken_as_it_is_and_told_by_the_checks_of_a_cycle() -> None:
    tree = _read(f'Ashcombe,Peter,"{ONE}; {TWO}"', ",Clerk,clerk@ashcombe.example")
    (area,) = tree.entries["participants"]  # type: ignore[misc]
    assert [one["name"] for one in area["contacts"]] == ["Peter", "Clerk"]
    assert area["contacts"][0]["email"] == f"{ONE}; {TWO}"
    told = [words for path, words in check_entries(tree.entries, {}).problems if path[-1] == "email"]
    assert len(told) == 1 and "There are 2 addresses in" in told[0]
