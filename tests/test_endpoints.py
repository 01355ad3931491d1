"""Which models can be asked: from the settings and the providers' data to a chain of endpoints, keys kept apart."""

import contextlib
from typing import Any

import pytest
from chains import chain, keys
from hypothesis import given
from hypothesis import strategies as st

from copilot.endpoints import cost_of, left_out, priced
from copilot.errors import SettingsError
from copilot.lore import load_yaml
from copilot.providers import FILE, MODES, Providers, money
from copilot.records import Usage
from copilot.settings import Settings
from copilot.writers.line import line

pytestmark = pytest.mark.usefixtures("no_provider")
SHIPPED = Providers.model_validate(load_yaml(FILE))
REMOTE = {name: one for name, one in SHIPPED.providers.items() if not one.local and one.base_url}


def refusal(**values: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        chain(**values)
    return str(caught.value)


@pytest.mark.parametrize("name", REMOTE)
def test_a_provider_is_set_up_by_its_name_and_its_own_key_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = REMOTE[name]
    monkeypatch.setenv(provider.keys[0], "own-key")
    (one,) = chain(provider=name)
    assert (one.provider, one.model, one.base_url) == (name, provider.default_model, provider.base_url)
    assert one.api_key is not None
    assert one.api_key.get_secret_value() == "own-key"
    assert (one.modes, one.limit, one.stream_usage) == (provider.modes, provider.limit, provider.stream_usage)


def test_without_model_and_address_there_is_none() -> None:
    assert chain() == ()
    assert left_out(Settings.load()) == ()


@pytest.mark.parametrize(
    ("values", "fix"),
    [
        ({"model": "m"}, "OPENAI_API_KEY"),
        ({"openai_api_key": "k"}, "COPILOT_MODEL"),
        ({"openai_base_url": "http://127.0.0.1:9/v1"}, "COPILOT_MODEL"),
        ({"provider": "ollama"}, "COPILOT_MODEL"),
        ({"provider": "deepseek"}, "DEEPSEEK_API_KEY"),
    ],
)
def test_half_a_model_is_none_and_says_what_is_missing(values: dict[str, str], fix: str) -> None:
    assert chain(**values) == ()
    (told,) = left_out(Settings.load(**values))
    assert fix in told.partition(" → ")[2]


def test_a_key_alone_means_openai() -> None:
    (one,) = chain(openai_api_key="k", model="gpt-4o-mini")
    assert (one.provider, one.base_url, one.limit) == ("openai", "https://api.openai.com/v1", "max_completion_tokens")


def test_an_unknown_address_is_asked_for_every_form_in_turn_and_needs_no_key() -> None:
    (one,) = chain(openai_base_url="http://127.0.0.1:9/v1", model="m")
    assert (one.provider, one.api_key, one.modes, one.limit) == ("127.0.0.1", None, MODES, "max_tokens")
    assert (one.context_tokens, one.output_tokens, one.encoding, one.price) == (16384, 4000, "most", None)


@pytest.mark.parametrize("name", ["ollama", "vllm", "llama.cpp"])
def test_a_model_on_ones_own_machine_needs_no_key_and_costs_nothing(name: str) -> None:
    (one,) = chain(provider=name, model="small")
    assert (one.provider, one.api_key, one.cost(1000, 1000), one.currency) == (name, None, 0.0, "")


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("https://api.deepseek.com/v1", "deepseek"),
        ("https://API.DeepSeek.com", "deepseek"),
        ("https://shop.openai.azure.com/openai/v1/", "azure"),
        ("http://localhost:11434/v1", "ollama"),
        ("http://192.168.3.4:11434/v1", "ollama"),
        ("http://box:8080/v1", "llama.cpp"),
        ("https://api.deepseek.com.example.org/v1", "api.deepseek.com.example.org"),
        ("https://notapi.deepseek.com/v1", "notapi.deepseek.com"),
        ("https://gateway.example.org:11434/v1", "gateway.example.org"),
    ],
)
def test_a_provider_is_recognised_by_its_address_and_no_other_is(address: str, provider: str) -> None:
    (one,) = chain(openai_base_url=address, openai_api_key="k", model="m")
    assert one.provider == provider


def test_a_provider_key_goes_to_its_own_address_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "deepseek-key")
    assert keys(provider="deepseek") == [("deepseek", "deepseek-key")]
    assert keys(openai_base_url="https://api.deepseek.com", model="m") == [("deepseek", "deepseek-key")]
    assert keys(openai_base_url="https://api.deepseek.com.example.org/v1", model="m") == [
        ("api.deepseek.com.example.org", None)
    ]
    assert keys(provider="deepseek", openai_base_url="https://gateway.example.org/v1") == []
    assert keys(provider="qwen") == []


