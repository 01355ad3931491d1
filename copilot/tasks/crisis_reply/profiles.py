"""Which profiles of the book a matter calls for: by its types, and by the traits that decide what care it needs."""

import re

from copilot.tasks.crisis_reply.book import Profile, book
from copilot.tasks.crisis_reply.situation import CrisisSituation

MOST_PROFILES = 3
# What people say of a matter comes after the matter itself, whatever was heard more often.
_FIRST = ("self_harm", "missing", "bereaved", "hazard", "injury", "procedure", "intake", "harm")
_LAST = ("closing", "rumour", "refund", "conflict", "minors")


def traits_of(situation: CrisisSituation) -> frozenset[str]:
    """What the matter has in common with others of its care: `intake`, `hazard`, `missing`, `bereaved`, `our_leak` …"""
    told = "\n".join(row.text for row in (*situation.incident, *situation.verified, *situation.unverified))
    own = {name for name, row in book().traits.items() if _holds(row, told, situation)}
    given = {book().trait_names.get(trait, trait) for kind in situation.kinds for trait in kind.traits}
    traits = own | given | ({"child"} if situation.bounds.minors else set())
    ruled_out = {
        other for name in traits if name in book().traits for other in book().traits[name]["rules_out"].split()
    }
    return frozenset(traits - ruled_out)


def _holds(row: dict[str, str], told: str, situation: CrisisSituation) -> bool:
    text = f"{situation.group}\n{situation.community}\n{told}" if row["where"] == "group" else told
    return bool(re.search(row["cues"], text)) and not (row["unless"] and re.search(row["unless"], told))


def profile_names(situation: CrisisSituation) -> tuple[str, ...]:
    """The profiles of a matter by name: safety first, then the matter, then what is said of it; "general" for none."""
    kinds, traits = [kind.name for kind in situation.kinds], traits_of(situation)
    told = "\n".join(row.text for row in (*situation.incident, *situation.excerpts, *situation.verified))
    profiles = book().profiles
    names = [name for name, profile in profiles.items() if traits & set(profile.traits)]
    names += [
        name
        for kind in kinds
        for name, profile in profiles.items()
        if kind in profile.types and re.search(profile.only_if, told)
    ]
    names = list(dict.fromkeys(names))
    if "self_harm" in names:
        return ("self_harm",)
    if len(names) > 1 and any(one.role == "leaker" for one in situation.concerned):
        names = [name for name in names if name != "data_leak"]  # one member's key is no leak of ours
    names.sort(key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name in _LAST))
    for name in tuple(names):
        if name in names:
            names = [other for other in names if other not in profiles[name].over]
    return tuple(names[:MOST_PROFILES]) or ("general",)


def profiles_of(situation: CrisisSituation) -> tuple[Profile, ...]:
    """The profiles of a matter, the most pressing first."""
    return tuple(book().profiles[name] for name in profile_names(situation))


def rules_of(situation: CrisisSituation) -> tuple[str, ...]:
    """The handbook rules behind the reply: those of its types, then those of every crisis."""
    own = [rule for profile in profiles_of(situation) for rule in profile.rules]
    common = ("crisis-verify-scope", "solve-now-first", "crisis-respond-doubts", "crisis-monitor-realtime")
    return tuple(dict.fromkeys((*own, *common, "crisis-contain-spread", "reply-promptly", "acceptable-wording")))
