"""The digest with a model: what it reads of open questions, of our own claims, of the topics and of what was asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from fakes import ChatEndpoint, Reply, Request
from model_chats import chat, claim, codes, found_in, heard, lines_of, message_of

from copilot.chat.claims import Action, Complaint, Decision, Doubt, Question, Rumour
from copilot.records import Draft
from copilot.tasks.digest.doubting import agrees
from copilot.tasks.digest.focus import focus_pieces
from copilot.tasks.digest.joining import _nearest

HEAD = "窑主老温"
ROWS = (
    ("2026-04-11 09:00", HEAD, "本周开窑改到周四下午两点"),
    ("2026-04-11 09:04", "阿砾", "上釉课还有位置吗？"),
    ("2026-04-11 09:06", HEAD, "有的，还剩两个位置"),
    ("2026-04-11 09:30", "小满儿", "青瓷杯烧裂了，补烧要多久？"),
    ("2026-04-11 10:10", "豆子", "拉坯不塌的法子，盼个高手讲讲"),
    ("2026-04-11 10:12", "河边的陶", "手肘抵住大腿，转盘调慢一格就稳"),
    ("2026-04-11 10:15", "豆子", "学到了，谢谢"),
    ("2026-04-11 10:40", "河边的陶", "陶泥涨到八块一斤，有点吃不消"),
    ("2026-04-11 11:00", HEAD, "下班前我把新的价目表发出来"),
    ("2026-04-11 11:20", HEAD, "价目表发群文件了"),
    ("2026-04-11 11:21", "阿砾", "看到了"),
    ("2026-04-11 13:00", "代烧阿魁", "专业代烧，低价接单，要的加我微信 kui88zz"),
    ("2026-04-11 13:01", "小满儿", "这谁家的代烧"),
    ("2026-04-11 13:03", HEAD, "不是咱们的，别加"),
    ("2026-04-11 14:00", HEAD, "练泥机今晚停用检修，明早恢复"),
    ("2026-04-11 14:02", "阿砾", "练泥机声音是有点大"),
    ("2026-04-11 14:05", "豆子", "检修完练泥机能快点吗"),
    ("2026-04-11 14:06", HEAD, "练泥机换了轴承，会顺很多"),
    ("2026-04-11 14:10", "河边的陶", "练泥机旁边的水槽也堵了"),
    ("2026-04-11 14:11", HEAD, "水槽我明天叫人通"),
    ("2026-04-11 14:13", "河边的陶", "水槽底下还有碎釉渣"),
)
Digest = Callable[..., Draft]
Said = Callable[[Request], dict[str, Any]]


def run(digest: Digest, said: Said, rows: tuple[tuple[str, str, str], ...] = ROWS, **options: Any) -> Draft:
    with ChatEndpoint(answer=lambda request: heard(**said(request))) as endpoint:
        return digest(endpoint, chat(rows), operator=HEAD, group="窑边陶艺群", **options)


def number(request: Request, words: str) -> int:
    return next(place[0] for text, place in lines_of(request).items() if words in text)


def row(request: Request, kind: str, words: str) -> str:
    """The name of the row in which we tell of this message as such a claim."""
    at = str(number(request, words))
    rows = [
        line for line in found_in(request) if line.startswith(kind) and line.rpartition("：")[2].split("-")[0] == at
    ]
    return rows[0].split()[0]


def part(draft: Draft, name: str) -> str:
    return next(one.text for one in draft.parts if one.name == name)


def section(draft: Draft, title: str) -> str:
    return next(block for block in part(draft, "desk").split("\n\n") if block.startswith(f"■ {title}"))


class TestAnOpenQuestion:
    def test_is_not_hidden_or_doubled_by_a_grievance_of_the_same_message(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            return {"claims": [claim(request, "青瓷杯", kind="complaint", status="open")]}

        draft = run(digest, said)
        assert "补烧要多久" in part(draft, "group")
        assert section(draft, "先处理").count("补烧要多久") == 1
        assert not [one for one in draft.structure["complaints"] if one["messages"] == ["m4"]]

    def test_and_a_grievance_of_another_message_stand_side_by_side(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            return {"claims": [claim(request, "八块一斤", kind="complaint", status="open")]}

        draft = run(digest, said)
        assert [one["messages"] for one in draft.structure["complaints"] if one["quote"]] == [["m8"]]
        assert "八块一斤" in section(draft, "投诉与不满")

    @pytest.mark.parametrize("kinds", [("question", "complaint"), ("complaint", "question")])
    def test_that_a_model_brings_twice_is_one_in_either_order(self, digest: Digest, kinds: tuple[str, str]) -> None:
        def said(request: Request) -> dict[str, Any]:
            return {"claims": [claim(request, "八块一斤", kind=kind, status="open") for kind in kinds]}

        draft = run(digest, said)
        assert "m8" in [one["message"] for one in draft.structure["unanswered"]]
        assert not [one for one in draft.structure["complaints"] if "m8" in one["messages"]]

    def test_is_settled_by_a_member_whom_its_asker_thanks(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            by = [number(request, "手肘抵住")]
            return {"claims": [claim(request, "拉坯不塌", kind="question", status="answered", answers=by)]}

        draft = run(digest, said)
        assert ("m5", "m6") in [(one["message"], one["answer"]) for one in draft.structure["answered"]]
        assert "拉坯不塌" not in section(draft, "先处理") + section(draft, "没有答复的问题") + part(draft, "group")

    @pytest.mark.parametrize(
        ("thanks", "by", "status"),
        [
            ("还是会塌啊", "手肘抵住", "answered"),
            ("学到了，谢谢", "学到了", "answered"),
            ("学到了，谢谢", "有的，还剩两个位置", "answered"),
            ("学到了，谢谢", "手肘抵住", "open"),
        ],
        ids=["not thanked", "the asker's own words", "said before it was asked", "the model says open"],
    )
    def test_stays_open_without_an_answer_that_was_taken(
        self, digest: Digest, thanks: str, by: str, status: str
    ) -> None:
        rows = tuple((when, who, text.replace("学到了，谢谢", thanks)) for when, who, text in ROWS)

        def said(request: Request) -> dict[str, Any]:
            answers = [number(request, by)]
            return {"claims": [claim(request, "拉坯不塌", kind="question", status=status, answers=answers)]}

        draft = run(digest, said, rows)
        assert "m5" in [one["message"] for one in draft.structure["unanswered"]]

    def test_about_a_withheld_message_stays_out_of_the_groups_report(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            by = [number(request, "不是咱们的")]
            return {"claims": [claim(request, "这谁家的", kind="question", status="answered", answers=by)]}

        draft = run(digest, said)
        assert "m13" in [one["message"] for one in draft.structure["answered"]]
        assert "这谁家的" not in part(draft, "group")


def test_what_a_model_alone_read_stands_below_what_code_read(digest: Digest) -> None:
    def said(request: Request) -> dict[str, Any]:
        return {"claims": [claim(request, "八块一斤", kind="question"), claim(request, "碎釉渣", kind="complaint")]}

    offline, draft = run(digest, said, writer="offline"), run(digest, said)
    ours = section(offline, "先处理").splitlines()
    told = section(draft, "先处理").splitlines()
    assert told[: len(ours)] == ours
    assert len(told) == len(ours) + 2


class TestOurOwnClaims:
    def test_are_shown_to_a_model_with_their_state(self, digest: Digest) -> None:
        rows: list[str] = []

        def said(request: Request) -> dict[str, Any]:
            rows.extend(found_in(request))
            return {}

        run(digest, said)
        told = "\n".join(rows)
        for state in (
            "问题（没有答复）",
            "问题（已答复 3）",
            "决定（定下了）",
            "待办（未完成）",
            "投诉（已回应、未了结 ",
        ):
            assert state in told, state

    def test_a_doubt_stands_behind_its_own_row(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            shows = {"message": number(request, "发群文件了"), "quote": "价目表发群文件了"}
            return {"doubts": [{"found": row(request, "a", "下班前"), "status": "done", **shows}]}

        offline, draft = run(digest, said, writer="offline"), run(digest, said)
        line = next(line for line in section(draft, "承诺与待办").splitlines() if "下班前" in line)
        assert line.endswith("；模型看作已办完：“价目表发群文件了”【11:20 窑主老温】")
        assert "[未完成]" in line
        assert draft.structure["action_items"] == offline.structure["action_items"]
        assert "有 1 条模型读法不同" in message_of(draft, "model-disagrees")
        assert part(draft, "group") == part(offline, "group")

    def test_a_doubt_that_says_what_we_say_is_no_doubt(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            shows = {"message": number(request, "还剩两个"), "quote": "还剩两个位置"}
            return {"doubts": [{"found": row(request, "q", "上釉课"), "status": "answered", **shows}]}

        offline, draft = run(digest, said, writer="offline"), run(digest, said)
        assert draft.text == offline.text
        assert "model-disagrees" not in codes(draft)

    def test_a_doubt_can_name_the_answer_that_was_meant(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            shows = {"message": number(request, "明早恢复"), "quote": "练泥机今晚停用检修"}
            return {"doubts": [{"found": row(request, "q", "能快点吗"), "status": "answered", **shows}]}

        draft = run(digest, said)
        assert "模型看答复是“练泥机今晚停用检修”【14:00 窑主老温】" in section(draft, "已经答复的问题")

    def test_one_message_does_not_unsettle_everything(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            at = number(request, "碎釉渣")
            names = [line.split()[0] for line in found_in(request) if not line.startswith("t")]
            assert len(names) > 3
            return {"doubts": [{"found": name, "message": at, "quote": "水槽底下还有碎釉渣"} for name in names]}

        draft = run(digest, said)
        assert "model-disagrees" not in codes(draft)
        assert "推翻得太多" in message_of(draft, "claims-dropped")

    @pytest.mark.parametrize(
        ("ours", "status", "message", "same"),
        [
            (Question(asker="a", question="q", message="m1", answer="m2"), "answered", "m2", True),
            (Question(asker="a", question="q", message="m1", answer="m2"), "answered", "m3", False),
            (Question(asker="a", question="q", message="m1", answer="m2"), "open", "m2", False),
            (Question(asker="a", question="q", message="m1"), "open", "m1", True),
            (Question(asker="a", question="q", message="m1"), "answered", "m2", False),
            (Question(asker="a", question="q", message="m1"), "none", "m1", False),
            (Action(id="a", owner="a", task="t", messages=("m1",), status="done_late"), "done", "m2", True),
            (Action(id="a", owner="a", task="t", messages=("m1",), status="done"), "", "m2", True),
            (Action(id="a", owner="a", task="t", messages=("m1",), status="done"), "open", "m2", False),
            (Action(id="a", owner="a", task="t", messages=("m1",), status="overdue"), "done", "m2", False),
            (Decision(id="d", text="t", by="a", messages=("m1",), status="considering"), "proposed", "m1", True),
            (Decision(id="d", text="t", by="a", messages=("m1",)), "proposed", "m1", False),
            (Complaint(id="c", summary="s", members=("a",), messages=("m1",), status="resolved"), "", "m2", True),
            (
                Complaint(id="c", summary="s", members=("a",), messages=("m1",), status="answered"),
                "resolved",
                "m2",
                False,
            ),
            (Rumour(id="r", summary="s", messages=("m1",), status="refuted"), "refuted", "m2", True),
        ],
    )
    def test_a_doubt_agrees_where_it_reads_the_state_that_we_read(
        self, ours: Any, status: str, message: str, same: bool
    ) -> None:
        assert agrees(ours, status, message) is same


class TestWhatTheOperatorAskedFor:
    ASKED = "开窑定在哪天，陶泥价钱"

    def test_is_answered_in_the_members_own_words(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            at = number(request, "八块一斤")
            text = "陶泥现在贵了不少，八块一斤"
            return {"focus": [{"asked": "陶泥价钱", "text": text, "messages": [at], "quote": "陶泥涨到八块一斤"}]}

        draft = run(digest, said, focus=self.ASKED)
        assert "· 陶泥价钱：“陶泥涨到八块一斤”【10:40 河边的陶】" in section(draft, "你关心的")
        assert "贵了不少" not in draft.model_dump_json()
        assert [one["asked"] for one in draft.structure["focus"]] == ["陶泥价钱"]

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"quote": "陶泥涨到六块一斤"}, "引文不在"),
            ({"messages": [77]}, "不在发给模型"),
            ({"asked": "谁要转让窑炉"}, "你没有这样问"),
            ({"text": "陶泥涨到 68 元一斤"}, "没有的数字"),
        ],
    )
    def test_takes_no_answer_that_does_not_hold(self, digest: Digest, changes: dict[str, Any], why: str) -> None:
        def said(request: Request) -> dict[str, Any]:
            quote = "陶泥涨到八块一斤"
            fixed = {"asked": "陶泥价钱", "text": quote, "messages": [number(request, quote)], "quote": quote}
            return {"focus": [{**fixed, **changes}]}

        offline, draft = run(digest, said, writer="offline", focus=self.ASKED), run(digest, said, focus=self.ASKED)
        assert section(draft, "你关心的") == section(offline, "你关心的")
        assert "focus" not in draft.structure
        assert why in message_of(draft, "claims-dropped")

    def test_is_known_by_most_of_its_words(self) -> None:
        asked = focus_pieces("开窑定在哪天，陶泥价钱；还有谁没交押金")
        assert _nearest("陶泥的价钱", asked) == "陶泥价钱"
        assert _nearest("开窑定在哪天？", asked) == "开窑定在哪天"
        assert _nearest("练泥机修好没有", asked) == ""
        assert _nearest("", asked) == ""


class TestTopics:
    QUOTE = "练泥机旁边的水槽也堵了"
    SINK = ("水槽也堵了", "叫人通", "碎釉渣")

    def split(self, title: str, words: tuple[str, ...] = SINK, quote: str = QUOTE) -> Said:
        def said(request: Request) -> dict[str, Any]:
            numbers = [number(request, one) for one in words]
            return {"topics": [{"title": title, "found": [], "messages": numbers, "quote": quote}]}

        return said

    def test_one_that_is_two_is_taken_apart(self, digest: Digest) -> None:
        said = self.split("水槽堵了")
        offline, draft = run(digest, said, writer="offline"), run(digest, said)
        old = {one["id"]: one for one in offline.structure["topics"]}
        new = {one["id"]: one for one in draft.structure["topics"]}
        whole = next(one for one in old.values() if "m19" in one["messages"])
        left, taken = new[whole["id"]], next(one for one in new.values() if one["title"] == "水槽堵了")
        assert taken["messages"] == ["m19", "m20", "m21"]
        assert [*left["messages"], *taken["messages"]] == whole["messages"]
        assert "水槽" not in left["title"] + left["summary"]
        assert left["title"]
        assert "claims-dropped" not in codes(draft)

    def test_messages_from_all_over_one_of_ours_are_no_part_of_it(self, digest: Digest) -> None:
        said = self.split("水槽堵了", ("声音是有点大", "碎釉渣"), "水槽底下还有碎釉渣")
        offline, draft = run(digest, said, writer="offline"), run(digest, said)
        assert draft.structure["topics"] == offline.structure["topics"]

    def test_a_title_that_does_not_fit_is_not_told_as_an_untruth(self, digest: Digest) -> None:
        def said(request: Request) -> dict[str, Any]:
            name = next(line.split()[0] for line in found_in(request) if line.startswith("t1 "))
            return {"topics": [{"title": "会员福利通知", "found": [name], "messages": [], "quote": ""}]}

        offline, draft = run(digest, said, writer="offline"), run(digest, said)
        assert draft.structure == offline.structure
        assert "claims-dropped" not in codes(draft)
        assert "话题名没有用" in message_of(draft, "model-disagrees")

    def test_a_new_topic_whose_title_does_not_fit_is_called_by_its_members_words(self, digest: Digest) -> None:
        draft = run(digest, self.split("设施报修", quote="水槽也堵了"))
        assert "水槽也堵了" in [one["title"] for one in draft.structure["topics"]]


def test_a_figure_at_the_end_of_a_quote_or_a_title_is_followed_by_no_stop(digest: Digest) -> None:
    rows = (*ROWS, ("2026-04-11 15:00", "阿砾", "泥料称下来是 1 504"), ("2026-04-11 15:05", "豆子", "釉料桶编号贴 120"))

    def said(request: Request) -> dict[str, Any]:
        at = number(request, "编号贴")
        topic = {"title": "釉料桶编号贴 120", "found": [], "messages": [at], "quote": "釉料桶编号贴 120"}
        return {"claims": [claim(request, "称下来是")], "topics": [topic]}

    draft = run(digest, said, rows)
    assert "“泥料称下来是 1 504”" in section(draft, "值得留存")
    assert "· 釉料桶编号贴 120（1 条" in section(draft, "聊了什么")


def test_an_edit_is_checked_with_what_the_model_doubted_and_answered(digest: Digest) -> None:
    from copilot import Copilot

    def said(request: Request) -> Reply:
        shows = {"message": number(request, "发群文件了"), "quote": "价目表发群文件了"}
        doubt = {"found": row(request, "a", "下班前"), "status": "done", **shows}
        quote = "陶泥涨到八块一斤"
        answer = {"asked": "陶泥价钱", "text": quote, "messages": [number(request, quote)], "quote": quote}
        return heard(doubts=[doubt], focus=[answer])

    with ChatEndpoint(answer=said) as endpoint:
        draft = digest(endpoint, chat(ROWS), operator=HEAD, group="窑边陶艺群", focus="陶泥价钱")
        again = Copilot(endpoint.settings()).recheck(draft, part(draft, "desk"), "desk")
    assert [Doubt.model_validate(one).status for one in draft.structure["doubts"]] == ["done"]
    assert [one.message for one in again.findings if one.severity == "error"] == []
