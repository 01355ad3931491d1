"""A group's profile is read from an operator's own file, in Chinese or English, and nothing in it is dropped."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import EmptyInputError, InputError
from copilot.facts.profiles import GroupProfile, StaffMember, read_profile

LINES = """群名：青榕里晨跑群
平台：企业微信
群类型：运动
人数：约180人
阶段：成长期
人手：小林（答疑、审核；工作日 9:00–18:00；30 分钟）、小周：活动
免打扰：22:30–7:00
素材：
- 路线图
- 打卡表
限制：不发红包、不拉人；不@所有人
重合的群: 夜跑群、周末骑行群
备注：周一例行检修
  群主出差
"""
PROFILE = GroupProfile(
    name="青榕里晨跑群",
    platform="wecom",
    group_type="运动",
    members=180,
    stage="成长期",
    staff=(
        StaffMember(name="小林", duty="答疑、审核", hours="工作日 9:00–18:00", minutes_a_day=30),
        StaffMember(name="小周", duty="活动"),
    ),
    quiet="22:30–7:00",
    assets=("路线图", "打卡表"),
    constraints=("不发红包、不拉人", "不@所有人"),
    same_people_as=("夜跑群", "周末骑行群"),
    notes="周一例行检修\n  群主出差",
)
WORDS = (
    st.text(alphabet="跑群22:00-8点、；（）小林 ab.[]#&*!'\"{},", min_size=1, max_size=12).map(str.strip).filter(bool)
)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
PROFILES = st.builds(
    GroupProfile,
    name=WORDS,
    platform=st.sampled_from(["wechat", "qq"]),
    members=st.none() | st.integers(0, 500),
    purpose=WORDS,
    quiet=WORDS,
    assets=LISTS,
    constraints=LISTS,
    same_people_as=LISTS,
    staff=st.lists(st.builds(StaffMember, name=WORDS, duty=WORDS, minutes_a_day=st.none() | st.integers(0, 900))).map(
        tuple
    ),
)


def test_lines_of_text_are_read() -> None:
    assert read_profile(LINES) == PROFILE


def test_yaml_json_and_a_mapping_are_read_in_either_language() -> None:
    chinese = {
        "群名": "青榕里晨跑群",
        "平台": "wecom",
        "群类型": "运动",
        "人数": 180,
        "阶段": "成长期",
        "人手": [
            {"姓名": "小林", "职责": "答疑、审核", "可用时间": "工作日 9:00–18:00", "每天分钟": "30 分钟"},
            "小周（活动）",
        ],
        "免打扰时段": "22:30–7:00",
        "素材": "路线图、打卡表",
        "限制": ["不发红包、不拉人", "不@所有人"],
        "Same-People As": ["夜跑群", "周末骑行群"],
        "备注": "周一例行检修\n  群主出差",
    }
    assert read_profile(chinese) == PROFILE
    assert read_profile(json.dumps(chinese)) == PROFILE
    assert read_profile(yaml.safe_dump(chinese, allow_unicode=True), suffix=".yaml") == PROFILE


@given(PROFILES)
def test_what_it_gives_as_a_brief_reads_back_the_same(profile: GroupProfile) -> None:
    brief = profile.as_brief()
    assert read_profile(brief) == profile
    assert read_profile(json.dumps(brief)) == profile
    assert all(value not in ("", None, [], {}) for value in brief.values())


def test_a_brief_has_the_filled_fields_only() -> None:
    assert GroupProfile(name="g", members=0, staff=(StaffMember(name="a"),)).as_brief() == {
        "name": "g",
        "platform": "wechat",
        "members": 0,
        "staff": [{"name": "a"}],
    }


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("群名：a\n天气：晴", "第 2 行的 天气 不认识"),
        ("name: a\nstaff:\n  - name: b\n    phone: 1\n", "phone"),
        ("name: a\nassets:\n  x: 1\n", "assets.x"),
        ("平台：微信", "没有群名"),
        ({"name": ""}, "没有任何内容"),
        ({"name": " ", "platform": "qq"}, "没有群名"),
        ("群名：a\n人数：很多", "第 2 行的 人数 要写数字"),
        ("群名：a\n人手：小林（答疑；白天；半小时）", "要写数字"),
        ({"name": "a", "staff": [{"duty": "答疑"}]}, "没有名字：答疑"),
        ("群名：a\n群名：b", "写了两次"),
        ("你好", "第 1 行看不懂"),
        ("[1, 2]", "不认识"),
        ("name: [a, b]\nmembers: 1\n", "写了两次"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_fix(source: str | dict[str, object], named: str) -> None:
    with pytest.raises(InputError, match=named.replace("[", r"\[")) as caught:
        read_profile(source)
    assert caught.value.hint


def test_an_empty_file_is_named() -> None:
    with pytest.raises(EmptyInputError):
        read_profile(" \n")
