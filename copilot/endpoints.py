"""Which chat models can be asked: the one that is set up, then those to fall back on. Facts of providers are data.

A key goes to the address it was set for and nowhere else: a provider's own variable to that provider, `OPENAI_API_KEY`
to `OPENAI_BASE_URL` (OpenAI itself when that is unset), `COPILOT_FALLBACK_API_KEY` to a fallback's own address.
"""

import json
import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr

from copilot.errors import SettingsError
from copilot.providers import MODES, Mode, Price, Provider, Providers, providers
from copilot.records import Record, Usage
from copilot.settings import Settings

__all__ = ["MODES", "Endpoint", "Mode", "Price", "cost_of", "endpoints", "left_out", "priced"]

OPENAI = "https://api.openai.com/v1"
CONTEXT, OUTPUT = 16384, 4000  # of a model of which nothing is known
_FALLBACK = "写成 COPILOT_FALLBACK=deepseek/deepseek-flash, https://地址/v1 模型名"


class Endpoint(Record):
    """One model at one address, with all that a request to it needs. Equal endpoints share their connections.

    `modes` are tried in turn. `limit` is the request's name for the most tokens of a reply, `stream_usage` whether
    usage may be asked for in a stream. `context_tokens` and `output_tokens` are what the model reads and may write.
    `encoding` counts its tokens (`count_tokens(text, endpoint.encoding)`), `extra` are further fields of each request
    as JSON, `price` is None where it is not known. `provider` is an id, or the host of an unknown address.
    """

    name: str
    provider: str
    model: str
    base_url: str
    api_key: SecretStr | None = None
    modes: tuple[Mode, ...] = MODES
    limit: str = "max_tokens"
    stream_usage: bool = True
    context_tokens: int
    output_tokens: int
    provider_name: str = ""
    key_variable: str = ""
    encoding: str = "most"
    price: Price | None = None
    extra: str = "{}"
    note: str = ""

    @property
    def extra_body(self) -> dict[str, Any]:
        """Further fields of each request to this model."""
        body: dict[str, Any] = json.loads(self.extra)
        return body

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """What so many tokens cost at most, in `price.currency`; None where the price is not known."""
        return self.price.of(input_tokens, output_tokens) if self.price else None

    @property
    def currency(self) -> str:
        """The currency it is paid in, "" where nothing is known or paid."""
        return self.price.currency if self.price else ""


class _Wanted(NamedTuple):
    """One model as the settings name it: where, which, by whose facts and with which key."""

    address: str
    model: str
    id: str
    facts: Provider
    key: SecretStr | None
    variable: str  # what to set when the key is missing


def endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    """The model that is set up, then those to fall back on; none without a model. Raises `SettingsError`."""
    return _chain(settings)[0]


def left_out(settings: Settings) -> tuple[str, ...]:
    """Why models that are named in the settings can't be asked, each in a line with the fix. Raises `SettingsError`."""
    return _chain(settings)[1]


def cost_of(usage: Usage, endpoint: Endpoint) -> float | None:
    """What a usage of this endpoint cost at most, in its currency; None where the price is not known."""
    return endpoint.cost(usage.input_tokens, usage.output_tokens)


def priced(usage: Usage, endpoint: Endpoint) -> Usage:
    """A usage of this endpoint with what it cost."""
    return usage.model_copy(update={"cost": cost_of(usage, endpoint), "currency": endpoint.currency})


def _chain(settings: Settings) -> tuple[tuple[Endpoint, ...], tuple[str, ...]]:
    known = providers(settings.home)
    found: list[Endpoint] = []
    told: list[str] = []
    first, missing = _first(settings, known)
    told += missing
    for number, wanted in enumerate([first, *_fallbacks(settings, known)]):
        if wanted is None:
            continue
        if wanted.key is None and wanted.facts.keys and not wanted.facts.local:
            told.append(
                f"{wanted.facts.name} 的 {wanted.model} 没有密钥 → 设 {wanted.variable}（别家的密钥不会发过去）"
            )
            continue
        endpoint = _endpoint(settings, known, wanted, is_first=number == 0)
        if all((one.base_url, one.model) != (endpoint.base_url, endpoint.model) for one in found):
            found.append(endpoint)
    return tuple(found), tuple(told)


