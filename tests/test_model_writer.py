import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import openai
import pytest
from fakes import KEY, ChatEndpoint, Reply, failed, no_choices, page, refused, streamed, whole

from copilot.errors import (
    ModelNotConfigured,
    ModelRefused,
    ModelReplyUnusable,
    ModelUnavailable,
    WriterError,
)
from copilot.facts.brief import read_brief
from copilot.records import Finding, Hit, Span
from copilot.settings import Settings
from copilot.tasks.announcement import Announcement, AnnouncementTask
from copilot.tasks.base import Assignment, Options
from copilot.writers.failures import from_status
from copilot.writers.model import ModelWriter
from copilot.writers.replies import strict_schema

TASK = AnnouncementTask()
NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
BRIEF = {
    "群名": "青榕里晨跑群",
    "目的": "周末办一次亲子慢跑",
    "事实": [
        "时间：11月28日（周六）7:30",
        "领跑：赵小川",
        "报名：联系赵小川，电话 13912345678",
        "地点：清水河绿道北门",
    ],
}
GOOD = {
    "title": "亲子慢跑",
    "opening": "周末带孩子动一动，平时不跑步也能来。",
    "lead_intro": "",
    "benefits": [],
    "points": [
        {"label": "时间", "text": "11月28日（周六）7:30"},
        {"label": "领跑", "text": "成员01"},
        {"label": "报名", "text": "联系成员01，电话 电话01"},
    ],
    "action": "想来的朋友联系成员01，报好回复1。",
    "closing": "",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second try comes at once."""
    monkeypatch.setattr("copilot.writers.exchange.PAUSE", 0.01)


def assignment(brief: Any = BRIEF, **options: Any) -> Assignment:
    return TASK.prepare(read_brief(brief, now=NOW, now_given=True), Options(**options))


def reply(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes}, ensure_ascii=False)


def write(endpoint: ChatEndpoint, on_text: Callable[[str], None] | None = None, **settings: Any) -> Any:
    return ModelWriter(endpoint.settings(**settings)).write(TASK, assignment(), on_text)


def test_the_reply_becomes_the_structure_with_names_and_numbers_put_back() -> None:
    with ChatEndpoint(streamed(reply())) as endpoint:
        written = write(endpoint)
    assert written.structure.points[1].text == "赵小川"
    assert written.structure.points[2].text == "联系赵小川，电话 13912345678"
    assert written.structure.action == "想来的朋友联系赵小川，报好回复1。"
    assert written.usage.model_dump(exclude={"milliseconds"}) == {
        "model": "stub",
        "input_tokens": 100,
        "output_tokens": 20,
        "requests": 1,
    }
    assert list(written.prompts) == [
        "_announcement_kinds.v1.jinja",
        "announcement.system.v2.jinja",
        "announcement.user.v2.jinja",
    ]


def test_no_name_or_number_of_the_brief_is_on_the_wire_in_any_request() -> None:
    finding = Finding(
        severity="error",
        code="untraced-name",
        message="人名“赵小川”找不到",
        span=Span(start=0, end=3, text="赵小川"),
        fix="删掉 13912345678",
    )
    evidence = Hit(
        chunk_id="c", source="own.md", title="", section="赵小川的经验", text="有事找赵小川 13912345678", score=1.0
    )
    known = assignment().model_copy(update={"evidence": (evidence,)})
    with ChatEndpoint(streamed("不是 JSON"), streamed(reply()), streamed(reply())) as endpoint:
        writer = ModelWriter(endpoint.settings())
        written = writer.write(TASK, known)
        again = writer.repair(TASK, known, written, (finding,))
    assert len(endpoint.requests) == 3
    assert "13912345678" not in endpoint.sent
    assert "小川" not in endpoint.sent
    assert "成员01" in endpoint.sent
    assert again.structure == written.structure
    assert (again.usage.requests, again.usage.input_tokens) == (3, 300)
    assert "announcement.repair.v2.jinja" in again.prompts


def test_a_repair_keeps_everybody_s_code_and_gives_the_model_s_own_words_none() -> None:
    """成员02 comes before 成员01 in the reply, and 何方文 is shaped like a name: all stand as the model wrote them."""
    known = assignment({**BRIEF, "事实": [*BRIEF["事实"], "主持人：宋小棠"]})
    said = reply(
        opening="主持的是成员02，我们请何方文具店的人一起来。",
        points=[{"label": "领跑", "text": "成员01"}],
        closing="成员02等你。",
    )
    finding = Finding(
        severity="error",
        code="untraced-name",
        message="人名“何方文”在简报里找不到",
        span=Span(start=0, end=3, text="何方文"),
        fix="删掉",
    )
    with ChatEndpoint(streamed(said), streamed(reply())) as endpoint:
        writer = ModelWriter(endpoint.settings())
        written = writer.write(TASK, known)
        assert "宋小棠" in written.structure.opening
        writer.repair(TASK, known, written, (finding,))
        first, second = (one.json["messages"] for one in endpoint.requests)
    assert second[:2] == first
    assert second[2]["content"] == json.dumps(json.loads(said), ensure_ascii=False)
    assert "人名“何方文”" in second[3]["content"]
    assert "宋小棠" not in endpoint.sent


def test_what_was_held_back_is_not_in_the_prompt() -> None:
    brief = {**BRIEF, "草稿": "史上最好玩，名额有限先到先得！", "内部备注": "赞助六百元先别往外说"}
    with ChatEndpoint(streamed(reply())) as endpoint:
        ModelWriter(endpoint.settings()).write(TASK, assignment(brief))
        user = endpoint.requests[0].json["messages"][1]["content"]
    assert "最好玩" not in user
    assert "赞助" not in user


def test_only_our_own_words_have_the_system_role() -> None:
    with ChatEndpoint(streamed(reply())) as endpoint:
        write(endpoint)
        messages = endpoint.requests[0].json["messages"]
    assert [message["role"] for message in messages] == ["system", "user"]
    assert not any(word in messages[0]["content"] for word in ("青榕里", "清水河", "慢跑"))


def test_the_operator_reads_words_and_never_json() -> None:
    heard: list[str] = []
    with ChatEndpoint(streamed(reply(), size=3, pause=0.02)) as endpoint:
        written = write(endpoint, heard.append)
    assert len(heard) > 3
    assert "".join(heard) == (
        "亲子慢跑\n周末带孩子动一动，平时不跑步也能来。\n时间：11月28日（周六）7:30\n领跑：赵小川\n"
        "报名：联系赵小川，电话 13912345678\n想来的朋友联系赵小川，报好回复1。"
    )
    assert "赵小川" in written.structure.action


def test_an_error_of_the_listener_is_not_taken_for_one_of_the_model() -> None:
    def listener(_: str) -> None:
        raise ValueError("the page was closed")

    with ChatEndpoint(streamed(reply())) as endpoint, pytest.raises(ValueError, match="the page was closed"):
        write(endpoint, listener)


def test_the_strictest_form_is_asked_for_first_and_the_plainest_last() -> None:
    no_form = failed(400, "response_format is not supported")
    with ChatEndpoint(no_form, no_form, no_form, streamed(reply()), streamed(reply())) as endpoint:
        writer = ModelWriter(endpoint.settings())
        assert writer.write(TASK, assignment()).structure.title == "亲子慢跑"
        writer.write(TASK, assignment())
    assert [request.mode for request in endpoint.requests] == ["json_schema", "json_object", "tool", "text", "text"]
    assert "stream_options" not in endpoint.requests[3].json


def test_a_form_set_by_the_operator_is_the_only_one_tried() -> None:
    with ChatEndpoint(failed(400, "no")) as endpoint, pytest.raises(ModelRefused, match="不接受"):
        write(endpoint, structured_output="json_object")
    assert [request.mode for request in endpoint.requests] == ["json_object"]


def test_the_schema_sent_is_strict() -> None:
    schema = strict_schema(Announcement.model_json_schema())
    assert schema["required"] == list(Announcement.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Point"]["required"] == ["label", "text"]
    assert "default" not in json.dumps(schema)


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{reply()}\n```",
        f"<think>标题可以写 {{}}</think>好的：{reply()}\n希望有帮助",
        reply(title="【亲子慢跑】", points=[{"label": "**时间**", "text": "· 11月28日"}]),
        reply().replace("平时", "平\n时"),
    ],
)
def test_a_reply_in_a_fence_with_thoughts_or_marks_is_read(text: str) -> None:
    with ChatEndpoint(streamed(text)) as endpoint:
        structure = write(endpoint).structure
    assert structure.title == "亲子慢跑"
    assert structure.points[0].label == "时间"
    assert structure.points[0].text.startswith("11月28日")


def test_a_placeholder_keeps_its_brackets() -> None:
    with ChatEndpoint(streamed(reply(title="【待补充:标题】"))) as endpoint:
        assert write(endpoint).structure.title == "【待补充:标题】"


def test_an_entity_copied_from_the_prompt_is_put_back() -> None:
    with ChatEndpoint(streamed(reply(closing="A&amp;B &lt;3"))) as endpoint:
        assert write(endpoint).structure.closing == "A&B <3"


@pytest.mark.parametrize(
    "bad", ["好的，我来写。", '{"title": "亲子慢跑"}', reply(points="无"), reply(extra=1), "[1]", "{"]
)
def test_an_unusable_reply_is_asked_for_once_more_and_then_given_up(bad: str) -> None:
    with ChatEndpoint(streamed(bad), streamed(reply()), streamed(bad), streamed(bad)) as endpoint:
        written = write(endpoint)
        assert written.usage.requests == 2
        assert "any.retry.v1.jinja" in written.prompts
        assert endpoint.requests[1].json["messages"][2:][0] == {"role": "assistant", "content": bad}
        with pytest.raises(ModelReplyUnusable, match="两次"):
            write(endpoint)
    assert len(endpoint.requests) == 4


def test_an_endpoint_that_does_not_stream_is_asked_for_the_whole_reply() -> None:
    heard: list[str] = []
    with ChatEndpoint(whole(reply()), whole(reply())) as endpoint:
        written = write(endpoint, heard.append)
    assert [request.json.get("stream", False) for request in endpoint.requests] == [True, False]
    assert written.usage.requests == 2
    assert "".join(heard).startswith("亲子慢跑\n")


def test_tokens_are_counted_here_when_the_endpoint_does_not_tell() -> None:
    with ChatEndpoint(streamed(reply(), usage=False)) as endpoint:
        usage = write(endpoint).usage
    assert usage.input_tokens > 1000
    assert 50 < usage.output_tokens < 400


FAILURES: list[tuple[Reply, type[WriterError], str]] = [
    (failed(401, f"Incorrect API key: {KEY}"), ModelRefused, "密钥"),
    (failed(403, f"key {KEY} has no access"), ModelRefused, "没有权限"),
    (failed(404, "The model does not exist"), ModelRefused, "没有这个地址或模型"),
    (failed(402, "Insufficient Balance"), ModelRefused, "额度"),
    (failed(429, "You exceeded your current quota", "insufficient_quota"), ModelRefused, "额度"),
    (failed(429, "slow down", retry_after="90"), ModelUnavailable, "太频繁.*等 90 秒"),
    (failed(400, "maximum context length is 8192 tokens", "context_length_exceeded"), ModelRefused, "太长"),
    (failed(413, "too large"), ModelRefused, "太长"),
    (failed(400, "content management policy", "content_filter"), ModelRefused, "安全审核"),
    (streamed(reply(), finish="content_filter"), ModelRefused, "安全审核"),
    (streamed(reply()[:40], finish="length"), ModelReplyUnusable, "输出上限"),
    (refused(), ModelRefused, "拒绝"),
    (streamed(""), ModelRefused, "拒绝"),
    (no_choices(), ModelReplyUnusable, "OPENAI_BASE_URL"),
]


@pytest.mark.parametrize(("answer", "kind", "words"), FAILURES)
def test_each_failure_is_told_in_our_words_without_the_key(answer: Reply, kind: type[WriterError], words: str) -> None:
    with ChatEndpoint(answer) as endpoint, pytest.raises(WriterError, match=words) as caught:
        write(endpoint, structured_output="json_schema")
    assert type(caught.value) is kind
    assert len(endpoint.requests) == 1
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "passing", [failed(500, "oops"), failed(503), failed(429, retry_after="0"), streamed(reply(), cut=True)]
)
def test_what_may_pass_is_tried_once_more(passing: Reply) -> None:
    with ChatEndpoint(passing, streamed(reply())) as endpoint:
        assert write(endpoint).structure.title == "亲子慢跑"
    with ChatEndpoint(passing, passing, streamed(reply())) as endpoint, pytest.raises(ModelUnavailable):
        write(endpoint)


@pytest.mark.parametrize("answer", [page(), whole(None), Reply(lines=["{}"]), Reply(lines=['{"choices": null}'])])
def test_an_answer_that_is_no_reply_names_the_address(answer: Reply) -> None:
    with ChatEndpoint(answer, answer) as endpoint, pytest.raises(WriterError, match=r"OPENAI_BASE_URL|拒绝"):
        write(endpoint)


def test_an_event_that_is_no_json_is_no_reply() -> None:
    broken = Reply(content_type="text/event-stream", lines=["data: {oops\n\n"])
    with ChatEndpoint(broken, broken) as endpoint, pytest.raises(ModelReplyUnusable, match="OPENAI_BASE_URL"):
        write(endpoint)


def test_an_error_inside_a_stream_is_told() -> None:
    event = 'data: {"error": {"message": "server overloaded", "code": "server_error"}}\n\n'
    broken = Reply(content_type="text/event-stream", lines=[event])
    with ChatEndpoint(broken, broken) as endpoint, pytest.raises(ModelUnavailable, match="server overloaded"):
        write(endpoint)


@pytest.mark.parametrize("slow", [streamed(reply(), wait=2), streamed(reply(), size=1, pause=0.05)])
def test_a_slow_model_is_given_up_in_time(slow: Reply) -> None:
    started = time.perf_counter()
    with ChatEndpoint(slow, slow) as endpoint, pytest.raises(ModelUnavailable, match="没有写完"):
        write(endpoint, request_timeout=0.4)
    assert time.perf_counter() - started < 4


def test_nobody_at_the_address_is_told() -> None:
    with ChatEndpoint() as endpoint:
        settings = endpoint.settings()
    with pytest.raises(ModelUnavailable, match="连不上"):
        ModelWriter(settings).write(TASK, assignment())


def test_an_address_of_ones_own_needs_no_key() -> None:
    with ChatEndpoint(streamed(reply())) as endpoint:
        assert write(endpoint, openai_api_key=None).structure.title == "亲子慢跑"


def test_without_a_model_nothing_is_asked() -> None:
    with pytest.raises(ModelNotConfigured):
        ModelWriter(Settings.load()).write(TASK, assignment())


def test_a_brief_that_can_not_fit_is_refused_before_anything_is_sent() -> None:
    long = {"事实": [f"说明{number}：" + "这是一句很长的说明" * 20 for number in range(40)]}
    with ChatEndpoint() as endpoint, pytest.raises(ModelRefused, match="太长"):
        ModelWriter(endpoint.settings(context_tokens=4096)).write(TASK, assignment(long))
    assert not endpoint.requests


def test_evidence_without_room_is_left_out_and_said_so() -> None:
    text = "先说好处\n\n**怎么看出来**\n- 第 4 句才说时间"
    short = Hit(chunk_id="a", source="a.md", title="", section="短", text=text, score=1.0)
    long = Hit(chunk_id="b", source="a.md", title="", section="很长的一节", text="先说好处。" * 2000, score=0.5)
    with ChatEndpoint(streamed(reply())) as endpoint:
        known = assignment().model_copy(update={"evidence": (long, short)})
        written = ModelWriter(endpoint.settings()).write(TASK, known)
        user = endpoint.requests[0].json["messages"][1]["content"]
    assert "出处：短\n先说好处\n</section>" in user  # the handbook's symptoms are for searching, not for writing
    assert "很长的一节" not in user
    (notice,) = written.notices
    assert "很长的一节" in notice.message


def test_every_error_of_the_provider_s_library_becomes_one_of_ours() -> None:
    statuses = {kind.status_code for kind in _subclasses(openai.APIStatusError) if hasattr(kind, "status_code")}
    for status in (*statuses, 500, 502, 529, None):
        error = from_status(status, "", "x")
        assert isinstance(error, WriterError)
        assert error.hint


def _subclasses(kind: type[Any]) -> set[type[Any]]:
    return {kind}.union(*map(_subclasses, kind.__subclasses__()))
