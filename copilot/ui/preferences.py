"""What an operator chooses on the settings page, put in force for every session; the model as it is typed there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copilot.endpoints import OPENAI
from copilot.errors import SettingsError
from copilot.providers import Provider, providers
from copilot.settings import Settings
from copilot.settings_file import KEYS, save
from copilot.ui import state

OWN = "own"  # an address that is nobody's we know
OWN_KEY, FALLBACK_KEY = "OPENAI_API_KEY", "COPILOT_FALLBACK_API_KEY"


@dataclass(frozen=True)
class Model:
    """Which model is to write: `provider` is an id of providers.yaml, `OWN`, or "" for none; `address` is "" for its own."""

    provider: str = ""
    address: str = ""
    model: str = ""
    fallback: str = ""
    daily_tokens: int | None = None
    daily_cost: float | None = None


def keep(changes: Mapping[str, Any]) -> None:
    """Write settings and put them in force: the next run of any session has them. Raises `SettingsError`, `StorageError`."""
    save(changes)
    state.copilot().store.close()  # whoever still uses it opens it again
    state.copilot.clear()


# The model ------------------------------------------------------------------------------------------------------------


def model_of(settings: Settings) -> Model:
    """The model as the settings have it."""
    known, address = providers(settings.home), settings.openai_base_url or ""
    found = known.at(address) if address else None
    provider = settings.provider or (found[0] if found else OWN if address else "")
    if not provider and settings.model and settings.openai_api_key:
        provider = "openai"
    facts = known.providers.get(provider, Provider(name=""))
    return Model(
        provider=provider,
        address="" if address == facts.base_url else address,
        model=settings.model or "",
        fallback=settings.fallback or "",
        daily_tokens=settings.daily_tokens,
        daily_cost=settings.daily_cost,
    )


def key_names(typed: Model, settings: Settings) -> dict[str, str]:
    """Which keys this choice takes: {variable, or the name of a setting: whose it is}. The first is the model's own."""
    known = providers(settings.home)
    found: dict[str, str] = {}
    if typed.provider:
        facts = known.providers.get(typed.provider, Provider(name=_host(typed.address)))
        its_own = facts.keys and (not typed.address or facts.serves(typed.address))
        found[facts.keys[0] if its_own else OWN_KEY] = facts.name
    for entry in re.split(r"[,，;；\n]", typed.fallback):
        address, _, _ = entry.strip().partition(" ")
        at = known.at(address) if "://" in address else (address.partition("/")[0].lower(), None)
        facts_at = known.providers.get(at[0]) if at else None
        if facts_at and facts_at.keys:
            found.setdefault(facts_at.keys[0], facts_at.name)
        elif "://" in address and not facts_at:
            found[FALLBACK_KEY] = _host(address)
    return found


def has_key(name: str, settings: Settings) -> bool:
    """Whether the key of this name is set, wherever it stands."""
    pairs = {OWN_KEY: settings.openai_api_key, FALLBACK_KEY: settings.fallback_api_key}
    return {**dict(settings.provider_keys), **pairs}.get(name) is not None


def changes(typed: Model, keys: Mapping[str, str], settings: Settings, decided: Mapping[str, str]) -> dict[str, Any]:
    """What to write for this choice, without what the environment has `decided`. Raises `SettingsError` for half of one.

    A key goes with its address: where the address changes and no new key is typed, the old one is taken out.
    """
    if typed.provider == OWN and not typed.address:
        raise SettingsError("还没写地址", hint="写上模型接口的地址，一般以 /v1 结尾")
    facts = providers(settings.home).providers.get(typed.provider, Provider(name=""))
    if typed.provider and not (typed.model or facts.default_model):
        raise SettingsError("还没写模型名", hint="写上模型的名字，和平台上的一样")
    if typed.provider and not (typed.address or facts.base_url):
        raise SettingsError(f"{facts.name} 没有统一的地址", hint=facts.note or "写上地址")
    address = typed.address if typed.provider and typed.address != facts.base_url else ""
    if address and "openai_api_key" in decided and "openai_base_url" not in decided:
        raise SettingsError(
            f"环境里的 OPENAI_API_KEY 会发给 {_host(address)}", hint="先把它从环境变量或 .env 里拿掉，再在这里填密钥"
        )
    found: dict[str, Any] = {
        "provider": typed.provider if typed.provider not in ("", OWN) else None,
        "openai_base_url": address or None,
        "model": (typed.model or None) if typed.provider else None,
        "fallback": typed.fallback or None,
        "daily_tokens": typed.daily_tokens,
        "daily_cost": typed.daily_cost,
    }
    given = {name: key.strip() for name, key in keys.items() if key.strip() and name not in decided}
    own, fallback = given.pop(OWN_KEY, None), given.pop(FALLBACK_KEY, None)
    if own or (address or OPENAI) != (settings.openai_base_url or OPENAI):
        found["openai_api_key"] = own
    before = key_names(model_of(settings), settings).get(FALLBACK_KEY)
    if fallback or key_names(typed, settings).get(FALLBACK_KEY) != before:
        found["fallback_api_key"] = fallback
    return {name: value for name, value in found.items() if name not in decided} | ({KEYS: given} if given else {})


def _host(address: str) -> str:
    return re.sub(r"^\w+://(?:[^@/]*@)?([^/:?#]*).*", r"\1", address)
