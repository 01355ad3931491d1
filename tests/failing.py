"""What an endpoint may do wrong, and what the operator is told of it: one table for all that ask a model."""

from collections.abc import Callable
from typing import Any, NamedTuple

from fakes import KEY, ChatEndpoint, Reply, failed, no_choices, page, refused, streamed, whole

from copilot.settings import Settings


class Failure(NamedTuple):
    """One way to fail: the reply to each request, the words that tell of it, and the address where it is not ours.

    `is_talk`: words that are no failure where words are all that is wanted.
    """

    told: str
    reply: Callable[[], Reply] = page
    address: str = ""
    is_talk: bool = False

    def settings(self, endpoint: ChatEndpoint, **values: Any) -> Settings:
        """Settings that lead into it."""
        return endpoint.settings(**({"openai_base_url": self.address} if self.address else {}), **values)


BROKEN_EVENT = 'data: {"error": {"message": "overloaded", "code": "server_error"}}\n\n'
FAILURES = {
    "bad key": Failure("不认这个密钥", lambda: failed(401, f"Incorrect API key provided: {KEY}")),
    "no right": Failure("没有权限", lambda: failed(403, f"key {KEY} may not use this model")),
    "no such model": Failure("没有这个地址或模型", lambda: failed(404, "The model does not exist")),
    "too many requests, come back": Failure("429", lambda: failed(429, "slow down", retry_after="0")),
    "too many requests, come back later": Failure("429", lambda: failed(429, "slow down", retry_after="3600")),
    "too many requests": Failure("429", lambda: failed(429, "slow down")),
    "server error": Failure("模型服务出错", lambda: failed(500, f"trace: Authorization: Bearer {KEY}")),
    "too slow": Failure("秒内没有写完", lambda: streamed("{}", wait=3)),
    "words that drip": Failure("秒内没有写完", lambda: streamed('{"title": "河道清洁日"}', size=1, pause=0.3)),
    "stream cut off": Failure("连接中断", lambda: streamed('{"title": "河道', cut=True)),
    "body cut off": Failure("连接中断", lambda: Reply(lines=['{"choices": [{"mess'], cut=True)),
    "nobody there": Failure("没有程序应答", address="http://127.0.0.1:9/v1"),
    "no such host": Failure("域名解析不了", address="http://no-such-host.invalid/v1"),
    "no JSON": Failure("没按要求的格式写", lambda: streamed("好的，我来帮你写：河道清洁，周六见！"), is_talk=True),
    "JSON of something else": Failure(
        "没按要求的格式写", lambda: streamed('```json\n{"answer": 42}\n```'), is_talk=True
    ),
    "a web page": Failure("不是模型接口的格式"),
    "no choices": Failure("不是模型接口的格式", no_choices),
    "null content": Failure("回了空白", lambda: whole(None)),
    "refusal": Failure("回了空白", refused),
    "filtered": Failure("安全审核", lambda: failed(400, "The response was filtered", "content_filter")),
    "filtered half way": Failure("安全审核", lambda: streamed('{"title": "河', finish="content_filter")),
    "too long": Failure(
        "上下文放不下",
        lambda: failed(400, "maximum context length is 4096 tokens", "context_length_exceeded"),
    ),
    "cut short": Failure("输出上限", lambda: streamed('{"title": "河道清洁', finish="length")),
    "error inside the stream": Failure(
        "模型服务出错", lambda: Reply(content_type="text/event-stream", lines=[BROKEN_EVENT])
    ),
}
