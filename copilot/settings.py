"""One frozen settings object, read from the environment, `.env` and an optional TOML file.

Loading touches nothing but those three places: no folder is made, no network asked. Order of
strength: keyword arguments, environment, `.env`, the TOML file named by `COPILOT_SETTINGS`.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from copilot.errors import SettingsError

KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"
PROMPTS = KNOWLEDGE.parent / "prompts"


class Settings(BaseSettings):
    """What is in force. Every field can be set as `COPILOT_<NAME>`; the model's key and address also by OpenAI's names."""

    model_config = SettingsConfigDict(env_prefix="COPILOT_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True)

    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    model: str | None = None
    writer: Literal["auto", "offline", "model"] = "auto"
    structured_output: Literal["auto", "json_schema", "json_object", "text"] = "auto"
    request_timeout: float = Field(default=60.0, gt=0, le=600, description="seconds one request to the model may take")
    context_tokens: int = Field(default=8192, ge=2048, description="the model's context window, in tokens")
    output_tokens: int = Field(default=1500, ge=200, description="the most a draft may take, in tokens")

    home: Path = Field(default=Path.home() / ".copilot", description="where drafts and the index are kept")
    knowledge: Path = KNOWLEDGE
    prompts: Path = PROMPTS
    time_zone: str = "Asia/Shanghai"
    platform: str = "wechat"
    language: Literal["zh", "en"] = "zh"
    max_input_bytes: int = Field(default=5_000_000, gt=0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources: list[PydanticBaseSettingsSource] = [init_settings, env_settings, dotenv_settings]
        if toml := os.environ.get("COPILOT_SETTINGS"):
            sources.append(TomlConfigSettingsSource(settings_cls, Path(toml)))
        return tuple(sources)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("not a time zone name such as Asia/Shanghai")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The operator's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def has_model(self) -> bool:
        """Whether a chat model can be called: a model name, and a key or an own address."""
        return bool(self.model and (self.openai_api_key or self.openai_base_url))

    @classmethod
    def load(cls, **values: Any) -> Self:
        """Settings in force now, or a `SettingsError` that names the field and the fix."""
        toml = os.environ.get("COPILOT_SETTINGS")
        if toml and not Path(toml).is_file():
            raise SettingsError(f"COPILOT_SETTINGS names {toml}, which is not a file", hint="correct the path or unset it")
        try:
            _refuse_unknown(toml)
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise SettingsError(f"setting {name}: {first['msg']}", hint=f"correct COPILOT_{name.upper()} in the environment, .env or settings file") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"a settings file can't be read: {error}", hint="it must be valid TOML (or, for .env, UTF-8 text)") from None


def _refuse_unknown(toml: str | None) -> None:
    """A mistyped name must not be ignored: unknown `COPILOT_…` variables and TOML keys are refused."""
    known = {name.lower() for name in Settings.model_fields} | {"settings"}
    given = {name.removeprefix("COPILOT_").lower(): name for name in os.environ if name.startswith("COPILOT_")}
    if toml:
        given |= {name.lower(): f"{name} in {toml}" for name in tomllib.loads(Path(toml).read_text(encoding="utf-8"))}
    if unknown := sorted(set(given) - known):
        raise SettingsError(f"unknown setting {given[unknown[0]]}", hint="known: " + ", ".join(sorted(known - {"settings"})))
