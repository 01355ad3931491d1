"""What is known of the providers, and what an own file adds."""

import re
from pathlib import Path

import pytest
import yaml
from chains import chain

from copilot.endpoints import endpoints
from copilot.errors import SettingsError
from copilot.lore import load_yaml
from copilot.providers import FILE, MODES, Providers, providers
from copilot.settings import Settings

pytestmark = pytest.mark.usefixtures("no_provider")
SHIPPED = Providers.model_validate(load_yaml(FILE))


def test_all_promised_providers_are_known() -> None:
    promised = {
        "openai",
        "azure",
        "deepseek",
        "qwen",
        "moonshot",
        "zhipu",
        "siliconflow",
        "ollama",
        "vllm",
        "llama.cpp",
    }
    assert promised <= SHIPPED.providers.keys()


@pytest.mark.parametrize("name", SHIPPED.providers)
def test_the_data_of_each_provider_is_whole(name: str) -> None:
    one = SHIPPED.providers[name]
    assert one.modes[-1] == "text", "the plainest form is always there to fall back on"
    assert list(one.modes) == [mode for mode in MODES if mode in one.modes], "strictest first"
    if one.base_url:
        assert one.serves(one.base_url)
    assert one.local or one.keys, "a remote provider has a key"
    if one.default_model and one.models:
        assert one.default_model in one.models
    for model, facts in one.models.items():
        assert facts.price is None or one.pricing, f"the price of {model} comes from nowhere"
        if facts.price:
            given, cached, made = facts.price
            assert 0 < given <= made
            assert cached is None or 0 < cached <= given
    if one.pricing:
        assert re.fullmatch(r"2026-\d{2}(-\d{2})?", one.pricing.taken)
        assert one.pricing.source.startswith("https://")


def test_no_two_providers_claim_one_address() -> None:
    for name, one in SHIPPED.providers.items():
        if one.base_url:
            assert [other for other, its in SHIPPED.providers.items() if its.serves(one.base_url)] == [name]


def test_an_own_file_adds_providers_models_and_prices(tmp_path: Path) -> None:
    own = {
        "providers": {
            "house": {"name": "自家网关", "hosts": ["llm.example.org"], "base_url": "https://llm.example.org/v1",
                      "keys": ["HOUSE_API_KEY"], "default_model": "h1"},
            "qwen": {
                "pricing": {"currency": "CNY", "taken": "2026-11-20", "source": "合同"},
                "models": {"qwen-plus": {"price": [1, None, 3]}},
            },
        }
    }  # fmt: skip
    home = tmp_path / "home"
    home.mkdir()
    (home / FILE).write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    (house,) = chain(provider="house", provider_keys={"HOUSE_API_KEY": "house-key"})
    assert (house.base_url, house.model, house.provider_name) == ("https://llm.example.org/v1", "h1", "自家网关")
    (qwen,) = chain(provider="qwen", provider_keys={"DASHSCOPE_API_KEY": "k"})
    assert qwen.cost(1_000_000, 1_000_000) == 4
    assert qwen.context_tokens == SHIPPED.providers["qwen"].known("qwen-plus").context, "the rest stays as it is"


@pytest.mark.parametrize(
    "text",
    [
        "providers: [",
        "- a\n- b\n",
        "just words",
        "providers: {house: {name: 1, base: x}}",
        "providers: {house: {name: 自家, base_url: llm.example.org}}",
        "providers: {qwen: {models: {qwen-plus: {price: [1, 2]}}}}",
        "\x00",
    ],
)
def test_an_own_file_that_cant_be_read_is_named_in_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        endpoints(Settings.load(model="m", openai_base_url="http://127.0.0.1:9/v1"))
    assert FILE in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_changed_own_file_is_read_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "house" not in providers(home).providers
    home.mkdir()
    (home / FILE).write_text("providers: {house: {name: 自家}}", encoding="utf-8")
    assert providers(home).providers["house"].name == "自家"
