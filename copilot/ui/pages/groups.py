"""The group profiles: said once, used by every job; each saving a version that can be compared and had back."""

from functools import partial

import streamlit as st

from copilot import CopilotError
from copilot.errors import EditConflictError
from copilot.facts.intake import decode
from copilot.facts.profiles import GroupProfile, read_profile
from copilot.store import GroupVersion, compare
from copilot.ui import desk, kept, learned, markup, markup_kept, profile_form, profiles, reuse, state
from copilot.ui.locales import t, words
from copilot.ui.pages import weekly_plan
from copilot.ui.state import GroupForm


def page() -> None:
    """The list of groups, or the one that was opened."""
    kept.header(t("groups.page"), t("groups.lead"))
    if not isinstance(state.GROUPS_ERROR.get(), EditConflictError):  # the form shows both sides of that one
        kept.notice(state.GROUPS_ERROR.get())
    try:
        if state.GROUPS_OPEN.get() is None:
            _list()
        else:
            _group(GroupForm(state.GROUPS_OPEN.get() or ""))
    except CopilotError as error:
        kept.notice(error)


def _open(name: str | None) -> None:
    """Look at one group; "" is a new one, None goes back to the list."""
    state.GROUPS_OPEN.set(name)
    state.GROUPS_ERROR.set(None)
    state.GROUPS_REMOVED.set(None)


# The list -------------------------------------------------------------------------------------------------------------


def _list() -> None:
    groups = state.copilot().store.groups()
    _just_removed()
    with st.container(horizontal=True, key="groups-actions"):
        unfinished = profiles.is_edited(GroupForm(""))
        label = t("groups.go_on") if unfinished else t("groups.new")
        st.button(label, key="new-group", type="primary", on_click=_open, args=("",))
        with st.popover(t("groups.file"), type="tertiary", key="file"):
            st.file_uploader(
                t("groups.file_help"), type=["yaml", "yml", "json", "txt", "md"], key="upload", on_change=_read_upload
            )
        with st.popover(t("groups.recover"), type="tertiary", key="recover-ask"), st.form("recover", border=False):
            name = st.text_input(t("groups.recover_note"), key="recover-name")
            if st.form_submit_button(t("groups.recover_open")) and name.strip():
                _recover(name.strip())
    if not groups:
        promises = [t(f"promise.{name}") for name in ("once", "hours", "history")]
        st.html(f'<div class="chat ghost">{markup.paragraph(t("groups.empty"))}{markup.notes(promises)}</div>')
    with st.container(key="kept-list", gap=None):
        for number, group in enumerate(groups):
            _row(number, group)


def _row(number: int, group: GroupVersion) -> None:
    profile = group.profile
    facts, tags = [], []
    if profile:
        facts = [
            _platform(profile.platform),
            profile.group_type,
            "" if profile.members is None else t("groups.members", count=profile.members),
            t("groups.people", names="、".join(person.name for person in profile.staff)) if profile.staff else "",
        ]
    else:
        tags.append(t(f"standing.{group.state}"))
    if profiles.is_edited(GroupForm(group.name)):
        tags.append(t("groups.unsaved"))
    facts.append(t("groups.version_at", number=group.version, at=kept.moment(group.saved)))
    with st.container(key=f"kept-{number}", gap=None):
        label = markup_kept.plain_label(group.name)
        st.button(label, key=f"open-{number}", type="tertiary", on_click=_open, args=(group.name,))
        st.html(markup_kept.entry(facts, tags))


def _platform(platform: str) -> str:
    return desk.platform_name(platform) if f"platform.{platform}" in words("zh") else platform


def _just_removed() -> None:
    """The way back from a removal that was not meant."""
    if removed := state.GROUPS_REMOVED.get():
        name, version = removed
        with st.container(horizontal=True, key="removed", vertical_alignment="center"):
            st.html(markup.paragraph(t("groups.removed", name=name), "what"))
            st.button(t("groups.undo"), key="undo", on_click=_restore, args=(name, version))


def _read_upload() -> None:
    upload = st.session_state["upload"]
    if upload is None:
        return
    with kept.told(state.GROUPS_ERROR):
        text = decode(upload.getvalue(), state.copilot().settings.max_input_bytes)
        suffix = "." + upload.name.rpartition(".")[2].lower()
        profile = read_profile(text, suffix=suffix if suffix in (".yaml", ".yml", ".json") else "")
        latest = next((one for one in state.copilot().store.groups() if one.name == profile.name.strip()), None)
        form = GroupForm(latest.name if latest else "")
        if latest:
            profiles.meet(form, latest)
        profiles.lay_beside(form, profile)
        _open(form.group)


def _recover(name: str) -> None:
    """Open a group that is not listed any more."""
    with kept.told(state.GROUPS_ERROR):
        state.copilot().store.group_versions(name)
        _open(name)
    st.rerun()


# One group ------------------------------------------------------------------------------------------------------------


def _group(form: GroupForm) -> None:
    st.button(t("groups.back"), key="back", type="tertiary", icon=":material/arrow_back:", on_click=_open, args=(None,))
    store = state.copilot().store
    history = store.group_versions(form.group) if form.group else ()
    latest = history[-1] if history else None
    if latest:
        profiles.meet(form, latest)
    st.html(markup_kept.title(form.group or t("groups.new")))
    if latest and latest.state != "kept":
        kept.say(t(f"standing_note.{latest.state}"), t("groups.restore_note"))
        if not profiles.is_edited(form):
            _versions(form, history)
            return
    others = [group.name for group in store.groups() if group.name != form.group]
    if not form.group:
        _form(form, latest, others)
        return
    titles = [t("groups.profile"), t("learned.tab"), f"{t('groups.versions')} · {len(history)}"]
    profile, habits, versions = st.tabs(titles, key="group-tabs")
    with profile:
        _form(form, latest, others)
    with habits:
        learned.of_group(form.group)
    with versions:
        _versions(form, history)


