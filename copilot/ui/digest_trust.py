"""The right column of a digest: what it stands on, who was taken to speak for the group, and what could not be read."""

import streamlit as st

from copilot import Draft, Fact
from copilot.ui import components, desk, digest_form, digests, markup, markup_digest, messages
from copilot.ui.desk import Desk
from copilot.ui.locales import t
from copilot.ui.structures import Row, rows, section, words

OFFERED = 500  # members whose names the field offers; any other can be typed
UNREAD = 4


def column(at: Desk, draft: Draft) -> None:
    """How many messages stand behind the digest, whose words count, what was not read, what the checks found."""
    st.html(markup.heading(t("digest.behind")) + markup.paragraph(digests.coverage(draft), "coverage"))
    components.paid(draft.usage)
    _speakers(at, draft)
    _unread(rows(draft.structure, "unread"))
    shown = [part for part in messages.messages(draft) if part.name in ("group", "desk")]
    found = messages.found_outside(messages.worth_showing(draft), shown)
    told = [one for one in found if one.code != "lines-unread"]  # these stand above, line by line
    components.findings_section(told, lambda one: desk.fix(at, one))
    components.lines(t("notes.title"), digests.notes(draft))
    components.facts(_facts(draft), folded=True)
    components.citations(draft.citations)


def _speakers(at: Desk, draft: Draft) -> None:
    """Whose answers count as the group's: told from the chat until the operator says so."""
    figures = rows(section(draft.structure, "figures"), "member_figures")
    staff = [words(row, "member") for row in figures if row.get("staff")]
    members = [words(row, "member") for row in figures[:OFFERED]]
    named = bool(section(draft.structure, "coverage").get("staff_named"))
    told = "named" if named else "guessed" if staff else "unknown"
    with st.container(key="speakers"):
        st.html(markup.heading(t("digest.speakers")) + markup.paragraph(t(f"speakers.{told}"), "quiet"))
        with st.form(f"speakers-{draft.id}", border=False):
            chosen = st.multiselect(
                t("digest.speakers"),
                list(dict.fromkeys((*staff, *members))),
                default=staff,
                placeholder=t("digest.choose_speakers"),
                accept_new_options=True,
                label_visibility="collapsed",
                key=f"chosen-{draft.id}",
            )
            if st.form_submit_button(t("digest.name_speakers")):
                operator = words(section(draft.structure, "coverage"), "operator")
                rest = tuple(name for name in chosen if name != operator)
                digest_form.again(at, draft, operator if operator in chosen else "", rest)
                st.rerun()


def _unread(found: list[Row]) -> None:
    """The lines that are no messages, by their number."""
    if not found:
        return
    st.html(markup.heading(t("digest.unread"), sum(int(row.get("lines") or 1) for row in found), "warning"))
    st.html(markup_digest.unread(map(_place, found[:UNREAD])))
    if rest := found[UNREAD:]:
        with st.expander(t("digest.unread_more", count=len(rest))):
            st.html(markup_digest.unread(map(_place, rest)))


def _place(row: Row) -> tuple[str, str, str]:
    where = " · ".join(filter(None, (words(row, "source"), t("facts.line", line=row.get("line")))))
    return where, words(row, "text"), words(row, "why")


def _facts(draft: Draft) -> list[Fact]:
    """The facts that the report for the group states; every line of the operator's page has its receipts."""
    part = messages.message(draft, "group")
    if part is None:
        return []
    end = part.start + len(part.text)
    used = {name for one in draft.trace if part.start <= one.start < end for name in one.facts}
    return [fact for fact in draft.facts if fact.id in used]
