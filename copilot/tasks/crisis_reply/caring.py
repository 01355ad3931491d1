"""What comes first: the step of safety where somebody may be harmed, and the plain apology where we erred."""

import re

from copilot.tasks.crisis_reply.book import Caution, book, found
from copilot.tasks.crisis_reply.profiles import profile_names, profiles_of, traits_of
from copilot.tasks.crisis_reply.saying import account, faults, heard, promised
from copilot.tasks.crisis_reply.situation import CrisisSituation


def cautions_of(situation: CrisisSituation) -> tuple[Caution, ...]:
    """The steps of safety that the brief's words call for, one for each kind of harm, the body's first."""
    traits = traits_of(situation)
    if any(profile.quiet or profile.mourning or profile.people_first for profile in profiles_of(situation)):
        return ()
    about = heard(situation)
    told: dict[str, Caution] = {}
    for row in book().cautions:
        if (not row.traits or traits & set(row.traits)) and re.search(row.cues, about):
            told.setdefault(row.about, row)
    return tuple(told.values())


def hold_care_of(situation: CrisisSituation) -> str:
    """The step of safety in one short sentence, for the first words; "" where nobody is in danger."""
    cautions = cautions_of(situation)
    lead = book().says["bodies_minor"] if cautions and situation.bounds.minors and not of_pets(situation) else ""
    treated = found("treated", account(situation))
    words = [
        row.pets
        if of_pets(situation) and row.pets
        else book().says["hold_treated"]
        if treated and row.treated
        else row.hold
        for row in cautions[:1]
    ]
    return lead + "".join(words)


def of_pets(situation: CrisisSituation) -> bool:
    """Whether animals are concerned."""
    return bool(re.search(book().pets, f"{situation.group}{situation.community}{heard(situation)}"))


def care_of(situation: CrisisSituation) -> str:
    """The step of safety that comes before all else; "" where nobody is in danger."""
    pets, cautions = of_pets(situation), cautions_of(situation)
    if not cautions:
        return ""
    lead = "" if pets else book().says["bodies_minor" if situation.bounds.minors else "bodies"]
    treated = found("treated", account(situation))
    return lead + "".join(
        row.pets if pets and row.pets else row.treated if treated and row.treated else row.text for row in cautions
    )


def watchful(situation: CrisisSituation) -> str:
    """What to be careful of where nobody is hurt: links, calls, passwords; "" for nothing."""
    quiet = any(profile.quiet for profile in profiles_of(situation))
    return "" if quiet else next((profile.care for profile in profiles_of(situation) if profile.care), "")


def asks_of(situation: CrisisSituation) -> tuple[tuple[str, ...], str]:
    """What to ask one person, and what everybody concerned."""
    if any(profile.mourning or profile.people_first or profile.neutral for profile in profiles_of(situation)):
        return (), ""
    rows = [(row.ask, row.ask_group) for row in cautions_of(situation)] or [
        (row.ask, row.ask_group) for row in profiles_of(situation)
    ]
    group = next((group for _, group in rows if group), "")
    if told := re.search(book().reading["presents"], "\n".join(row.text for row in situation.authorised)):
        group = "订单号" if told["id"] == "订单" else told["id"]
    about = heard(situation) + "\n".join(
        row.text for row in (*situation.authorised, *situation.entry, *situation.unverified)
    )
    ids = re.search(book().reading["ids"], about)
    allergy = "、有没有过敏史" if found("allergy", about) else ""
    return next((one for one, _ in rows if one), ()), group.replace("{ids}", f"{ids[0]}、" if ids else "").replace(
        "{allergy}", allergy
    )


_PLAYED_DOWN = re.compile(r"^(?:只是|不过是?|就是|仅仅?是?)(?!说)")


def apology_of(situation: CrisisSituation) -> str:
    """The plain apology where we erred by verified facts or by our own account; it names the fault and nothing more."""
    says, profiles = book().says, profiles_of(situation)
    about = account(situation)
    own = (
        ""
        if {"our_leak", "integrity", "price"} & set(profile_names(situation))
        else "；".join(_PLAYED_DOWN.sub("", fault) for fault in faults(situation))
    )
    late = profiles[0].late and not found("told", about)
    promise = promised(situation)
    if own and promise and promise not in own:
        sorry = says["sorry_promised"].format(fault=own, promise=promise)
    elif own:
        sorry = says["sorry_owned"].format(fault=own)
    else:
        lapse = next((one.apology for one in profiles if one.apology and re.search(one.apology_if, about)), "")
        lapse = lapse.format(thing=thing_sent(situation))
        sorry = says["sorry"].format(fault=lapse) if lapse else ""
    return sorry.removesuffix("。") + "，" + says["untold_late"] if sorry and late else sorry


def thing_sent(situation: CrisisSituation) -> str:
    """What was sent by mistake, in the brief's word: 表格, 名单, 《学员进度表》."""
    match = re.search(book().reading["thing"], account(situation))
    return "表格" if match and match[0].startswith("《") and "表" in match[0] else match[0] if match else "文件"


def papers_of(situation: CrisisSituation) -> str:
    """The papers whose numbers got out (护照, 身份证); "" for none."""
    rows = (*situation.incident, *situation.verified, *situation.unverified)
    told = [
        clause for row in rows for clause in re.split("[，。；]", row.text) if not re.search("没有|不含|未含", clause)
    ]
    papers = re.search("护照|身份证|证件|银行卡", "\n".join(told))
    return papers[0] if papers else ""


def untold(situation: CrisisSituation) -> bool:
    """Whether something planned was not said in the group beforehand, as far as the brief tells."""
    about = account(situation)
    planned = {"closing", "rumour", "outage", "delivery", "service"} & set(profile_names(situation))
    return bool(planned) and found("untold_plan", about) and not found("told", about)
