from datetime import date

import pytest

from adapters.files.oneroster import read_oneroster
from adapters.files.recognising import Format, format_of, read, recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.roster import Enrolment, Person, SchoolClass
from bot.domain.timetable.school import Term

USERS = (
    "sourcedId,status,enabledUser,role,username,givenName,familyName,password\r\n"
    'u1,active,TRUE,teacher,ao,Ana,"Ode, Jr",secret1\r\n'
    "u2,tobedeleted,TRUE,teacher,x,Old,One,secret2\r\n"
    "u3,,TRUE,Student,y, Kim ,Lee,secret3"
)
CLASSES = (
    "sourcedId,status,title,grades,classCode,termSourcedIds,periods\n"
    'c1,active,Physics,"09,10",P1,"t1,t2","1,2,3"\n'
)
SESSIONS = (
    "sourcedId,status,title,type,startDate,endDate\n"
    "t1,active,Autumn,term,2026-09-01,2026-12-24\n"
    "t2,active,Wrong,term,2026-12-24,2026-09-01\n"
    "t3,active,None,term,,\n"
)
TURNED = "title,classCode,sourcedId,status\nPhysics,P1,c1,active\n"
ENROLMENTS = (
    "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role\ne1,,c1,s,u1,Teacher\n"
)
ROLES = (
    "sourcedId,status,userSourcedId,roleType,role,orgSourcedId,,\n"
    "r1,active,u1,primary,teacher,s\nr2,active,u1,secondary,guardian,s\n"
)


def test_people_classes_terms_enrolments_and_roles() -> None:
    users = read_oneroster(USERS.encode("utf-8-sig"))
    assert users.people == (
        Person(id="u1", name="Ana Ode, Jr", role="teacher"),
        Person(id="u3", name="Kim Lee", role="student"),
    )
    assert users.notes == ("Rows marked as deleted or inactive, left out: 1.",)
    assert "secret" not in repr(users)
    assert read_oneroster(CLASSES.encode()).classes == (
        SchoolClass(id="c1", title="Physics", terms=("t1", "t2"), periods=("1", "2", "3")),
    )
    sessions = read_oneroster(SESSIONS.encode())
    assert sessions.terms == {
        "t1": Term(name="Autumn", start=date(2026, 9, 1), end=date(2026, 12, 24))
    }
    assert sessions.notes == ("Terms without dates that are in order, left out: 2.",)
    assert read_oneroster(ENROLMENTS.encode()).enrolments == (
        Enrolment(person="u1", school_class="c1", role="teacher"),
    )
    assert read_oneroster(ROLES.encode()).roles == {"u1": "teacher"}


@pytest.mark.parametrize("text", [USERS, CLASSES, SESSIONS, ENROLMENTS, ROLES])
def test_a_roster_is_no_timetable_and_that_is_said(text: str) -> None:
    assert format_of(text.encode()) is Format.ONEROSTER
    with pytest.raises(InvalidInput, match="no day pattern"):
        recognise(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "propertyName,value\nmanifest.version,1.0\n",
        "sourcedId,status,name,type\no1,,School,school\n",
    ],
)
def test_files_that_say_nothing_of_use(text: str) -> None:
    with pytest.raises(InvalidInput, match="holds no people, classes or terms"):
        read(text.encode())


def test_columns_may_stand_in_any_order() -> None:
    assert format_of(TURNED.encode()) is Format.ONEROSTER
    assert read_oneroster(TURNED.encode()).classes == (
        SchoolClass(id="c1", title="Physics", terms=(), periods=()),
    )
