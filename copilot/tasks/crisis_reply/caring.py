"""What comes first: the step of safety where somebody may be harmed, and the plain apology where we erred."""

import re

from copilot.tasks.crisis_reply.book import Caution, book, found, profile_names, profiles_of
from copilot.tasks.crisis_reply.saying import account, faults, heard, promised
from copilot.tasks.crisis_reply.situation import CrisisSituation


def cautions_of(situation: CrisisSituation) -> tuple[Caution, ...]:
    """The steps of safety that the brief's words call for, one for each kind of harm, the body's first."""
    if any(profile.quiet for profile in profiles_of(situation)):
        return ()
    about = heard(situation)
    told: dict[str, Caution] = {}
    for row in book().cautions:
        if re.search(row.cues, about):
            told.setdefault(row.about, row)
    return tuple(told.values())


def of_pets(situation: CrisisSituation) -> bool:
    """Whether animals are concerned."""
    return bool(re.search(book().pets, f"{situation.group}{situation.community}{heard(situation)}"))


def care_of(situation: CrisisSituation) -> str:
    """The step of safety that comes before all else; "" where nobody is in danger."""
    pets, cautions = of_pets(situation), cautions_of(situation)
    if not cautions:
        return ""
    lead = "" if pets else book().says["bodies_minor" if situation.bounds.minors else "bodies"]
    return lead + "".join(row.pets if pets and row.pets else row.text for row in cautions)


def watchful(situation: CrisisSituation) -> str:
    """What to be careful of where nobody is hurt: links, calls, passwords; "" for nothing."""
    quiet = any(profile.quiet for profile in profiles_of(situation))
    return "" if quiet else next((profile.care for profile in profiles_of(situation) if profile.care), "")


def asks_of(situation: CrisisSituation) -> tuple[tuple[str, ...], str]:
    """What to ask one person, and what everybody concerned."""
    rows = [(row.ask, row.ask_group) for row in cautions_of(situation)]
    rows += [(row.ask, row.ask_group) for row in profiles_of(situation)]
    return next((one for one, _ in rows if one), ()), next((group for _, group in rows if group), "")


def apology_of(situation: CrisisSituation) -> str:
    """The plain apology where we erred by verified facts or by our own account; it names the fault and nothing more."""
    says, profiles = book().says, profiles_of(situation)
    about = account(situation)
    own = "；".join(faults(situation))
    late = profiles[0].late and not found("told", about)
    promise = promised(situation)
    if own and promise and promise not in own:
        sorry = says["sorry_promised"].format(fault=own, promise=promise)
    elif own:
        sorry = says["sorry_owned"].format(fault=own)
    else:
        lapse = next((one.apology for one in profiles if one.apology and re.search(one.apology_if, about)), "")
        sorry = says["sorry"].format(fault=lapse) if lapse else ""
    return sorry.removesuffix("。") + "，" + says["untold_late"] if sorry and late else sorry


def untold(situation: CrisisSituation) -> bool:
    """Whether something planned was not said in the group beforehand, as far as the brief tells."""
    about = account(situation)
    planned = {"closing", "rumour", "outage", "delivery", "service"} & set(profile_names(situation))
    return bool(planned) and found("untold_plan", about) and not found("told", about)
