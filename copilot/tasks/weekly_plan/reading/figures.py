"""Last week's figures and what members said, kept in the operator's words."""

import re
from collections.abc import Iterator
from itertools import pairwise

from copilot.tasks.weekly_plan.reading.entries import Entry
from copilot.tasks.weekly_plan.reading.group_names import groups_named
from copilot.tasks.weekly_plan.reading.lexicon import first_of, lexicon
from copilot.tasks.weekly_plan.reading.prose import cut
from copilot.tasks.weekly_plan.situation import Figure, Group, Said


def read_figures(
    entries: tuple[Entry, ...], scopes: dict[str, str], groups: tuple[Group, ...]
) -> tuple[tuple[Figure, ...], tuple[Said, ...]]:
    """The figures, and what stood among them without a number."""
    found: list[Figure] = []
    rest: list[Said] = []
    for entry in entries:
        if entry.topic == "figures":
            figures = [_placed(figure, groups) for figure in _of_entry(entry, scopes)]
            figures = [figure for figure in figures if not lexicon().target.search(figure.name)]
            found += figures
            if not figures:
                rest.append(
                    Said(
                        text=f"{entry.label}：{entry.text}" if entry.label and entry.cells else entry.text,
                        origin=entry.origin,
                    )
                )
    return tuple(found), tuple(rest)


def _placed(figure: Figure, groups: tuple[Group, ...]) -> Figure:
    """A figure with the group that it names, where there are several."""
    if len(groups) < 2 or "群" not in f"{figure.name}{figure.group}":
        return figure
    words = figure.group or figure.name
    named = groups_named(words, tuple(group.name for group in groups))
    return figure.model_copy(update={"group": named[0]}) if len(named) == 1 else figure


_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十百千]{1,6})(?:\s*[万千kKwW](?![A-Za-z]))?"
_VALUE = re.compile(
    rf"(?:约|大概|近|共|只有|才|超过?)?\s*{_NUMBER}\s*(?:[/／]\s*\d+|%|％|[-~～–到至]\s*{_NUMBER})?\s*(?:多|来|余)?\s*(?:个|条|人次|人|位|名|次|单|份|户|家|篇|小时|分钟|元|块|万|%|％|场|组|件|起|例|笔|通|席|台|辆|套|楼|栋)*"
)
_WEEK_WORDS = re.compile(
    r"^(?:上周|上个?星期|上礼拜|最近一周|过去一周|目前|现在|还有|另外|其中|以及|和|有|共|是|，|、|\s)+|[：:，,、是为有了的\s]+$"
)


def _of_entry(entry: Entry, scopes: dict[str, str]) -> Iterator[Figure]:
    group = scopes.get(entry.scope, "")
    label, value = entry.cell("label"), entry.cell("value")
    if len(entry.cells) > 1 and label and value:
        yield _figure(label, value, entry, entry.cell("group") or group)
        return
    if (
        entry.label
        and entry.cells
        and re.search(r"\d|[零一二两三四五六七八九十百千]|%", entry.text)
        and len(entry.text) <= 40
    ):
        outer, _, inner = entry.label.rpartition("·")
        yield _figure(inner, entry.text, entry, outer or group)
        return
    for line in re.split(r"[；;\n。]", entry.text):
        head, tail = "", ""
        for part in re.split(r"[、]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", line):
            for clause, _ in cut(part):
                for name, words in _each(clause):
                    whole = name
                    if _is_branch(name):
                        whole = f"{head} {name}" if head else f"{name}{tail}"
                    if whole == name:
                        head, tail = _head(name), _tail(name)
                    yield _figure(whole, words, entry, group)


_BRANCH = r"[A-Za-z\d一二三四五六七八九十]{1,3}(?:群|班|组|队|营|期|号楼|栋|店|区|点|站|场|线|仓)?|[\u4e00-\u9fff]{1,4}(?:群|班|组|队|营|期|店|区|校区|栋|点|站|场|线|仓)"


def _is_branch(name: str) -> bool:
    """Whether a figure's name only says whose it is (B, 二群): what is counted was said before it."""
    return bool(re.fullmatch(_BRANCH, name.strip())) and not first_of(lexicon().figures, name)


def _head(name: str) -> str:
    """What a figure counts, where its name goes on to say whose it is: 打卡率 A, 退群（东区群）."""
    match = re.match(rf"^(?P<head>.{{2,}}?)[\s（(:：]+(?:{_BRANCH})[）)]?$", name.strip()) or re.match(
        r"^(?P<head>[\u4e00-\u9fff]{2,}?)(?:[A-Za-z]|[一二三四五六七八九十\d]+(?:群|班|组|队|营|期))$", name.strip()
    )
    return match["head"] if match else ""


def _tail(name: str) -> str:
    """What a figure counts, where its name begins with whose it is: A班到课."""
    match = re.match(rf"^(?:{_BRANCH})的?(?P<tail>[\u4e00-\u9fff]{{2,}})$", name.strip())
    return match["tail"] if match and first_of(lexicon().figures, match["tail"]) else ""


