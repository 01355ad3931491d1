"""The operator's own rules on the settings page: the file in force, what it changes, and another in its place."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from copilot import CopilotError, Settings
from copilot.checks.own_rules import OwnRules, own_rules, rules_path
from copilot.checks.rulebook import catalogue
from copilot.errors import SettingsError, StorageError
from copilot.files import write_whole
from copilot.settings_file import overruling
from copilot.ui import kept, markup, markup_settings, model_form, preferences, state, uploads
from copilot.ui.locales import t

ERROR = state.settings_error("rules")


def draw() -> None:
    """What the own rules add, silence and weigh otherwise, or what is wrong with them; and the way to others."""
    settings = state.copilot().settings
    path = rules_path(settings)
    st.html(markup.paragraph(str(path) if path else t("rules.none"), "quiet"))
    try:
        _list(own_rules(settings))
    except CopilotError as error:
        kept.notice(error)
    kept.notice(ERROR.get())
    decided = overruling()
    model_form.told(decided, "rules")
    if "rules" in decided:
        return
    _path(settings)
    uploads.drop_zone("rules", state.SETTINGS_UPLOADS, t("rules.upload"), _take)


def _list(own: OwnRules) -> None:
    names = {code: rule.title for code, rule in catalogue().items()}
    silenced = [
        (names[one.code], t("rules.in_jobs", jobs="、".join(one.jobs)) if one.jobs else "") for one in own.silence
    ]
    changed = [(names[code], t(f"finding.{severity}")) for code, severity in own.change.items()]
    added = [(one.title or one.code, t(f"finding.{one.severity}")) for one in own.add]
    lists = ((t("rules.added"), added), (t("rules.silenced"), silenced), (t("rules.changed"), changed))
    for title, rows in lists:
        if rows:
            st.html(markup_settings.listed(title, rows))


def _path(settings: Settings) -> None:
    """Where the file is, when it is not the one in the data folder."""
    key = state.setting("rules")
    key.set(str(settings.rules or ""))
    default = str(settings.home / "rules.yaml")
    st.text_input(t("setting.rules"), key=key.name, placeholder=default, on_change=_keep_path)


def _keep_path() -> None:
    with kept.told(ERROR):
        typed = state.setting("rules").get().strip().strip("\"'")
        path = Path(typed).expanduser().absolute() if typed else None
        if path:
            own_rules(state.copilot().settings.model_copy(update={"rules": path}))
        preferences.keep({"rules": path})
        st.toast(t("settings.saved"))


def _take(files: Iterable[UploadedFile]) -> None:
    """Put the last file dropped in the place of the own rules, if they can be read."""
    with kept.told(ERROR):
        for one in files:
            install(one.name, one.getvalue(), state.copilot().settings)
            preferences.keep({"rules": None})
            st.toast(t("settings.saved"))


def install(name: str, data: bytes, settings: Settings) -> None:
    """Make these the own rules of the data folder. Raises `SettingsError` for rules that can't be read, `StorageError`."""
    place = settings.home / "rules.yaml"
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "rules.yaml"
            path.write_bytes(data)
            try:
                own_rules(settings.model_copy(update={"rules": path}))
            except SettingsError as error:
                raise SettingsError(error.message.replace(str(path), name), hint=error.hint) from None
        write_whole(place, data)
    except OSError as error:
        raise StorageError(f"写不进 {place}：{error.strerror}", hint="检查磁盘空间和文件夹的权限") from None
