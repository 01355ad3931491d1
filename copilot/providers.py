"""What is known of the providers of chat models: addresses, keys, sizes, prices. Data, read from `providers.yaml`.

An operator's own `providers.yaml` in the data folder adds to what is shipped and comes before it.
"""

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError, field_validator

from copilot.errors import SettingsError
from copilot.lore import load_yaml
from copilot.records import Record

Mode = Literal["json_schema", "json_object", "tool", "text"]
"""In which form a reply is asked for, strictest first."""
MODES: tuple[Mode, ...] = ("json_schema", "json_object", "tool", "text")
FILE = "providers.yaml"
_DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{4,8})")
_SIGNS = {"CNY": "¥", "USD": "$"}


class Price(Record):
    """What a million tokens cost; `cached` are those that the provider has from before. When and where it was read."""

    currency: str
    input: float
    cached: float | None = None
    output: float
    taken: str = ""
    source: str = ""

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """The price of so many tokens, none of them cached."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


FREE = Price(currency="", input=0, output=0)


def money(cost: float | None, currency: str = "") -> str:
    """A cost as an operator reads it: to the third figure where it is small, "价格未知" for None."""
    if cost is None:
        return "价格未知"
    if not currency:
        return f"{cost:.2f}" if cost else "不计费"
    amount = f"{cost:.2f}" if cost >= 1 or not cost else f"{max(cost, 0.0001):.4f}"
    return f"{_SIGNS[currency]}{amount}" if currency in _SIGNS else f"{amount} {currency}"


class _Pricing(Record):
    currency: str
    taken: str
    source: str


class Model(Record):
    """What is known of one model: its context and longest output in tokens, its price, fields its requests need."""

    context: int | None = None
    output: int | None = None
    price: tuple[float, float | None, float] | None = None
    extra: dict[str, Any] = {}


class Provider(Record):
    """One provider; the fields are explained where the data stands."""

    name: str
    hosts: tuple[str, ...] = ()
    port: int | None = None
    base_url: str | None = None
    default_model: str | None = None
    keys: tuple[str, ...] = ()
    local: bool = False
    modes: tuple[Mode, ...] = MODES
    limit: str = "max_tokens"
    stream_usage: bool = True
    context: int | None = None
    note: str = ""
    pricing: _Pricing | None = None
    models: dict[str, Model] = {}

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("地址要以 http:// 或 https:// 开头")
        return value

    def known(self, model: str) -> Model:
        """What is known of a model, or of the one that it is a dated version of."""
        name = model.lower()
        for listed, facts in self.models.items():
            if name == listed.lower() or (
                name.startswith(listed.lower()) and _DATED.fullmatch(name.removeprefix(listed.lower()))
            ):
                return facts
        return Model()

    def price(self, model: str) -> Price | None:
        """What a model costs, if that is known."""
        if self.local:
            return FREE
        figures = self.known(model).price
        if figures is None or self.pricing is None:
            return None
        given, cached, made = figures
        return Price(**self.pricing.model_dump(), input=given, cached=cached, output=made)

    def serves(self, address: str) -> bool:
        """Whether an address is this provider's: by its host, or on a machine of one's own by its port."""
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        if self.port is not None and port == self.port:
            return _is_own_machine(host)
        return any(host == known or host.endswith(f".{known}") for known in self.hosts)


class Providers(Record):
    """All providers by id, and which models are counted with which table."""

    tokenizers: dict[str, str] = {}
    providers: dict[str, Provider] = {}

    def at(self, address: str) -> tuple[str, Provider] | None:
        """The provider that an address belongs to, with its id."""
        return next(((name, one) for name, one in self.providers.items() if one.serves(address)), None)

    def encoding(self, model: str) -> str:
        """The table that counts a model's tokens; "most", an upper bound, for one that is not known."""
        name = model.lower().rpartition("/")[2]
        fitting = [known for known in self.tokenizers if name.startswith(known)]
        return self.tokenizers[max(fitting, key=len)] if fitting else "most"


def _is_own_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host


def providers(home: Path) -> Providers:
    """What is shipped with what the operator has added. Raises `SettingsError` for an own file that can't be read."""
    own = home / FILE
    try:
        changed = own.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(own, changed)


@lru_cache(maxsize=8)
def _read(own: Path, changed: int) -> Providers:
    data = load_yaml(FILE)
    if not changed:
        return Providers.model_validate(data)
    try:
        return Providers.model_validate(_over(load_yaml(own.name, folder=own.parent) or {}, data))
    except ValidationError as error:
        first = error.errors()[0]
        place = " → ".join(map(str, first["loc"]))
        raise SettingsError(
            f"{own} 的 {place} 不对：{first['msg'].removeprefix('Value error, ')}",
            hint="写法和 knowledge/providers.yaml 一样，改正或删掉这一处",
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, AttributeError) as error:
        told = " ".join(str(error).split())[:160]
        raise SettingsError(
            f"{own} 读不懂：{told}", hint="写法和 knowledge/providers.yaml 一样，改正或移走它"
        ) from None


def _over(own: Mapping[str, Any], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped data with the own laid over it, mapping by mapping."""
    merged = dict(shipped)
    for name, value in own.items():
        below = merged.get(name)
        merged[name] = _over(value, below) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return merged
