"""A group whose profile is kept: its staff need not be named again."""

from pathlib import Path

from copilot.facts.profiles import GroupProfile, StaffMember
from copilot.records import Request
from copilot.settings import Settings
from copilot.store import Store
from copilot.tasks.digest.kept_staff import with_kept_staff

KEPT = GroupProfile(name="青榕里晨跑群", staff=(StaffMember(name="领跑阿岩"), StaffMember(name="后勤小七")))


def said(request: Request) -> dict[str, object]:
    assert isinstance(request.brief, dict)
    return request.brief["said"]


def request(**told: object) -> Request:
    return Request(brief={"said": told})


def test_the_staff_of_a_kept_profile_speak_for_the_group(tmp_path: Path) -> None:
    store = Store(Settings.load(home=tmp_path))
    store.save_group(KEPT)

    assert said(with_kept_staff(request(group="青榕里晨跑群"), store))["staff"] == ["领跑阿岩", "后勤小七"]


def test_who_is_named_here_comes_before_the_profile(tmp_path: Path) -> None:
    store = Store(Settings.load(home=tmp_path))
    store.save_group(KEPT)
    asked = request(group="青榕里晨跑群", staff=["阿蔓"])

    assert with_kept_staff(asked, store) is asked


def test_a_group_that_is_not_kept_changes_nothing(tmp_path: Path) -> None:
    asked = request(group="别的群")

    assert with_kept_staff(asked, Store(Settings.load(home=tmp_path))) is asked
