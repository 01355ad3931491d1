"""Last week's figures and what members said, kept in the operator's words."""

import re
from collections.abc import Iterator

from copilot.tasks.weekly_plan.reading_entries import Entry
from copilot.tasks.weekly_plan.reading_groups import aliases
from copilot.tasks.weekly_plan.reading_lexicon import first_of, lexicon
from copilot.tasks.weekly_plan.reading_prose import cut
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
    named = [group.name for group in groups if any(alias in words for alias in aliases(group.name))]
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
    for line in re.split(r"[；;\n。、]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", entry.text):
        for clause, _ in cut(line):
            for name, words in _pairs(clause):
                yield _figure(name, words, entry, group)


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
    if len(name) >= 2:
        yield name, best[0].strip()


def _figure(name: str, value: str, entry: Entry, group: str) -> Figure:
    return Figure(
        name=name,
        value=value,
        number=_number(value),
        about=first_of(lexicon().figures, (f"{name} {value}" if len(value) > 6 else name).replace("_", " ")),
        group=group,
        origin=entry.origin,
    )


def _number(value: str) -> float | None:
    """The number of a value that is one number with at most a unit; shares and fractions stay words."""
    match = re.fullmatch(
        r"(?:约|近|共|大概)?\s*(\d[\d,]*(?:\.\d+)?)\s*[\u4e00-\u9fff]{0,2}(?:[（(].*[）)])?", value.strip()
    )
    return float(match[1].replace(",", "")) if match else None


_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』]{2,})[”\"」』]")
_TOLD = re.compile(r"^.{0,14}?(?:说|反映|反馈|吐槽|抱怨|问|喊|催)(?:了|过|到|的是?|道)?[：:，,\s]*(?=\S{3})")


_ANOTHER = re.compile(r"[，,](?=(?:还|也|另外|而且|并且)?(?:想|希望|能不能|可不可以|有没有|要是能|建议|最好|求))")


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
            for part in _ANOTHER.split(words):
                if part.strip():
                    found.append(Said(text=part.strip().strip('“”"「」'), origin=entry.origin))
    return tuple(found)
