"""The settings file, written: what stays in it, who may read it, and what is never written."""

import stat
from pathlib import Path

import pytest

from copilot.errors import SettingsError, StorageError
from copilot.settings import Settings, settings_path
from copilot.settings_file import overruling, save, tried

KEY = "sk-invented-0123456789"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own; it is not there yet."""
    monkeypatch.setenv("COPILOT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_saved_is_in_force_from_then_on(home: Path) -> None:
    settings = save({"provider": "deepseek", "time_zone": "Asia/Tokyo", "rules": home / "own.yaml", "daily_cost": 2.5})
    assert settings == Settings.load()
    assert (settings.provider, settings.time_zone, settings.rules) == ("deepseek", "Asia/Tokyo", home / "own.yaml")
    assert settings.daily_cost == 2.5
    assert settings_path() == home / "settings.toml"


def test_the_file_and_its_folder_are_their_owners_alone(home: Path) -> None:
    save({"openai_api_key": KEY, "provider_keys": {"DEEPSEEK_API_KEY": KEY}})
    assert mode(home / "settings.toml") == 0o600
    assert mode(home) == 0o700
    (home / "settings.toml").chmod(0o644)
    save({"language": "en"})
    assert mode(home / "settings.toml") == 0o600


def test_comments_other_entries_and_their_order_stay(home: Path) -> None:
    home.mkdir()
    path = home / "settings.toml"
    path.write_text(
        '# ours\nmodel = "a"  # the small one\nrequest_timeout = 90\n\n[provider_keys]\n# of the house\nZAI_API_KEY = "z"\n',
        encoding="utf-8",
    )
    save({"model": "b", "provider_keys": {"DEEPSEEK_API_KEY": KEY}, "tone": "warm"})
    text = path.read_text(encoding="utf-8")
    assert text.startswith('# ours\nmodel = "b"  # the small one\nrequest_timeout = 90\n')
    assert "# of the house" in text
    settings = Settings.load()
    assert settings.tone == "warm"
    assert settings.request_timeout == 90
    assert {name for name, _ in settings.provider_keys} == {"ZAI_API_KEY", "DEEPSEEK_API_KEY"}


def test_none_takes_an_entry_out_however_it_is_spelt(home: Path) -> None:
    home.mkdir()
    path = home / "settings.toml"
    path.write_text('OPENAI_API_KEY = "old"\n[provider_keys]\nZAI_API_KEY = "z"\n', encoding="utf-8")
    save({"openai_api_key": None, "provider_keys": {"ZAI_API_KEY": None}, "writer": None})
    assert "old" not in path.read_text(encoding="utf-8")
    assert Settings.load().openai_api_key is None
    assert Settings.load().provider_keys == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Base"},
        {"provider": "nobody"},
        {"daily_tokens": -1},
        {"openai_base_url": "llm.example.org"},
        {"hoem": "/x"},
        {"fallback": "https://llm.example.org/v1"},
    ],
)
def test_a_value_that_cannot_be_used_is_refused_and_nothing_is_written(wrong: dict[str, object], home: Path) -> None:
    save({"language": "en"})
    before = (home / "settings.toml").read_bytes()
    with pytest.raises(SettingsError):
        save({"model": "m", "openai_api_key": KEY, **wrong})
    assert (home / "settings.toml").read_bytes() == before


def test_a_file_that_nobody_can_read_is_left_as_it_is(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("model = \n", encoding="utf-8")
    with pytest.raises(SettingsError, match="TOML"):
        save({"language": "en"})
    assert (home / "settings.toml").read_text(encoding="utf-8") == "model = \n"


def test_a_folder_that_can_not_be_made_is_told(home: Path) -> None:
    home.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StorageError):
        save({"language": "en"})


def test_the_file_that_is_named_is_the_one_written(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = tmp_path / "elsewhere" / "real.toml"
    real.parent.mkdir()
    real.write_text("", encoding="utf-8")
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    monkeypatch.setenv("COPILOT_SETTINGS", str(link))
    save({"model": "m"})
    assert link.is_symlink()
    assert 'model = "m"' in real.read_text(encoding="utf-8")
    assert not (home / "settings.toml").exists()


def test_the_environment_overrules_the_file_and_that_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODEL", "from-environment")
    monkeypatch.setenv("DEEPSEEK_API_KEY", "from-environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    save({"model": "from-file", "provider_keys": {"DEEPSEEK_API_KEY": "from-file"}, "openai_base_url": "http://a/v1"})
    settings = Settings.load()
    assert settings.model == "from-environment"
    assert dict(settings.provider_keys)["DEEPSEEK_API_KEY"].get_secret_value() == "from-environment"
    assert settings.openai_base_url == "http://a/v1"
    told = overruling()
    assert (told["model"], told["DEEPSEEK_API_KEY"]) == ("COPILOT_MODEL", "DEEPSEEK_API_KEY")
    assert "openai_base_url" not in told


def test_an_env_file_overrules_the_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".env"
    path.write_text("COPILOT_WRITER=offline\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", str(path))
    save({"writer": "model"})
    assert Settings.load().writer == "offline"
    assert overruling()["writer"] == "COPILOT_WRITER"


def test_the_data_folder_may_be_given_by_hand_or_by_the_env_file(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "settings.toml").write_text('tone = "plain"\n', encoding="utf-8")
    assert Settings.load(home=other).tone == "plain"
    assert Settings.load().tone == ""
    monkeypatch.delenv("COPILOT_HOME")
    (tmp_path / ".env").write_text(f"COPILOT_HOME={other}\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", str(tmp_path / ".env"))
    assert Settings.load().tone == "plain"


def test_trying_writes_nothing(home: Path) -> None:
    assert tried({"provider": "ollama", "model": "small", "provider_keys": {"ZAI_API_KEY": None}}).model == "small"
    assert not home.exists()


def test_a_key_never_reaches_an_error_or_what_is_shown() -> None:
    settings = save({"provider_keys": {"DEEPSEEK_API_KEY": KEY}, "openai_api_key": KEY})
    assert KEY not in repr(settings) + str(settings) + settings.model_dump_json()
    with pytest.raises(SettingsError) as caught:
        save({"openai_api_key": KEY + "2", "provider_keys": {"ZAI_API_KEY": KEY}, "writer": "robot"})
    assert "sk-invented" not in repr(caught.value)
