"""The settings file, written: what an operator chooses goes into the TOML that `Settings` reads, the rest of it stays.

Comments, other entries and their order outlast it. The file is its owner's alone, as it may hold keys.
"""

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from copilot.endpoints import endpoints
from copilot.errors import StorageError
from copilot.files import locked, write_whole
from copilot.settings import Settings, settings_path

WAIT_SECONDS = 10.0
KEYS = "provider_keys"


def save(changes: Mapping[str, Any]) -> Settings:
    """Write settings by the names of their fields and return what is then in force; None takes one out of the file.

    `provider_keys` is a mapping of its own, `{"DEEPSEEK_API_KEY": key}`. Nothing is written when a value can't be used.
    Raises `SettingsError`, `StorageError`.
    """
    endpoints(tried(changes))
    path = settings_path().resolve()  # a link stays one
    try:
        with locked(path.with_name(f".{path.name}.lock"), WAIT_SECONDS) as is_ours:
            if not is_ours:
                raise StorageError(f"{path} 正被别的程序改写", hint="稍后再试")
            document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.is_file() else tomlkit.document()
            _lay(changes, document)
            write_whole(path, tomlkit.dumps(document).encode())
    except OSError as error:
        raise StorageError(f"写不进设置文件 {path}：{error.strerror}", hint="检查磁盘空间和文件夹的权限") from None
    return Settings.load()


def tried(changes: Mapping[str, Any]) -> Settings:
    """The settings as they would be with these changes. Nothing is written. Raises `SettingsError`."""
    values = {
        name: Settings.model_fields[name].default if value is None and name in Settings.model_fields else value
        for name, value in changes.items()
    }
    if KEYS in values:
        values[KEYS] = {name: key for name, key in values[KEYS].items() if key}
    return Settings.load(**values)


def overruling() -> dict[str, str]:
    """What the environment or `.env` decides, whatever the file says: {field: variable}; a provider's key by its own name."""
    found: dict[str, str] = {}
    for source in (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings)):
        set_there = {name.upper() for name, value in source.env_vars.items() if value}
        for field, info in Settings.model_fields.items():
            variable = str(info.validation_alias or f"COPILOT_{field.upper()}")
            if variable in set_there:
                found[field] = variable
        found |= {name: name for name in set_there if name.endswith("_API_KEY") and not name.startswith("COPILOT_")}
    return found


def _lay(changes: Mapping[str, Any], document: MutableMapping[str, Any]) -> None:
    for name, value in changes.items():
        there = next((one for one in document if one.lower() == name.lower()), name)
        if isinstance(value, Mapping):
            _lay(value, document.setdefault(there, tomlkit.table()))
        elif value is None:
            document.pop(there, None)
        else:
            document[there] = str(value) if isinstance(value, Path) else value