def _each(clause: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each figure in a clause: values that stand behind names of their own are figures of their own."""
    spans = [
        match
        for match in _VALUE.finditer(clause)
        if re.match(r"\s*[\d约近共只超]", match[0]) and not _ASIDE.search(clause[: match.start()])
    ]
    pieces, start = [], 0
    for match, following in pairwise(spans):
        between = clause[match.end() : following.start()]
        words = re.sub(r"^[\s，,/和与及]+|[\s：:为是有]+$", "", between)
        before = clause[start : match.start()].strip(" ：:，,/")
        if before and words and (first_of(lexicon().figures, words) or _is_branch(words)) and "（" not in between:
            pieces.append(clause[start : match.end()])
            start = match.end()
    pieces.append(clause[start:])
    for piece in pieces:
        yield from _pairs(re.sub(r"^[\s，,/和与及]+", "", piece))


_ASIDE = re.compile(r"(?:超过?|近|第|大于|连续|前|满|抽样|每)\s*$|[（(][^）)]*$")


def _pairs(clause: str) -> Iterator[tuple[str, str]]:
    """(name, value) of a clause: `退群 9 人`, `打卡率：31%`, `还有6个问题没人回`."""
    labelled = re.match(r"^(?P<name>[^：:]{1,24})[：:]\s*(?P<value>.*\d.*)$", clause)
    if labelled and not re.search(r"\d$", labelled["name"]):
        yield _WEEK_WORDS.sub("", labelled["name"]), labelled["value"].strip()
        return
    values = [
        match
        for match in _VALUE.finditer(clause)
        if re.search(r"\d", match[0]) or re.search(r"[个条人位名次单份户家篇%]", match[0])
    ]
    # A number inside a condition (超2小时, 近60天) is part of the name.
    values = [
        match
        for match in values
        if not re.search(
            r"(?:超过?|近|第|大于|连续|前|满|抽样)\s*$",
            clause[: match.start()] + (match[0][:1] if match[0][:1] in "超近" else ""),
        )
    ]
    if not values:
        return
    best = values[-1] if re.search(r"(?:只有|到了?|为|是|[^\d]{2,})$", clause[: values[-1].start()]) else values[0]
    name = _WEEK_WORDS.sub("", f"{clause[: best.start()]}{clause[best.end() :]}".strip())
    name = _WEEK_WORDS.sub("", name)
    if len(name) >= 2 or re.fullmatch(r"[A-Za-z]", name):
        yield name, best[0].strip()


def _figure(name: str, value: str, entry: Entry, group: str) -> Figure:
    return Figure(
        name=name,
        value=value,
        number=_number(value),
        about=first_of(lexicon().figures, _counted(name, value)),
        group=group,
        origin=entry.origin,
    )


def _counted(name: str, value: str) -> str:
    """The words that say what a figure counts: a long value's too, and people where it counts those (发言 45 人)."""
    words = f"{name} {value}" if len(value) > 6 else f"{name}人" if re.search(r"\d\s*人$", value) else name
    return words.replace("_", " ")


def _number(value: str) -> float | None:
    """The number of a value that is one number with at most a unit; shares and fractions stay words."""
    match = re.fullmatch(
        r"(?:约|近|共|大概)?\s*(\d[\d,]*(?:\.\d+)?)\s*[\u4e00-\u9fff]{0,2}(?:[（(].*[）)])?", value.strip()
    )
    return float(match[1].replace(",", "")) if match else None


_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』]{2,})[”\"」』]")
_TOLD = re.compile(r"^.{0,14}?(?:说|反映|反馈|吐槽|抱怨|问|喊|催)(?:了|过|到|的是?|道)?[：:，,\s]*(?=\S{3})")


_ANOTHER = re.compile(r"[，,](?=(?:还|也|另外|而且|并且)?(?:想|希望|能不能|可不可以|有没有|要是能|建议|最好|求))")


# "手总是抖，能不能讲讲" is one matter: a request this short asks about what stands before it.
_BARE_REQUEST = 6


def read_voices(entries: tuple[Entry, ...]) -> tuple[Said, ...]:
    """What members said, each by itself, without the quotation marks around it."""
    found = []
    for entry in entries:
        if entry.topic != "voices":
            continue
        text = entry.text
        if len(entry.cells) > 1:
            text = entry.cell("what", "value") or text
        quoted = _QUOTED.findall(text)
        outside = re.sub(r"[\s，,、；;。和及还有/]", "", _QUOTED.sub("", text))
        if quoted and (len(quoted) > 1 or len(outside) <= 14):
            found += [Said(text=words.strip(), origin=entry.origin) for words in quoted]
            continue
        for line in re.split(r"[；;\n]", text):
            words = line if entry.sure and not entry.label else _TOLD.sub("", line)
            parts = _ANOTHER.split(words)
            for part in parts if all(len(part) > _BARE_REQUEST for part in parts[1:]) else [words]:
                if part.strip():
                    found.append(Said(text=part.strip().strip('“”"「」'), origin=entry.origin))
    return tuple(found)