def test_openais_key_is_not_sent_to_another_provider_unless_its_address_is_set_with_it() -> None:
    assert keys(provider="deepseek", openai_api_key="openai-key") == []
    assert keys(provider="ollama", model="m", openai_api_key="openai-key") == [("ollama", None)]
    pair = {"openai_base_url": "https://api.deepseek.com", "openai_api_key": "pair-key", "model": "deepseek-flash"}
    assert keys(**pair) == [("deepseek", "pair-key")]
    gateway = {"openai_base_url": "https://gateway.example.org/v1", "openai_api_key": "pair-key"}
    assert keys(provider="deepseek", **gateway) == [("deepseek", "pair-key")]
    assert keys(**gateway, model="m", fallback="openai/gpt-4o") == [("gateway.example.org", "pair-key")]


def test_where_both_are_set_the_providers_own_key_is_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "deepseek-key")
    both = {"openai_base_url": "https://api.deepseek.com", "openai_api_key": "openai-key", "model": "deepseek-flash"}
    assert keys(**both) == [("deepseek", "deepseek-key")]


def test_the_chain_goes_on_with_each_fallback_and_its_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIPUAI_API_KEY", "zhipu-key")
    found = keys(
        openai_api_key="openai-key",
        model="gpt-4o",
        fallback="zhipu/glm-5.3, ollama/qwen3:8b；https://llm.example.org/v1 house-model",
        fallback_api_key="house-key",
    )
    assert found == [
        ("openai", "openai-key"),
        ("zhipu", "zhipu-key"),
        ("ollama", None),
        ("llm.example.org", "house-key"),
    ]


def test_a_model_with_slashes_in_its_name_is_a_fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SILICONFLOW_API_KEY", "k")
    (one,) = chain(fallback="siliconflow/deepseek-ai/DeepSeek-V4-Flash")
    assert one.model == "deepseek-ai/DeepSeek-V4-Flash"


def test_a_fallback_without_its_key_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"openai_api_key": "k", "model": "gpt-4o", "fallback": "deepseek", "fallback_api_key": "not-for-deepseek"}
    assert keys(**values) == [("openai", "k")]
    (told,) = left_out(Settings.load(**values))
    assert "DEEPSEEK_API_KEY" in told


def test_a_provider_is_known_however_its_name_is_written() -> None:
    assert [one.provider for one in chain(provider=" Ollama ", model="m", fallback="OLLAMA/n")] == ["ollama", "ollama"]


def test_one_model_is_not_asked_twice() -> None:
    assert len(chain(openai_api_key="k", model="gpt-4o", fallback="openai/gpt-4o, openai/gpt-4.1-mini")) == 2


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"provider": "depseek"}, "deepseek"),
        ({"provider": "azure", "openai_api_key": "k"}, "OPENAI_BASE_URL"),
        ({"provider": "qwen", "openai_base_url": "https://api.deepseek.com"}, "COPILOT_PROVIDER"),
        ({"fallback": "nobody/m"}, "COPILOT_FALLBACK"),
        ({"fallback": "ollama"}, "ollama/模型名"),
        ({"fallback": "https://llm.example.org/v1"}, "模型名"),
        ({"fallback": "ftp://llm.example.org/v1 m"}, "COPILOT_FALLBACK"),
        ({"fallback": "azure/gpt-4o"}, "要写地址"),
        (
            {"fallback": "https://a.example.org/v1 m, https://b.example.org/v1 m", "fallback_api_key": "k"},
            "COPILOT_FALLBACK_API_KEY",
        ),
    ],
)
def test_a_chain_that_makes_no_sense_is_refused_with_the_fix(values: dict[str, str], named: str) -> None:
    assert named in refusal(**values)


@given(st.text(alphabet="ad/ :,.hps1m[]@", max_size=30))
def test_any_fallback_is_taken_or_refused_in_our_own_words(text: str) -> None:
    with contextlib.suppress(SettingsError):
        chain(fallback=text, fallback_api_key="k")


def test_sizes_are_the_models_own_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "k")

    def sizes(**values: Any) -> tuple[int, int]:
        (one,) = chain(**values)
        return one.context_tokens, one.output_tokens

    known = SHIPPED.providers["qwen"].known("qwen-plus")
    assert sizes(provider="qwen") == (known.context, 4000)
    assert sizes(provider="qwen", context_tokens=8192, output_tokens=900) == (8192, 900)
    assert sizes(provider="qwen", output_tokens=100_000)[1] == known.output
    assert sizes(provider="ollama", model="m") == (4096, 1024)
    monkeypatch.setenv("COPILOT_CONTEXT_TOKENS", "32768")
    assert sizes(provider="ollama", model="m") == (32768, 4000)


