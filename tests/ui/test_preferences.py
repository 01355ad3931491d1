"""The model as it is chosen: what is written for it, and where no key may go."""

from pathlib import Path

import pytest

from copilot.endpoints import endpoints
from copilot.errors import SettingsError
from copilot.settings import Settings
from copilot.settings_file import overruling, save
from copilot.ui.preferences import FALLBACK_KEY, OWN, OWN_KEY, Model, changes, has_key, key_names, model_of

KEY = "sk-invented-0123456789"
HOUSE = "https://llm.example.org/v1"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))


def choose(model: Model, **keys: str) -> Settings:
    """Save a choice as the page does."""
    return save(changes(model, keys, Settings.load(), overruling()))


@pytest.mark.parametrize(
    ("model", "keys"),
    [
        (Model(), {}),
        (Model("deepseek"), {"DEEPSEEK_API_KEY": KEY}),
        (Model("openai", model="gpt-5-mini"), {OWN_KEY: KEY}),
        (Model("ollama", model="small", daily_tokens=9000, daily_cost=1.5), {}),
        (Model("azure", "https://house.openai.azure.com/openai/v1/", "ours"), {"AZURE_OPENAI_API_KEY": KEY}),
        (Model(OWN, HOUSE, "house", "deepseek/deepseek-flash"), {OWN_KEY: KEY, "DEEPSEEK_API_KEY": KEY}),
    ],
)
def test_a_choice_comes_back_as_it_was_made_with_all_its_keys(model: Model, keys: dict[str, str]) -> None:
    settings = choose(model, **keys)
    assert model_of(settings) == model
    assert list(key_names(model, settings)) == (list(keys) or (["OPENAI_API_KEY"] if model.provider else []))
    assert all(has_key(name, settings) for name in keys)
    assert bool(endpoints(settings)) == bool(model.provider)


def test_the_providers_own_address_is_not_written() -> None:
    assert choose(Model("deepseek", "https://api.deepseek.com"), DEEPSEEK_API_KEY=KEY).openai_base_url is None


def test_a_key_left_empty_stays_as_it_is_while_its_address_does() -> None:
    choose(Model(OWN, HOUSE, "house"), OPENAI_API_KEY=KEY)
    assert has_key(OWN_KEY, choose(Model(OWN, HOUSE, "another"), OPENAI_API_KEY=" "))


@pytest.mark.parametrize("other", [Model(OWN, "https://else.example.org/v1", "m"), Model("deepseek"), Model()])
def test_a_key_does_not_go_to_another_address(other: Model) -> None:
    choose(Model(OWN, HOUSE, "house"), OPENAI_API_KEY=KEY)
    settings = choose(other)
    assert not has_key(OWN_KEY, settings)
    assert all(one.api_key is None for one in endpoints(settings))


def test_the_key_of_a_fallback_does_not_go_to_another_address_either() -> None:
    ollama = Model("ollama", model="m", fallback=f"{HOUSE} house")
    settings = choose(ollama, COPILOT_FALLBACK_API_KEY=KEY)
    assert key_names(ollama, settings)[FALLBACK_KEY] == "llm.example.org"
    assert has_key(FALLBACK_KEY, choose(Model("ollama", model="n", fallback=f"{HOUSE} house")))
    moved = choose(Model("ollama", model="m", fallback="https://else.example.org/v1 m"))
    assert not has_key(FALLBACK_KEY, moved)


def test_a_key_of_the_environment_is_not_sent_to_an_address_typed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(SettingsError, match=r"llm\.example\.org") as caught:
        choose(Model(OWN, HOUSE, "house"))
    assert KEY not in repr(caught.value)


def test_what_the_environment_decides_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODEL", "from-environment")
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    wanted = changes(Model("deepseek", model="x"), {"DEEPSEEK_API_KEY": "typed"}, Settings.load(), overruling())
    assert "model" not in wanted
    assert "provider_keys" not in wanted


@pytest.mark.parametrize("half", [Model(OWN, "", "m"), Model(OWN, HOUSE), Model("azure", "", "m"), Model("ollama")])
def test_half_a_choice_is_refused_with_what_is_missing(half: Model) -> None:
    with pytest.raises(SettingsError):
        changes(half, {}, Settings.load(), {})
