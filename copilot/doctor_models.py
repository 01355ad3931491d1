"""The check-up's part about models: which are asked, what they cost, and, tried out, what works. Shows no secret."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import SecretStr

from copilot.endpoints import MODES, Endpoint, Price, endpoints, left_out
from copilot.errors import CopilotError
from copilot.providers import money
from copilot.records import Record
from copilot.settings import Settings
from copilot.writers.spending import Spending

if TYPE_CHECKING:
    from copilot.writers.probing import Tried

MODEL = "对话模型"
SAMPLE = "周六晚上8点，群里线上读书会，读《小王子》。想来的接龙报名。"


class Check(Record):
    """One thing looked at; `remedy` is empty when there is nothing to do."""

    name: str
    status: Literal["ok", "warn", "fail"]
    detail: str
    remedy: str = ""


def model_checks(settings: Settings) -> Iterator[Check]:
    """The model that writes, those behind it, those that can't be asked, and what today has taken."""
    try:
        chain, missing = endpoints(settings), left_out(settings)
    except CopilotError as error:
        yield Check(name=MODEL, status="fail", detail=error.message, remedy=error.hint)
        return
    for number, one in enumerate(chain):
        yield Check(name=f"备用模型 {number}" if number else MODEL, status="ok", detail=_told(one))
    for line in missing:
        detail, _, remedy = line.partition(" → ")
        yield Check(name="备用模型" if chain else MODEL, status="warn", detail=detail, remedy=remedy)
    if not chain and not missing:
        yield Check(name=MODEL, status="ok", detail="没有配置，按离线起草")
    if chain:
        yield _spent(settings, chain)


def _told(one: Endpoint) -> str:
    """An endpoint in a line: what, where, how much it reads and writes, what it costs."""
    price = money(None)
    if one.price:
        price = "不计费"
        if one.price.output or one.price.input:
            amounts = [f"{words} {money(cost, one.currency)}" for words, cost in _prices(one.price)]
            price = f"每百万词元{'、'.join(amounts)}（{one.price.taken}，{one.price.source}）"
    counted = "按上限估" if one.encoding == "most" else one.encoding
    parts = [
        f"{one.model}，{one.provider_name}（{shown(one.base_url)}）",
        f"上下文 {one.context_tokens:,}、一次最多写 {one.output_tokens:,} 词元（{counted}）",
        price,
        *([one.note] if one.note else []),
    ]
    return "；".join(parts)


def _prices(price: Price) -> list[tuple[str, float]]:
    cached = [] if price.cached is None else [("缓存过的输入", price.cached)]
    return [("输入", price.input), *cached, ("输出", price.output)]


def _spent(settings: Settings, chain: Sequence[Endpoint]) -> Check:
    """Today's account and its limits, and whether they can be held."""
    name = "今日模型用量"
    limits = [f"{settings.daily_tokens:,} 词元"] if settings.daily_tokens else []
    limits += [f"{settings.daily_cost:g} 元（按各模型价格的货币）"] if settings.daily_cost else []
    try:
        spent = Spending(settings).today()
    except CopilotError as error:
        status: Literal["warn", "fail"] = "fail" if limits else "warn"
        return Check(name=name, status=status, detail=error.message, remedy=error.hint)
    costs = [money(cost, currency) for currency, cost in spent.costs.items()]
    unpriced = [f"{spent.unpriced_tokens:,} 个词元价格未知"] if spent.unpriced_tokens else []
    told = "，".join([f"{spent.tokens:,} 个词元", *costs, *unpriced])
    detail = f"{told}；每日上限 {'、'.join(limits) or '没有设'}"
    if settings.daily_cost and (unknown := [one.name for one in chain if one.price is None]):
        remedy = f"在 {settings.home / 'providers.yaml'} 写上价格，或改设 COPILOT_DAILY_TOKENS"
        return Check(
            name=name, status="warn", detail=f"{detail}；{'、'.join(unknown)} 价格未知，不会被问", remedy=remedy
        )
    return Check(name=name, status="ok", detail=detail)


def _asked(settings: Settings) -> Check:
    """A real draft by the model: address, key, structured output and all."""
    from copilot.client import Copilot

    copilot = Copilot(settings)
    draft = copilot.draft_announcement(SAMPLE, writer="model")
    with suppress(CopilotError):  # a sample has no place in the history
        copilot.store.delete(draft.id)
    if trouble := next((finding for finding in draft.findings if finding.code.startswith("model-")), None):
        return Check(name="模型试写", status="fail", detail=trouble.message, remedy=trouble.fix)
    spent = draft.usage.input_tokens + draft.usage.output_tokens
    return Check(name="模型试写", status="ok", detail=f"{draft.usage.milliseconds / 1000:.1f} 秒，{spent} 个词元")


def probe_checks(settings: Settings) -> Iterator[Check]:
    """Every endpoint tried out: what works, and the setting to change where it is not what is asked for."""
    from copilot.writers.probing import tried

    try:
        chain = endpoints(settings)
    except CopilotError:
        return  # already told
    for number, one in enumerate(chain):
        yield from _verdict(one, tried(one, settings), is_first=number == 0)
    if chain:
        yield _asked(settings)


def _verdict(one: Endpoint, seen: "Tried", *, is_first: bool) -> Iterator[Check]:
    name = f"试 {one.name}"
    if seen.error:
        yield Check(name=name, status="fail", detail=seen.error, remedy=seen.hint)
        return
    told = [
        "连得上，密钥和模型都对",
        "逐字输出" if seen.streams else "不逐字，一次给全文",
        "报告用量" if seen.stream_usage else "不报告用量，由本机计数",
        *([f"{seen.first_word:.1f} 秒开始写"] if seen.first_word is not None else []),
        *([f"每秒 {seen.speed:.3g} 词元"] if seen.speed else []),
        f"试用花了 {seen.usage.input_tokens + seen.usage.output_tokens:,} 个词元",
    ]
    yield Check(name=name, status="ok" if seen.streams else "warn", detail="，".join(told))
    works = [mode for mode in MODES if seen.modes.get(mode) == ""]
    for mode in MODES:
        why = seen.modes.get(mode, "")
        yield Check(
            name=f"{name} · {mode}",
            status="ok" if not why or mode not in one.modes[:1] else "warn",
            detail=why or "可以",
        )
    best = next(iter(works), None)
    forced = is_first and len(one.modes) == 1
    if best is None:
        remedy = "换一个更会按格式写的模型"
        yield Check(name=f"{name} · 格式", status="fail", detail="哪种格式都不行", remedy=remedy)
    elif forced and one.modes[0] != best:
        yield Check(
            name=f"{name} · 格式",
            status="warn",
            detail=f"现在只用 {one.modes[0]}，它能用 {best}",
            remedy=f"COPILOT_STRUCTURED_OUTPUT={best}",
        )
    elif is_first and one.modes[0] not in works:
        yield Check(
            name=f"{name} · 格式",
            status="warn",
            detail=f"{one.modes[0]} 不行，每次要先碰一次壁",
            remedy=f"COPILOT_STRUCTURED_OUTPUT={best}",
        )


def shown(value: object) -> str:
    """A setting as it may be seen: keys only as set or not, addresses without what stands before `@` or after `?`."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return "已设置"
    if isinstance(value, Path) or "://" not in str(value):
        return str(value)
    return re.sub(r"[?#][^\s,，;；]*", "", re.sub(r"://\S*@", "://", str(value)))
