"""What an endpoint's failure means to the operator: one of our errors, in Chinese, with what to do about it."""

import re

from copilot.errors import ModelRefused, ModelReplyUnusable, ModelUnavailable, WriterError

_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|window|size)|maximum.{0,20}(?:length|tokens)|(?:prompt|input).{0,12}too long|too many tokens"
    r"|(?:上下文|输入).{0,6}[超过]长",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content.?(?:filter|policy|management)|safety|inappropriate|sensitive|inspection|敏感|违规|审核", re.IGNORECASE
)
_QUOTA = re.compile(r"insufficient|quota|balance|billing|arrears|欠费|余额|配额", re.IGNORECASE)
_UNRESOLVED = re.compile(r"name or service|nodename|getaddrinfo|name resolution|resolve", re.IGNORECASE)
_NOBODY = re.compile(r"connection refused|connect call failed|actively refused", re.IGNORECASE)
_SECRET = re.compile(r"(?:sk|pk|key|Bearer)[-_ ][\w\-.*]{6,}", re.IGNORECASE)


def scrub(text: str, secret: str = "") -> str:
    """The text without the key, whole or as a provider echoes it, on one line and short."""
    if secret:
        text = text.replace(secret, "***")
    text = " ".join(_SECRET.sub("***", text).split())
    return text if len(text) <= 160 else f"{text[:160]}…"


def too_long() -> WriterError:
    """The prompt does not fit the model."""
    return ModelRefused(
        "简报太长，模型的上下文放不下", hint="拆成几条公告，或换上下文更大的模型并改 COPILOT_CONTEXT_TOKENS"
    )


def filtered() -> WriterError:
    """The provider's content filter stopped the prompt or the reply."""
    return ModelRefused("内容被模型平台的安全审核拦下", hint="看看简报里有没有敏感的说法，或换一个模型")


def cut_short() -> WriterError:
    """The reply reached the limit of output tokens."""
    return ModelReplyUnusable("模型没写完就到了输出上限", hint="把 COPILOT_OUTPUT_TOKENS 调大，或把简报拆短")


def unreadable() -> WriterError:
    """The address answered, but not as a chat endpoint does (a web page, an empty list of choices)."""
    return ModelReplyUnusable(
        "这个地址回的不是模型接口的格式", hint="检查 OPENAI_BASE_URL，它一般以 /v1 结尾，指向接口而不是网页"
    )


def blank() -> WriterError:
    """The model finished without a word, as it does when it declines."""
    return ModelRefused("模型没有写，回了空白（多半是拒绝了这个内容）", hint="换个说法再试，或换一个模型")


def off_form(problem: str) -> WriterError:
    """The reply can't be read into the job's structure, asked twice."""
    return ModelReplyUnusable(f"模型两次都没按要求的格式写（{problem}）", hint="再试一次，或换能力更强的模型")


def timed_out(seconds: float) -> WriterError:
    """The model was too slow."""
    return ModelUnavailable(f"模型 {seconds:g} 秒内没有写完", hint="稍后再试，或把 COPILOT_REQUEST_TIMEOUT 调大")


def unreachable(said: str) -> WriterError:
    """No connection, or one that broke; `said` are the socket's own words."""
    if _UNRESOLVED.search(said):
        return ModelUnavailable(
            f"连不上模型接口：域名解析不了（{said}）", hint="检查 OPENAI_BASE_URL 的拼写、网络和代理"
        )
    if _NOBODY.search(said):
        return ModelUnavailable(
            f"连不上模型接口：那个端口没有程序应答（{said}）",
            hint="看看模型服务启动了没有，再检查 OPENAI_BASE_URL 的端口",
        )
    return ModelUnavailable(f"连不上模型接口，或连接中断（{said}）", hint="检查网络、代理和 OPENAI_BASE_URL")


def from_status(status: int | None, code: str, said: str, wait: float | None = None) -> WriterError:
    """The error for an HTTP status (None: an error inside a stream), the provider's code and its scrubbed words."""
    told = f"{code} {said}"
    if status == 402 or (status in (403, 429, None) and _QUOTA.search(told)):
        return ModelRefused(f"模型账户的额度用完了（{said}）", hint="充值或换一个密钥")
    if status == 413 or (status in (400, 422, None) and _TOO_LONG.search(told)):
        return too_long()
    if status in (400, 403, 422, None) and _FILTERED.search(told):
        return filtered()
    match status:
        case 401:
            return ModelRefused(
                "模型接口不认这个密钥（401）", hint="检查 OPENAI_API_KEY，以及它和 OPENAI_BASE_URL 是不是同一家的"
            )
        case 403:
            return ModelRefused(
                f"这个密钥没有权限（403：{said}）", hint="在模型平台开通这个模型，或换一个 COPILOT_MODEL"
            )
        case 404 | 405:
            return ModelRefused(
                f"没有这个地址或模型（{status}：{said}）",
                hint="检查 OPENAI_BASE_URL（一般以 /v1 结尾）和 COPILOT_MODEL",
            )
        case 429:
            hint = f"等 {wait:.0f} 秒再试" if wait else "过一会儿再试"
            return ModelUnavailable("请求太频繁，模型接口要求等一等（429）", hint=hint)
        case int() if 400 <= status < 500 and status not in (408, 409, 425):
            return ModelRefused(
                f"模型接口不接受这个请求（{status}：{said}）", hint="检查 COPILOT_MODEL 和 COPILOT_STRUCTURED_OUTPUT"
            )
        case _:
            return ModelUnavailable(f"模型服务出错（{status or said}）", hint="稍后再试")


def about_form(status: int | None, code: str, said: str) -> bool:
    """Whether the endpoint may only have refused the form of reply that was asked for (json_schema, stream options)."""
    told = f"{code} {said}"
    return status in (400, 415, 422) and not _TOO_LONG.search(told) and not _FILTERED.search(told)