def _form(form: GroupForm, latest: GroupVersion | None, others: list[str]) -> None:
    profile_form.weigh(form)
    profile_form.fields(form, others)
    mine = profiles.typed(form)
    with st.container(key="group-foot", gap="small"):
        with st.container(horizontal=True, key="group-actions", vertical_alignment="center"):
            st.button(t("groups.save"), key="save", type="primary", on_click=_save, args=(form,))
            if mine.name:
                if st.button(t("groups.plan"), key="plan", on_click=_plan, args=(form,)):
                    st.switch_page(st.Page(weekly_plan.page, url_path=state.WEEKLY_PLAN.name))
                st.download_button(
                    t("groups.export"),
                    lambda: profiles.as_yaml(mine),
                    f"{profiles.file_name(mine.name)}.yaml",
                    "application/yaml",
                    key="export",
                    on_click="ignore",
                )
            if latest and latest.state != "removed":
                with st.popover(t("kept.delete"), type="tertiary", key="remove-ask"):
                    st.html(markup.paragraph(t("groups.remove_note"), "what"))
                    st.button(t("kept.delete_sure"), key="remove", on_click=_remove, args=(form, latest))
        _standing(form, latest)


def _standing(form: GroupForm, latest: GroupVersion | None) -> None:
    """What is kept, and what of the form is not."""
    facts = [t("groups.version_at", number=latest.version, at=kept.moment(latest.saved))] if latest else []
    if profiles.is_edited(form):
        changed = profiles.differences(profiles.typed(form), form.filled.get() or profiles.blank())
        facts.append(t("groups.not_saved", fields="、".join(t(f"profile.{name}") for name in changed)))
    if facts:
        st.html(markup.paragraph(" · ".join(facts), "quiet"))


def _save(form: GroupForm) -> None:
    with kept.told(state.GROUPS_ERROR):
        saved = profiles.save(state.copilot().store, form)
        profiles.clear(form)
        new = GroupForm(saved.profile.name)
        profiles.fill(new, saved.profile, based_on=saved.version, filled=saved.profile)
        state.GROUPS_OPEN.set(saved.profile.name)
        st.toast(t("groups.saved", number=saved.version))


def _remove(form: GroupForm, latest: GroupVersion) -> None:
    with kept.told(state.GROUPS_ERROR):
        state.copilot().store.remove_group(form.group)
        _open(None)
        profiles.clear(form)
        state.GROUPS_REMOVED.set((form.group, latest.version) if latest.profile else None)


def _plan(form: GroupForm) -> None:
    """The profile as typed, after whatever the week's brief holds already."""
    keys = state.WEEKLY_PLAN
    text, suffix = reuse.with_group(keys.brief.get(), keys.format.get(), profiles.typed(form).as_brief())
    desk.open_with(keys, text, suffix=suffix)


# Its versions ---------------------------------------------------------------------------------------------------------


def _versions(form: GroupForm, history: tuple[GroupVersion, ...]) -> None:
    for version in reversed(history):
        with st.container(horizontal=True, key=f"version-{version.version}", vertical_alignment="center"):
            tags = [] if version.state == "kept" else [t(f"standing.{version.state}")]
            tags += [t("groups.in_force")] if version is history[-1] and version.profile else []
            name = t("groups.number", number=version.version)
            st.html(markup_kept.entry([name, kept.moment(version.saved)], tags))
            if version.profile and version is not history[-1]:
                restore = partial(_restore, form.group, version.version)
                st.button(t("groups.restore"), key=f"restore-{version.version}", type="tertiary", on_click=restore)
    readable = {version.version: version.profile for version in history if version.profile}
    if len(readable) > 1:
        _compare(form.group, readable)


def _compare(group: str, readable: dict[int, GroupProfile]) -> None:
    """Two versions as files, line by line."""
    numbers = list(readable)
    keys = state.Compared(f"group.{group}", len(numbers))
    if keys.old.get() not in readable:
        keys.old.set(numbers[-2])
    if keys.new.get() not in readable:
        keys.new.set(numbers[-1])
    st.html(markup.heading(t("compare.title")))
    left, right = st.columns(2)
    names = {number: t("groups.number", number=number) for number in numbers}
    told = names.__getitem__
    old = left.selectbox(t("compare.old"), numbers, format_func=told, key=keys.old.name, persist_state="session")
    new = right.selectbox(t("compare.new"), numbers, format_func=told, key=keys.new.name, persist_state="session")
    compared = compare(profiles.as_yaml(readable[old]).rstrip(), profiles.as_yaml(readable[new]).rstrip())
    kept.comparison(compared, names[old], names[new])


def _restore(name: str, version: int) -> None:
    with kept.told(state.GROUPS_ERROR):
        restored = state.copilot().store.restore_group(name, version)
        state.GROUPS_REMOVED.set(None)
        state.GROUPS_OPEN.set(name)
        st.toast(t("groups.saved", number=restored.version))
