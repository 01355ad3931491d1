"""The brief: every sentence gets its role, whatever shape it was handed over in."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import at_most

from copilot.facts.brief import Brief, Statement, read_brief, split_label
from copilot.facts.slots import slot_of

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")


def read(source: Any, suffix: str = "") -> Brief:
    return read_brief(source, now=NOW, suffix=suffix)


def said(source: Any, *roles: Any) -> list[str]:
    """Label and words of the statements of these roles (facts by default)."""
    return [
        f"{row.label}：{row.text}" if row.label else row.text for row in read(source).by_role(*(roles or ("fact",)))
    ]


def the_one(source: Any) -> Statement:
    (statement,) = read(source).statements
    return statement


class TestSpeechWithoutPunctuation:
    SPOKEN = "这周日上午九点半社区花园翻土在东门口集合大家自己带手套和水杯门票不要钱下雨的话去不去还没定"

    def test_one_open_point_holds_back_only_the_segment_it_stands_in(self) -> None:
        brief = read(self.SPOKEN)
        assert [row.text for row in brief.statements if row.pending] == ["下雨的话去不去还没定"]
        settled = "".join(row.text for row in brief.by_role("fact") if not row.pending)
        for words in ("周日上午九点半", "东门口集合", "手套和水杯", "门票不要钱"):
            assert words in settled

    def test_one_secret_holds_back_only_the_segment_it_stands_in(self) -> None:
        source = "周四晚上七点合唱团在文化馆大厅练声领队阿薇她电话13800001234别发出去有事群里找阿薇记得带歌本"
        assert said(source, "internal") == ["领队阿薇她电话13800001234别发出去"]
        assert said(source, "wish") == ["记得带歌本"]
        assert "周四晚上七点" in "".join(said(source))

    def test_what_is_asked_of_the_writer_is_no_fact(self) -> None:
        brief = read("你帮我在群里发一下啊这周三下午三点书法班在二楼活动室上课大家带毛笔语气亲切点150字以内")
        assert brief.meta["length"] == "150"
        assert "亲切" in brief.meta["tone"]
        assert "帮我" not in "".join(row.text for row in brief.statements)

    @pytest.mark.parametrize(
        "errand",
        ["你给写一下发群里的通知", "帮忙写个通知发群里吧", "麻烦你写一段发家长群的话", "给我整一条", "你看着写"],
    )
    def test_a_bare_errand_names_no_matter(self, errand: str) -> None:
        for source in (f"{errand}：周三停水", f"{errand}，周三停水"):
            brief = read(source)
            assert brief.meta["request"] == errand
            assert "purpose" not in brief.meta
            assert [row.text for row in brief.statements] == ["周三停水"]

    @pytest.mark.parametrize("text", ["出发：6点", "你发的链接收到了", "请说一声", "你写的规则照旧"])
    def test_everyday_words_are_no_errand(self, text: str) -> None:
        assert "request" not in read(text).meta

    def test_what_the_request_is_about_stays_its_purpose(self) -> None:
        assert read("帮我写个停水通知：周三停水").meta["purpose"] == "帮我写个停水通知"

    def test_words_that_somebody_wants_put_in_are_a_wish_between_facts(self) -> None:
        source = "限20人，现在报了9个，店长让写“只剩最后2个名额”，自带围裙"
        assert said(source, "wish") == ["店长让写“只剩最后2个名额”"]
        assert said(source) == ["限20人，现在报了9个，自带围裙"]

    def test_a_word_is_not_cut_and_a_short_sentence_stays_whole(self) -> None:
        assert said("周三晚上八点读书会") == ["周三晚上八点读书会"]
        source = "这个礼拜六早上八点半环湖骑行主要是练习编队和爬坡全程二十公里左右新手也可以来参加的"
        assert "主要是练习编队" in "".join(said(source))


class TestLines:
    def test_a_known_heading_and_a_space_are_a_label(self) -> None:
        assert said("费用 免费\n地点　三楼\nDDL 周五晚八点") == ["费用：免费", "地点：三楼", "DDL：周五晚八点"]

    def test_numbers_with_a_space_and_pictures_are_bullets(self) -> None:
        assert said("1 时间：周六九点\n2 午餐自理\n3 22:00后安静") == ["时间：周六九点", "午餐自理", "22:00后安静"]
        assert said("📍 东湖北门\n✅ 带水杯\n1️⃣ 穿运动鞋🎉") == ["东湖北门", "带水杯", "穿运动鞋"]

    @pytest.mark.parametrize("text", ["9 月 20 日集合", "10 公里起跑", "5、7 号楼停水", "❌宠物入内"])
    def test_what_carries_meaning_is_no_bullet(self, text: str) -> None:
        assert said(text) == [text]

    def test_pictures_alone_say_nothing(self) -> None:
        assert said("周日义卖！\n🎈🎈🎈") == ["周日义卖"]

    def test_a_bulleted_line_is_one_statement_like_a_list_entry(self) -> None:
        assert said("- 作品月底前交，发到 a@example.org，每人两张") == ["作品月底前交，发到 a@example.org，每人两张"]

    def test_a_label_may_carry_brackets(self) -> None:
        assert split_label("电话（前台）：12345678") == ("电话（前台）", "12345678")


class TestInternal:
    @pytest.mark.parametrize("key", ["手机号(内部)", "内部-联系电话", "自己看", "_internal", "团长碎碎念", "别外传的"])
    def test_a_key_that_says_so_is_internal(self, key: str) -> None:
        assert the_one({key: "13800001234"}).role == "internal"
        assert the_one({key: {"备注": "场租没交"}}).role == "internal"

    def test_a_label_in_free_text_is_read_like_a_key(self) -> None:
        assert said("手机号(内部)：13800001234\n周六爬山", "internal") == ["13800001234"]

    @pytest.mark.parametrize("key", ["室内部分", "场内部署"])
    def test_the_letters_alone_are_not_enough(self, key: str) -> None:
        assert the_one({key: "下午开放"}).role == "fact"

    @pytest.mark.parametrize(
        "text",
        [
            "这事别跟家长说",
            "先别提",
            "微信 abc_1 不要发",
            "别让物业知道",
            "这个价不能说出去",
            "不许外传",
            "名单先不公布",
        ],
    )
    def test_a_sentence_that_must_not_leave_the_desk_is_internal(self, text: str) -> None:
        assert the_one(text).role == "internal"

    @pytest.mark.parametrize(
        "text", ["请不要在群里发广告", "不要提前离场", "有疑问别憋着，跟助教说", "不要给陌生人发验证码", "别写错门牌号"]
    )
    def test_a_rule_for_members_is_a_fact(self, text: str) -> None:
        assert "internal" not in {row.role for row in read(text).statements}

    def test_only_what_is_meant_is_held_back(self) -> None:
        source = "周六9:00在东门集合，李姐电话13800001234，别往外发，报名群里接龙"
        assert said(source, "internal") == ["李姐电话13800001234，别往外发"]
        assert "周六9:00" in "".join(said(source))
        assert "报名群里接龙" in "".join(said(source))
        assert said("有一单疑似假货，没查清，先别提", "internal") == ["有一单疑似假货，没查清，先别提"]

    @pytest.mark.parametrize(
        "heading", ["内部备注：", "别往外说：", "以下先别公开：", "## 内部", "【内部】", "【不对外】"]
    )
    @pytest.mark.parametrize("bullet", ["", "- ", "1. "])
    def test_what_stands_under_a_heading_of_its_own_is_internal(self, heading: str, bullet: str) -> None:
        source = f"周日爬山\n{heading}\n{bullet}店里打算涨价\n{bullet}教练费：300\n\n# 正文\n地点：东门"
        name = heading.strip("：#【】 ")
        assert said(source, "internal") == [f"{name}：店里打算涨价", f"{name}：教练费：300"]
        assert "东门" in "".join(said(source))

    def test_a_list_under_an_internal_heading_ends_where_its_bullets_end(self) -> None:
        source = "内部备注：\n\n- 店里打算涨价\n- 教练费 300\n地点：东门\n要带的：\n- 水杯"
        assert said(source, "internal") == ["内部备注：店里打算涨价", "内部备注：教练费 300"]
        assert said(source) == ["地点：东门", "要带的：", "水杯"]

    def test_an_internal_section_ends_with_the_next_section_only(self) -> None:
        source = "## 内部\n\n- 店里打算涨价\n\n费用：\n- 教练 300\n## 正文\n周日爬山"
        assert said(source, "internal") == ["内部：店里打算涨价", "内部：费用：", "内部：教练 300"]
        assert said(source)[-1] == "周日爬山"

    @pytest.mark.parametrize("label", ["别往外说", "先别告诉大家", "这条不要对外公开"])
    def test_a_label_in_the_words_of_a_secret_is_internal_and_no_speaker(self, label: str) -> None:
        assert said(f"周日爬山\n{label}：店里打算涨价。教练费 300", "internal") == [
            f"{label}：店里打算涨价。",
            "教练费 300",
        ]
        source = {"活动": "周日爬山", label: ["店里打算涨价", "教练费 300"]}
        assert said(source, "internal") == ["店里打算涨价", "教练费 300"]

    @pytest.mark.parametrize("notice", ["别往外说 ", "这条大家先别说出去，", "先别告诉别人啊，", "保密，"])
    def test_a_notice_that_opens_a_line_means_what_follows(self, notice: str) -> None:
        source = f"周日爬山\n{notice}店里打算涨价，教练也不知道\n地点：东门"
        assert said(source) == ["周日爬山", "地点：东门"]
        assert said(f"{notice}店里打算涨价，不过周日照常爬山") == ["不过周日照常爬山"]

    @pytest.mark.parametrize("opening", ["先别说价格，", "先别发，等我确认，"])
    def test_an_opening_with_a_matter_of_its_own_means_no_more_than_that(self, opening: str) -> None:
        assert "东门集合" in "".join(said(f"{opening}周日在东门集合"))

    def test_a_profile_says_who_reads_and_is_not_announced(self) -> None:
        profile = {"群类型": "陶艺会员群", "人手": [{"姓名": "小釉", "时间": "周三 10:00–18:00"}], "目的": "多来做杯子"}
        for brief in (
            read_brief("周日开窑", now=NOW, known={"groups": (profile,)}),
            read({"事项": "周日开窑", "群档案": [profile]}),
        ):
            assert [row.text for row in brief.statements] == ["周日开窑"]
            assert brief.meta["group_type"] == "陶艺会员群"
            assert "多来做杯子" not in brief.meta.values()
            assert any("小釉" in field.text for field in brief.fields)

    def test_a_secret_matter_is_secret_everywhere(self) -> None:
        source = {"事实": ["周三的课取消，嗓子手术的缘故", "改到周五19:00"], "备注": "嗓子手术的事别跟学员说"}
        assert not any("手术" in text for text in said(source))
        assert said(source) == ["周三的课取消", "改到周五19:00"]


class TestPending:
    @pytest.mark.parametrize(
        "text",
        [
            "场地方还没批", "嘉宾没答应", "主题可能会改", "唱歌的人不一定来", "押金还在吵", "具体哪栋等场地方回", "入口待定",
            "链接下周一给", "老会员八折，待会确认", "应该免费", "可能周六开始", "听说要加场", "财务还没给准话", "合同没签", "名单还没最后敲定",
        ],
    )  # fmt: skip
    def test_what_is_not_settled_is_pending(self, text: str) -> None:
        assert the_one({"facts": [text]}).pending

    @pytest.mark.parametrize(
        "text",
        [
            "全程约40分钟", "每人大概35块", "还没报名的朋友抓紧", "没签到的补签", "作品不一定要原创", "待领养3只",
            "未确认的家长请回复", "没签协议的不能领养", "会议号当天18:00发群", "路上可能堵车，请早出门", "大家应该提前到",
        ],
    )  # fmt: skip
    def test_what_is_settled_is_not(self, text: str) -> None:
        assert not the_one({"facts": [text]}).pending

    def test_settled_clauses_of_a_labelled_line_stand_apart_from_the_open_one(self) -> None:
        assert the_one("时间 5月9号周六下午 两点或者三点 还没定").text == "5月9号周六下午，两点或者三点 还没定"
        assert the_one({"facts": ["费用免费，财务还没点头"]}).text == "费用免费 财务还没点头"


class TestSettings:
    @pytest.mark.parametrize(
        ("text", "key", "value"),
        [
            ("280字内", "length", "280"), ("limit：700", "length", "700"), ("两百字以内", "length", "200"),
            ("短一点", "tone", "短一点"), ("老师口气", "tone", "老师口气"), ("别太啰嗦", "tone", "别太啰嗦"),
            ("不要卖惨", "tone", "不要卖惨"), ("别用表情", "tone", "别用表情"), ("写得温柔点", "tone", "写得温柔点"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("wrap", [lambda text: f"周六爬山\n{text}", lambda text: {"facts": ["周六爬山", text]}])
    def test_words_to_the_writer_steer_and_are_not_said(self, wrap: Any, text: str, key: str, value: str) -> None:
        brief = read(wrap(text))
        assert brief.meta == {key: value}
        assert [row.text for row in brief.statements] == ["周六爬山"]

    def test_one_wish_may_hold_several_settings_and_a_wish(self) -> None:
        brief = read({"facts": ["周六爬山"], "要求": "短一点，280字内，亲切，提醒带水"})
        assert brief.meta == {"tone": "短一点；亲切", "length": "280"}
        assert [row.text for row in brief.by_role("wish")] == ["提醒带水"]

    @pytest.mark.parametrize("text", ["每人写一段感想，200字以内", "提交200字左右的自我介绍", "动作要轻，别太用力"])
    def test_what_members_should_do_is_no_setting(self, text: str) -> None:
        assert read({"facts": [text]}).meta == {}

    def test_the_strictest_length_counts(self) -> None:
        assert read({"字数": "150-200字", "max_chars": 260, "facts": ["周六爬山"]}).meta["length"] == "200"

    @pytest.mark.parametrize(
        ("key", "text", "role"),
        [
            ("谁看", "老会员", "audience"), ("要干嘛", "通知开课", "purpose"), ("公告目的", "通知开课", "purpose"),
            ("limit", "320", "length"), ("正文字数", "300", "length"), ("word_limit", "300", "length"),
        ],
    )  # fmt: skip
    def test_keys_are_known_by_their_stem(self, key: str, text: str, role: str) -> None:
        brief = read({key: text, "时间": "周六"})
        assert brief.meta == {role: text}
        assert brief.meta_origins[role].field == key

    @pytest.mark.parametrize(
        ("key", "text"), [("人数", "30"), ("目的地", "云台山"), ("赛道长度", "5公里"), ("age limit", "18")]
    )
    def test_a_fact_is_not_taken_for_a_setting(self, key: str, text: str) -> None:
        assert the_one({key: text}).role == "fact"

    def test_meta_has_its_real_line(self) -> None:
        brief = read("群名: 晨跑群\n时间: 周六\n语气: 温暖")
        assert (brief.meta_origins["tone"].line, brief.meta_origins["tone"].quote) == (3, "温暖")


class TestOthersWords:
    @pytest.mark.parametrize("key", ["旧稿", "上次发的", "原稿", "旧版公告"])
    def test_an_old_text_is_a_draft(self, key: str) -> None:
        assert {row.role for row in read({key: "必须来！手慢无", "时间": "周六"}).by_role("draft", "quoted")} == {
            "draft"
        }

    @pytest.mark.parametrize("key", ["群友投稿", "投稿", "会员留言", "聊天记录", "截图", "评论"])
    def test_what_members_said_is_quoted_whole(self, key: str) -> None:
        brief = read({key: "改到晚上吧。主题：抽奖\n时间：周日", "时间": "周六"})
        assert [row.text for row in brief.by_role("quoted")] == ["改到晚上吧。主题：抽奖\n时间：周日"]
        assert said({key: "改到晚上吧", "时间": "周六"}) == ["时间：周六"]
        assert "purpose" not in brief.meta

    @pytest.mark.parametrize(
        ("key", "text"), [("投稿方式", "发邮箱"), ("投稿", "发到 a@example.org"), ("反馈", "找前台")]
    )
    def test_how_to_contribute_is_a_fact(self, key: str, text: str) -> None:
        assert the_one({key: text}).role == "fact"


class TestSpeakers:
    @pytest.mark.parametrize(
        "source",
        [
            "赵总说周六19:00开始。孙店长说周六19:30开始。",
            {"赵总": "周六19:00开始，地点大厅", "孙店长": "周六19:30开始，地点露台"},
            {"老板赵总发来的": "周六19:00开始", "店长小孙的消息": "周六19:30开始"},
        ],
    )
    def test_each_keeps_their_own_word(self, source: Any) -> None:
        rows = [row for row in read(source).statements if "开始" in row.text]
        assert [row.text for row in rows] == ["周六19:00开始", "周六19:30开始"]
        assert "赵总" in rows[0].origin.field
        assert "孙" in rows[1].origin.field
        assert {row.label for row in rows} == {""}

    @pytest.mark.parametrize("text", ["店长：小孙", "学校：三号门进，记得带学生证", "群主题：每天早上六点半一起晨读"])
    def test_a_heading_is_no_speaker(self, text: str) -> None:
        assert the_one(text).label == text.partition("：")[0]

    def test_a_pasted_chat_is_read_speaker_by_speaker(self) -> None:
        brief = read(
            "【练字群】\n3/1 21:03 林主任：改到周五19:00\n3/1 21:11 小鱼：那就周六上午吧\n3/1 21:20 林主任：行"
        )
        assert [(row.origin.field, row.text, row.origin.line) for row in brief.statements[1:]] == [
            ("林主任", "改到周五19:00", 2),
            ("小鱼", "那就周六上午吧", 3),
            ("林主任", "行", 4),
        ]

    def test_a_timetable_is_no_chat(self) -> None:
        assert any("9:00" in text for text in said("3/8 9:00 签到：大厅\n3/8 10:00 讲座：二楼"))


class TestStructures:
    def test_a_record_is_one_statement(self) -> None:
        source = {
            "本周团品": [{"名称": "红薯", "规格": "5斤", "价": 19.9}, {"名称": "玉米", "规格": "8根", "价": "22元"}]
        }
        assert said(source) == [
            "本周团品：名称：红薯，规格：5斤，价：19.9",
            "本周团品：名称：玉米，规格：8根，价：22元",
        ]

    def test_a_secret_in_a_record_is_held_back_alone(self) -> None:
        source = {"facts": [{"name": "陶艺", "fee": "80元", "成本(内部)": "31元"}]}
        assert said(source) == ["名称：陶艺，费用：80元"]
        assert said(source, "internal") == ["31元"]

    def test_an_entry_of_heading_and_words_is_a_labelled_line(self) -> None:
        source = {"facts": [{"label": "时间", "value": "周六"}, {"label": "地点", "value": "三楼"}]}
        assert said(source) == ["时间：周六", "地点：三楼"]

    def test_nested_and_english_keys_get_headings_in_chinese(self) -> None:
        source = {
            "event": {"time": "周六9:00", "place": "东门"},
            "联系": {"人": "小鱼", "电话": "68001234"},
            "fee": "免费",
            "signup": {"method": "接龙", "deadline": "周五"},
            "host": "老林",
        }
        assert said(source) == [
            "时间：周六9:00", "地点：东门", "联系人：小鱼", "联系电话：68001234", "费用：免费", "报名方式：接龙", "报名截止：周五",
            "主讲：老林",
        ]  # fmt: skip

    def test_a_deadline_is_known_in_any_case(self) -> None:
        assert {slot_of(label, "周五", ()) for label in ("报名DDL", "ddl", "Deadline", "最后期限")} == {"deadline"}


WORDS = [
    "周六", "早上七点", "在东门口集合", "报名接龙", "截止周五", "费用30元", "带水杯", "领队阿薇", "下雨改期", "还没定", "先别说", "有事找我", "大家都来",
    "全程10公里", "每人35块", "另外", "200字以内", "短一点", "押金的事先别提", "时间", "地点", "赵总说", "帮我发个通知", "1 ", "2、", "- ", "✅",
]  # fmt: skip
MARKS = list("，。；！（）「」：、 \n🎈")
UNSAID = {
    "另外",
    "赵总说",
    "1 ",
    "2、",
    "- ",
    "✅",
    "200字以内",
}  # fillers, speakers, bullets; a length is kept as a number


class TestNothingIsLost:
    @given(st.lists(st.sampled_from(WORDS) | st.sampled_from(MARKS), min_size=1, max_size=25))
    def test_every_word_is_in_a_statement_or_steers_the_text(self, pieces: list[str]) -> None:
        text = "".join(pieces)
        if not text.strip():
            return
        brief = read(text, ".txt")
        kept = [*brief.meta.values(), *(origin.field + origin.quote for origin in brief.meta_origins.values())]
        for row in brief.statements:
            kept += [row.origin.field, row.label, row.text]
        kept += [row.label + row.text for row in brief.statements]
        letters = "".join(char for char in "".join(kept) if char.isalnum())

        def is_kept(word: str) -> bool:
            """A cut may fall inside a word, not lose it."""
            return any(word[:at] in letters and word[at:] in letters for at in range(len(word)))

        assert [word for word in pieces if word in WORDS and word not in UNSAID and not is_kept(word)] == []

    @given(
        st.lists(st.sampled_from(WORDS + MARKS), min_size=1, max_size=8).map("".join),
        st.sampled_from(["facts", "时间", "老板说", "x"]),
    )
    def test_any_words_under_any_key_are_read(self, text: str, key: str) -> None:
        if text.strip():
            brief = read({key: [text, text]})
            assert len({row.id for row in brief.statements}) == len(brief.statements)

    def test_thirty_facts_are_read_at_once(self) -> None:
        facts = [
            f"第{number}组：周六{number % 12}:30在{number}号门集合，带水杯，有事群里找小鱼" for number in range(30)
        ]
        read({"facts": facts})
        with at_most(0.1):  # measured: a tenth of it; machines differ
            read({"facts": facts})