def test_a_set_context_is_that_of_the_first_model_only() -> None:
    first, second = chain(openai_base_url="http://127.0.0.1:9/v1", model="m", context_tokens=8192, fallback="ollama/m")
    assert (first.context_tokens, second.context_tokens) == (8192, 4096)


def test_a_forced_form_is_that_of_the_first_model_only() -> None:
    first, second = chain(
        openai_base_url="http://127.0.0.1:9/v1", model="m", structured_output="tool", fallback="ollama/m"
    )
    assert (first.modes, second.modes) == (("tool",), MODES)


def test_a_dated_version_is_the_model_and_another_variant_is_not() -> None:
    def price(model: str) -> Any:
        return chain(openai_api_key="k", model=model)[0].price

    assert price("gpt-4o-mini-2024-07-18") == price("gpt-4o-mini") is not None
    assert price("gpt-4o-mini").input < price("gpt-4o").input
    assert price("gpt-5-pro") is None
    assert price("gpt-4o-audio-preview") is None


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o-mini", "o200k"),
        ("gpt-5-pro", "o200k"),
        ("gpt-4-turbo", "cl100k"),
        ("GPT-4.1-mini", "o200k"),
        ("deepseek-flash", "most"),
        ("openai/gpt-oss-20b", "o200k"),
    ],
)
def test_the_table_follows_the_models_name(model: str, encoding: str) -> None:
    assert chain(openai_base_url="http://127.0.0.1:9/v1", model=model)[0].encoding == encoding


def test_further_fields_of_a_request_come_with_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "k")
    assert chain(provider="deepseek")[0].extra_body == {"thinking": {"type": "disabled"}}
    assert chain(provider="ollama", model="m")[0].extra_body == {}


def test_a_usage_is_priced_by_its_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "k")
    (known,) = chain(provider="deepseek")
    (unknown,) = chain(openai_base_url="http://127.0.0.1:9/v1", model="m")
    usage = Usage(input_tokens=1_000_000, output_tokens=500_000, requests=1)
    assert known.price is not None
    assert cost_of(usage, known) == known.price.input + known.price.output / 2
    assert (priced(usage, known).cost, priced(usage, known).currency) == (cost_of(usage, known), "CNY")
    assert cost_of(usage, unknown) is None
    assert "cost" not in priced(usage, unknown).model_dump()


def test_costs_add_up_in_one_currency_and_are_unknown_across_two() -> None:
    yuan = Usage(input_tokens=1, requests=1, cost=0.5, currency="CNY")
    dollar = Usage(input_tokens=1, requests=1, cost=0.5, currency="USD")
    free = Usage(input_tokens=1, requests=1, cost=0.0)
    unknown = Usage(input_tokens=1, requests=1)
    assert ((yuan + yuan).cost, (yuan + yuan).currency) == (1.0, "CNY")
    assert (Usage() + yuan).cost == (yuan + Usage()).cost == (yuan + free).cost == 0.5
    assert (yuan + dollar).cost is None
    assert (yuan + unknown).cost is None
    assert (free + free).cost == 0
    assert (Usage() + Usage()).model_dump().keys().isdisjoint({"cost", "currency"})


@pytest.mark.parametrize(
    ("cost", "currency", "shown"),
    [
        (None, "CNY", "价格未知"),
        (0.0, "", "不计费"),
        (12.345, "CNY", "¥12.35"),
        (0.0123, "USD", "$0.0123"),
        (0.0000001, "USD", "$0.0001"),
        (3.0, "EUR", "3.00 EUR"),
    ],
)
def test_money_is_readable_and_never_rounded_away(cost: float | None, currency: str, shown: str) -> None:
    assert money(cost, currency) == shown


def test_equal_endpoints_share_one_connection_and_no_key_is_shown() -> None:
    first, again = (
        chain(openai_base_url="http://127.0.0.1:9/v1", openai_api_key="sk-hidden", model="m")[0] for _ in "ab"
    )
    assert line(first) is line(again)
    assert "sk-hidden" not in repr(first) + first.model_dump_json()


@given(st.integers(0, 10**7), st.integers(0, 10**6))
def test_no_price_is_below_zero_and_more_tokens_never_cost_less(given_tokens: int, made: int) -> None:
    for provider in SHIPPED.providers.values():
        for model in provider.models:
            if price := provider.price(model):
                assert 0 <= price.of(given_tokens, made) <= price.of(given_tokens + 1, made + 1)