def _first(settings: Settings, known: Providers) -> tuple[_Wanted | None, list[str]]:
    """The model that is set up; or what is missing when it is half set up."""
    address = settings.openai_base_url
    name, facts = known.at(address) or ("", None) if address else ("", None)
    if settings.provider:
        chosen = _provider(settings.provider, known, "COPILOT_PROVIDER")
        if facts and name != settings.provider:
            raise SettingsError(
                f"COPILOT_PROVIDER 是 {settings.provider}，OPENAI_BASE_URL 却是 {facts.name} 的地址",
                hint="两个只留一个，或改成同一家",
            )
        name, facts = settings.provider, chosen
        address = address or facts.base_url
        if not address:
            raise SettingsError(f"{facts.name} 没有统一的地址", hint=f"再设 OPENAI_BASE_URL。{facts.note}")
    model = settings.model or (facts.default_model if settings.provider and facts else None)
    if not address and settings.openai_api_key:
        address, name, facts = OPENAI, "openai", known.providers["openai"]
    if not (model and address):
        if settings.provider or settings.openai_api_key or settings.openai_base_url:
            return None, ["只设了一半，按离线起草 → 再设 COPILOT_MODEL"]
        if settings.model:
            return None, ["只设了一半，按离线起草 → 再设 OPENAI_API_KEY 或 OPENAI_BASE_URL，或 COPILOT_PROVIDER"]
        return None, []
    facts = facts or Provider(name=_host(address))
    key = _own_key(settings, name, facts, address)
    if key is None and settings.openai_base_url:
        key = settings.openai_api_key  # the two are set as a pair
    variable = facts.keys[0] if facts.keys and facts.serves(address) else "OPENAI_API_KEY"
    return _Wanted(address, model, name, facts, key, variable), []


def _fallbacks(settings: Settings, known: Providers) -> list[_Wanted]:
    entries = [entry.strip() for entry in re.split(r"[,，;；\n]", settings.fallback or "") if entry.strip()]
    found = [_fallback(entry, settings, known) for entry in entries]
    strange = {_host(one.address) for one in found if not one.id}
    if len(strange) > 1 and settings.fallback_api_key:
        raise SettingsError(
            f"COPILOT_FALLBACK 里有 {len(strange)} 个自己的地址，COPILOT_FALLBACK_API_KEY 不知道给哪一个",
            hint="只留一个自己的地址，其余用已知的平台",
        )
    return found


def _fallback(entry: str, settings: Settings, known: Providers) -> _Wanted:
    if "://" in entry:
        address, _, model = (part.strip() for part in entry.partition(" "))
        if not model or not address.startswith(("http://", "https://")):
            raise SettingsError(
                f"COPILOT_FALLBACK 里的 {_host(address) or '地址'} 少了模型名，或地址不对", hint=_FALLBACK
            )
        name, facts = known.at(address) or ("", Provider(name=_host(address)))
    else:
        name, _, model = (part.strip() for part in entry.partition("/"))
        name = name.lower()
        facts = _provider(name, known, "COPILOT_FALLBACK")
        address = facts.base_url or ""
        model = model or facts.default_model or ""
        if not address:
            raise SettingsError(f"COPILOT_FALLBACK 里的 {facts.name} 要写地址", hint=f"{_FALLBACK}。{facts.note}")
        if not model:
            raise SettingsError(f"COPILOT_FALLBACK 里的 {name} 少了模型名", hint=f"写成 {name}/模型名")
    key = _own_key(settings, name, facts, address) if name else settings.fallback_api_key
    return _Wanted(address, model, name, facts, key, facts.keys[0] if facts.keys else "COPILOT_FALLBACK_API_KEY")


def _provider(name: str, known: Providers, variable: str) -> Provider:
    if name not in known.providers:
        raise SettingsError(f"{variable} 里的 {name} 不认识", hint="可选 " + "、".join(known.providers))
    return known.providers[name]


def _own_key(settings: Settings, name: str, facts: Provider, address: str) -> SecretStr | None:
    """The key that is this provider's by its variable, for an address of its own."""
    if not facts.serves(address):
        return None
    if name == "openai":
        paired = not settings.openai_base_url or facts.serves(settings.openai_base_url)
        return settings.openai_api_key if paired else None
    kept = dict(settings.provider_keys)
    return next((kept[variable] for variable in facts.keys if variable in kept), None)


def _endpoint(settings: Settings, known: Providers, wanted: _Wanted, *, is_first: bool) -> Endpoint:
    model, facts = wanted.facts.known(wanted.model), wanted.facts
    set_here = settings.model_fields_set if is_first else frozenset[str]()
    context = model.context or facts.context or CONTEXT
    if "context_tokens" in set_here:
        context = settings.context_tokens
    output = min(OUTPUT, model.output or OUTPUT, context // 4)
    if "output_tokens" in settings.model_fields_set:
        output = min(settings.output_tokens, model.output or settings.output_tokens)
    forced = settings.structured_output if is_first else "auto"
    return Endpoint(
        name=wanted.model,
        provider=wanted.id or _host(wanted.address),
        model=wanted.model,
        base_url=wanted.address,
        api_key=wanted.key,
        modes=facts.modes if forced == "auto" else (forced,),
        limit=facts.limit,
        stream_usage=facts.stream_usage,
        context_tokens=context,
        output_tokens=output,
        provider_name=facts.name,
        key_variable=wanted.variable,
        encoding=known.encoding(wanted.model),
        price=facts.price(wanted.model),
        extra=json.dumps(model.extra, sort_keys=True),
        note=facts.note,
    )


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
