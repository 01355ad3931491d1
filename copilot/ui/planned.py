"""A weekly plan held against a digest's chat: its slots of these days as claims, each with the message that was posted."""

from copilot import CopilotError, Draft
from copilot.agenda.gathering import happened_in
from copilot.agenda.records import Happened
from copilot.errors import NotKeptError
from copilot.ui import state, today_words
from copilot.ui.digests import Claim, Listed
from copilot.ui.locales import t


def planned(draft: Draft) -> tuple[Listed, ...]:
    """The planned slots of a digest's days; none where its group has no kept plan of them."""
    try:
        found = happened_in(state.copilot().store, draft.id)
    except NotKeptError:  # a digest that could not be kept is told of where it was made
        return ()
    except CopilotError as error:
        return (Listed(t("today_part.happened"), [Claim(error.message, note=error.hint)], lambda claim: claim),)
    return (Listed(t("today_part.happened"), found, _claim),) if found else ()


def _claim(one: Happened) -> Claim:
    tags, facts = today_words.outcome(one, told_group=False)
    names = (one.message,) if one.message else ()
    return Claim(one.slot.action, names, " · ".join(filter(None, facts)), tuple(tags))
