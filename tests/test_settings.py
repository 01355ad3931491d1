"""Settings: where they come from, which wins, and what a wrong one says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import SettingsError
from copilot.settings import Settings


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / ".env"
    monkeypatch.setitem(Settings.model_config, "env_file", str(path))
    return path


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("COPILOT_SETTINGS", str(path))
    return path


def refusal(**values: object) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.load(**values)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_knowledge_and_prompts_are_found_beside_the_package() -> None:
    assert (Settings.load().knowledge / "playbooks").is_dir()
    assert Settings.load().prompts.is_dir()


def test_loading_makes_no_folder(tmp_path: Path) -> None:
    Settings.load(home=tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_arguments_beat_environment_beats_env_file_beats_toml(
    env_file: Path, toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml.write_text('platform = "qq"\nmodel = "from-toml"\nwriter = "model"\ntime_zone = "Asia/Tokyo"\n')
    env_file.write_text("COPILOT_PLATFORM=feishu\nCOPILOT_MODEL=from-env-file\nCOPILOT_WRITER=offline\n")
    monkeypatch.setenv("COPILOT_PLATFORM", "slack")
    monkeypatch.setenv("COPILOT_MODEL", "from-environment")
    settings = Settings.load(platform="telegram")
    assert (settings.platform, settings.model, settings.writer, settings.time_zone) == (
        "telegram",
        "from-environment",
        "offline",
        "Asia/Tokyo",
    )


def test_openai_names_are_read_and_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    settings = Settings.load(model="m")
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-very-secret"
    assert "very-secret" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_the_providers_own_keys_are_read_from_environment_env_file_and_toml_and_never_shown(
    env_file: Path, toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file.write_text("DEEPSEEK_API_KEY=sk-from-file\nZAI_API_KEY=sk-zai-file\n")
    toml.write_text('[provider_keys]\nHOUSE_API_KEY = "sk-from-toml"\n')
    monkeypatch.setenv("DEEPSEEK_API_KEY", "sk-from-environment")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    settings = Settings.load()
    found = {name: key.get_secret_value() for name, key in settings.provider_keys}
    assert found["DEEPSEEK_API_KEY"] == "sk-from-environment"
    assert found["ZAI_API_KEY"] == "sk-zai-file"
    assert found["HOUSE_API_KEY"] == "sk-from-toml"
    assert "OPENAI_API_KEY" not in found
    assert "sk-" not in repr(settings) + settings.model_dump_json()
    assert {settings: 1}[Settings.load()] == 1, "settings are hashed"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setenv("COPILOT_REQUEST_TIMEOUT", "")
    assert Settings.load().openai_api_key is None
    assert Settings.load().request_timeout == 60


def test_a_tilde_in_the_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_HOME", "~/data")
    assert Settings.load().home == Path.home() / "data"


def test_an_unknown_variable_is_named_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODLE", "x")
    assert "COPILOT_MODLE" in refusal()
    assert "model" in refusal()


def test_an_unknown_name_in_env_file_toml_or_call_is_refused(env_file: Path, toml: Path) -> None:
    env_file.write_text("OTHER_PROGRAM=1\n")
    toml.write_text("")
    Settings.load()
    assert "plattform" in refusal(plattform="qq")
    toml.write_text('hoem = "/x"\n')
    assert "hoem" in refusal()
    toml.write_text("")
    env_file.write_text("COPILOT_PLATTFORM=qq\n")
    assert "COPILOT_PLATTFORM" in refusal()


def test_an_env_file_from_a_windows_editor_is_read(env_file: Path) -> None:
    env_file.write_bytes(b"\xef\xbb\xbfCOPILOT_MODEL=m\r\n")
    assert Settings.load().model == "m"


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("COPILOT_TIME_ZONE", "Mars/Base", "COPILOT_TIME_ZONE"),
        ("COPILOT_TIME_ZONE", "Asia", "COPILOT_TIME_ZONE"),
        ("COPILOT_TIME_ZONE", "../../etc/passwd", "COPILOT_TIME_ZONE"),
        ("COPILOT_WRITER", "robot", "COPILOT_WRITER"),
        ("COPILOT_REQUEST_TIMEOUT", "soon", "COPILOT_REQUEST_TIMEOUT"),
        ("COPILOT_MAX_INPUT_BYTES", "-1", "COPILOT_MAX_INPUT_BYTES"),
        ("COPILOT_STRUCTURED_OUTPUT", "xml", "COPILOT_STRUCTURED_OUTPUT"),
        ("COPILOT_DAILY_TOKENS", "-5", "COPILOT_DAILY_TOKENS"),
        ("COPILOT_DAILY_COST", "nan", "COPILOT_DAILY_COST"),
        ("COPILOT_CONTEXT_TOKENS", "100", "COPILOT_CONTEXT_TOKENS"),
        ("OPENAI_BASE_URL", "api.example.org/v1", "OPENAI_BASE_URL"),
    ],
)
def test_a_wrong_value_names_the_variable(name: str, value: str, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert named in refusal()


@pytest.mark.parametrize("content", [b"model = \n", b"\xff\xfe\x00broken", b"[[["])
def test_a_broken_toml_file_is_refused_in_one_line(content: bytes, toml: Path) -> None:
    toml.write_bytes(content)
    assert "TOML" in refusal()


def test_a_settings_file_that_is_not_there_or_a_folder_is_named(toml: Path) -> None:
    assert str(toml) in refusal()
    toml.mkdir()
    assert str(toml) in refusal()


@pytest.mark.parametrize("content", [b"COPILOT_MODEL='open\n", "COPILOT_MODEL=模型\n".encode("gbk")])
def test_a_broken_env_file_is_refused_in_one_line(content: bytes, env_file: Path) -> None:
    env_file.write_bytes(content)
    refusal()


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40))
def test_a_secret_never_reaches_an_error(secret: str) -> None:
    marked = f"sk-marker{secret}"
    with pytest.raises(SettingsError) as caught:
        Settings.load(openai_api_key=marked, context_tokens="many")
    assert "sk-marker" not in repr(caught.value)
