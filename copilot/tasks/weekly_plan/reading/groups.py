"""The groups of a plan: names, sizes, kinds, stages, and which of them have largely the same members."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from copilot.facts.hours import Quiet, read_quiet
from copilot.facts.numerals import parse_number
from copilot.facts.spelling import plain_spelling
from copilot.lore import load_yaml
from copilot.records import Conflict, Origin
from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.group_names import (
    COUNTED,
    PLATFORM_ONLY,
    check_count,
    groups_named,
    with_same_people,
)
from copilot.tasks.weekly_plan.reading.lexicon import Notices, first_of, lexicon
from copilot.tasks.weekly_plan.situation import Group, Stage

MANY = 5
UNNAMED = "本群"
_ABOUT = ("group", "group_words", "group_type", "members", "platform", "audience", "stage", "quiet", "same_people")
_STAGES: dict[str, Stage] = {
    "new": "new",
    "launch": "launch",
    "running": "running",
    "promotion": "promotion",
    "fading": "fading",
    "dead": "dead",
    "closing": "closing",
}


class GroupDraft:
    """What the brief says about one group, as it is gathered."""

    def __init__(self, name: str, scope: str, said: list[Entry]) -> None:
        self.name = name
        self.scope = scope
        self.said = said
        self.about = ""

    def words(self, topic: str) -> list[Entry]:
        """The entries on one topic."""
        return [entry for entry in self.said if entry.topic == topic]


def read_groups(entries: tuple[Entry, ...], notices: Notices) -> tuple[tuple[Group, ...], dict[str, str]]:
    """The groups in the order of the brief, and the name of the group of each scope."""
    drafts = _drafts(entries)
    if len(drafts) == 1 and COUNTED.fullmatch(drafts[0].name):
        notices.ask("groups", f"这{drafts[0].name}分别叫什么，各有多少人？")
    if not any(draft.name for draft in drafts):
        notices.ask("group", "这份计划是给哪个群的？")
    check_count([draft.name for draft in drafts if draft.name], entries, notices)
    shared = [entry for entry in entries if not entry.scope and entry.topic in _ABOUT and entry.topic != "group"]
    if len(drafts) > 1:
        shared = [entry for entry in shared if not _given_to_one(entry, drafts)]
    described = [entry for entry in entries if entry.topic == "group" and not entry.scope and _describes(entry)]
    if len(drafts) == 1 and not drafts[0].scope:
        shared += [
            entry.model_copy(update={"topic": "group_type"}) for entry in described if entry not in drafts[0].said
        ]
    groups = tuple(_group(draft, shared, alone=len(drafts) == 1, notices=notices) for draft in drafts)
    unknown = [group.name for group in groups if group.members is None]
    if len(unknown) > MANY:
        notices.ask("members", f"{'、'.join(unknown[:MANY])}等 {len(unknown)} 个群现在各有多少人？")
    else:
        for name in unknown:
            notices.ask(f"members:{name}", f"{name}现在有多少人？")
    scopes = {draft.scope: group.name for draft, group in zip(drafts, groups, strict=True) if draft.scope}
    return with_same_people(groups, entries, scopes), scopes


def _given_to_one(entry: Entry, drafts: list[GroupDraft]) -> bool:
    """Whether words name groups (`C群三个月没人说话`); they are then about those only."""
    text = f"{entry.label} {entry.text}"
    names = groups_named(text, tuple(draft.name for draft in drafts))
    named = [draft for draft in drafts if draft.name in names]
    for draft in named:
        draft.said.append(entry)
    return bool(named)


def _drafts(entries: tuple[Entry, ...]) -> list[GroupDraft]:
    scoped: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.scope:
            scoped.setdefault(entry.scope, []).append(entry)
    drafts = []
    for scope, said in scoped.items():
        names = [entry.text for entry in said if entry.topic == "group"]
        drafts.append(GroupDraft(names[0].strip() if names else "", scope, said))
    named = [entry for entry in entries if entry.topic == "group" and not entry.scope]
    called = [entry for entry in named if not _describes(entry)]
    beside = ""
    if any("群" in name for name in [*(draft.name for draft in drafts), *(entry.text for entry in called)]):
        # A club that has groups is no group of its own; what stands in a list of groups is.
        called = [entry for entry in called if "群" in entry.text or "[" in entry.origin.field or not entry.sure]
    for entry in called if drafts else called or named:
        if entry.topic == "group":
            for name, about in _names_in(entry):
                if PLATFORM_ONLY.fullmatch(name):
                    beside += about
                    continue
                if any(one.name.endswith(f" {name}") for one in drafts):
                    continue
                draft = next((one for one in drafts if one.name == name), None)
                if draft is None:
                    draft = GroupDraft(name, "", [entry])
                    drafts.append(draft)
                draft.about += about
    drafts = drafts or _called_drafts(entries) or [GroupDraft("", "", [])]
    if len(drafts) == 1:
        drafts[0].about += beside
    return drafts


def _called_drafts(entries: tuple[Entry, ...]) -> list[GroupDraft]:
    """The group of a brief that names none apart: as the request calls it, else as many as are counted."""
    for entry in entries:
        asks = entry.topic in ("request", "week", "note", "stage", "members", "purpose")
        if asks and (match := _CALLED.search(entry.text)):
            return [GroupDraft(_ASKED.sub("", next(filter(None, match.groups()))), "", [entry])]
    for entry in entries:
        if entry.topic != "voices" and (match := COUNTED.search(entry.text)):
            return [GroupDraft(match[1], "", [])]
    return []


def _describes(entry: Entry) -> bool:
    """Whether words only say what kind of group it is (`我们是个宠物群`); a name elsewhere is better."""
    return not entry.sure and bool(_DESCRIBED.match(entry.text))


_DESCRIBED = re.compile(r"^(?:我们|咱们?|我|这)(?:的|是|管|运营|有|这)")
_CALLED = re.compile(
    r"(?:给|为|帮|是个?|运营(?:着)?|管(?:着)?|做)(?:我们|我|咱们?)?(?:家)?(?:的|这个|那个|一个)?([\u4e00-\u9fffA-Za-z\d·]{1,16}?(?<![建新老本这那个])群)(?!友|主|规|聊|内|里有)|^([\u4e00-\u9fffA-Za-z\d·]{2,16}?群)(?=的?(?:下|本|这)?个?(?:周|星期|礼拜|月|\d).{0,8}(?:计划|排期|安排|规划))|\b(?:[Oo]ur|[Mm]y|[Tt]he) ([A-Za-z][\w &-]{1,40}? (?:group|community|channel|server))\b"
)
_ASKED = re.compile(r"^(?:(?:排|做|出|写|来|定|安排|规划)(?:一?[下个份版]))+")
_EXPANDED = re.compile(
    r"^(?P<base>.*?)[（(]?(?P<numbers>[A-Za-z\d一二三四五六七八九十]{1,2}(?:\s*[/、,，]\s*[A-Za-z\d一二三四五六七八九十]{1,2})+)\s*群[）)]?$"
)
_ONE = re.compile(
    r"(?P<name>[^、，,；;：:（()）\s]{1,24}?群(?:\d{1,2}(?!\d|\s*[多来余]?[人位名户个]))?(?:[（(](?:[旧新老备]|停用|作废)群?[）)])?)(?P<about>[（(][^）)]*[）)]|[^、；;，,]*)(?=[、；;，,]|$)"
)


def _names_in(entry: Entry) -> Iterator[tuple[str, str]]:
    """(name, what else is said) of each group in an entry: `X群`, `A群120人、B群（刚建）`, `减脂营（1/2/3群）`."""
    text = entry.text.strip()
    if (expanded := _EXPANDED.match(text)) and not re.search(r"群[、，,]", text):
        for number in re.split(r"\s*[/、,，]\s*", expanded["numbers"]):
            yield f"{expanded['base'].strip()}{number}群", ""
        return
    listed = re.sub(r"^.{0,12}?(?:[\d一二两三四五六七八九十]+)\s*个[^、：:，,]{0,8}群[：:（(，,]?", "", text)
    found = list(_ONE.finditer(listed))
    if len(found) > 1 or (found and not entry.sure):
        for match in found:
            name = re.sub(
                r"^(?:分别是?|有|是|包括|和|我们|咱们?|我|的|管着?|运营着?|群名|名叫|叫做?|一?个|[：:「“《\"])+",
                "",
                match["name"],
            )
            yield name, re.sub(r"^[」”》\"]", "", match["about"])
        return
    sized = re.search(
        r"[（(][^（()）]*\d+\s*(?:人|位|名|户)[^（()）]*[）)]$|(?<=群)\s*[，,]?\s*(?:约|共|有)?\d+\s*多?(?:人|位|名|户)$",
        text,
    )
    if not sized and (parted := re.match(r"(?P<name>[^\s，,：:（(]{2,20}群)\s+(?P<about>\S.*)$", text)):
        yield parted["name"], parted["about"]
        return
    yield (text[: sized.start()].strip(), sized[0]) if sized else (text, "")


def _group(draft: GroupDraft, shared: list[Entry], *, alone: bool, notices: Notices) -> Group:
    """One group from what is said about it, and from what is said about all."""

    def said(topic: str) -> list[Entry]:
        return draft.words(topic) or [entry for entry in shared if entry.topic == topic]

    def words(topic: str) -> str:
        return "，".join(dict.fromkeys(entry.text for entry in said(topic)))

    kind = words("group_type")
    name = draft.name or (kind if kind.endswith("群") else UNNAMED)
    about = "，".join(part for part in (draft.about, *(entry.text for entry in draft.words("group_words"))) if part)
    stage_words = words("stage")
    if not first_of(lexicon().stages, stage_words):
        stage_words = "，".join(part for part in (stage_words, _stage_beside(draft, about)) if part)
    quiet = tuple(found for entry in said("quiet") if (found := quiet_of(entry)))
    own = [entry for entry in draft.said if entry.topic in _ABOUT]
    kept = own + [entry for entry in shared if alone or not draft.words(entry.topic)]
    first = own[0].origin if own else (kept[0].origin if kept else Origin(field="text", line=1, quote=name))
    quote = "；".join(dict.fromkeys(entry.origin.quote for entry in kept)) or name
    return Group(
        name=name,
        platform=platform_of(words("platform")),
        community=community_of(kind, name, words("audience")),
        group_type=kind,
        members=_members(draft, said("members") if alone or draft.words("members") else [], about, name, notices),
        stage=stage_of(stage_words or " ".join(entry.text for entry in said("audience"))),
        stage_words=stage_words,
        audience=words("audience"),
        quiet=quiet,
        origin=first.model_copy(update={"quote": quote}),
    )


def _stage_beside(draft: GroupDraft, about: str) -> str:
    """How far a group has come by what else is said of it, where no field says so: its remarks, else its name."""
    stages = lexicon().stages
    if first_of(stages, about):
        return about
    remarks = [entry.text for entry in draft.said if entry.topic in ("note", "figures") and entry.scope]
    telling = [text for text in remarks if first_of(stages, text) not in ("", "running", "promotion")]
    named = draft.name if first_of(stages, draft.name) in ("new", "closing") else ""
    return "，".join(telling) or named


@cache
def platform_of(words: str) -> str:
    """The key of a platform in `knowledge/platforms.yaml`; words that none goes by stay, and none said is WeChat."""
    rows: dict[str, dict[str, str]] = load_yaml("platforms.yaml")["platforms"]
    named = sorted(((row["name"], key) for key, row in rows.items()), key=lambda pair: -len(pair[0]))
    found = (key for name, key in named if name.lower() in words.lower() or key in words.lower())
    return next(found, words or "wechat")


_DAYS = r"(?:每?(?:周|星期|礼拜|[一二三四五六日天末、和到至及与]|工作日|节假?日|假期|法定|\s)+)"
_EXCEPTION = re.compile(rf"除了?(?!{_DAYS}(?:以|之)?外)[^，。；除\d]{{1,24}}?(?:以|之)?外")


def quiet_of(entry: Entry) -> Quiet | None:
    """Quiet hours; under a heading for them, a bare span is one."""
    return _quiet_in(entry.text, entry.topic == "quiet")


@lru_cache(maxsize=4096)
def _quiet_in(text: str, labelled: bool) -> Quiet | None:
    rest = _EXCEPTION.sub("", text)  # 19:00 后除答疑外不发消息: what may be posted all the same is no time
    return (
        (read_quiet(rest) if rest != text else None)
        or read_quiet(text)
        or (read_quiet(f"{text}不发消息") if labelled else None)
    )


def community_of(kind: str, name: str, audience: str) -> str:
    """What kind of community it is: by its type, else its name, else its audience."""
    for words in (kind, name, audience):
        if found := first_of(lexicon().communities, words):
            return found
    return "general"


def stage_of(words: str) -> Stage:
    """How far the group has come by its own words; "running" unless they tell."""
    return _STAGES.get(first_of(lexicon().stages, words), "running")


_SIZE = re.compile(
    r"(?P<sign>-|负)?\s*(?P<number>\d[\d,]*(?:\.\d+)?\s*[万千kKwW]?|[一二两三四五六七八九十百千万]{1,7})\s*(?:多|来|余|几|\+)?\s*(?P<unit>个?(?:人|成员|会员|用户|家长|业主|学员|玩家|客户|妈妈|车友|书友)|位|名|户|号人|个(?=$|左右)|members?|people)?",
    re.IGNORECASE,
)


def size_in(text: str, *, bare: bool) -> int | None:
    """The number of people in some words; `bare`: a number without a unit is one too. None where they give none."""
    for match in _SIZE.finditer(plain_spelling(text)):
        number = parse_number(re.sub(r"\s", "", match["number"]))
        if number is not None and (match["unit"] or (bare and match["number"][0].isdigit())):
            return -int(number) if match["sign"] else int(number)
    return None


def _members(draft: GroupDraft, said: list[Entry], about: str, name: str, notices: Notices) -> int | None:
    sizes = [(size, entry.origin) for entry in said if (size := size_in(entry.text, bare=entry.sure)) is not None]
    if about and (size := size_in(about, bare=bool(re.fullmatch(r"\D{0,3}\d+\D{0,3}", about)))) is not None:
        sizes.append((size, draft.said[0].origin))
    distinct = dict.fromkeys(size for size, _ in sizes)
    if len(distinct) > 1:
        told = " 还是 ".join(f"{size} 人" for size in distinct)
        origins = tuple(origin for _, origin in sizes)
        notices.conflicts.append(Conflict(code="two-sizes", message=f"{name}的人数有两种说法：{told}", origins=origins))
        return None
    size = next(iter(distinct), None)
    if size is not None and size < 0:
        notices.tell("warning", "group-size", f"{name}的人数写成了 {size}", "改成现在的人数")
        return None
    if size == 0:
        notices.tell("warning", "group-empty", f"{name}写的是 0 人", "先确认群是否还在，或改成现在的人数")
    return size
