"""The offline announcement: a kind's templates around the brief's own words, in the order a reader wants to hear them."""

import re
from collections.abc import Iterable

from copilot.facts.brief import clauses
from copilot.facts.items import Item
from copilot.facts.problems import day
from copilot.tasks.announcement.kinds import Announcement, Kind, Point, book, for_helpers
from copilot.tasks.base import Assignment
from copilot.tasks.phrasing import TITLE_LENGTH, action_of, contact_of, day_word, purposes, say, tighten


def compose_announcement(assignment: Assignment) -> Announcement:
    """The full draft, at whatever length it takes."""
    kind = book().kinds[assignment.kind]
    tone = book().tones[assignment.options.tone]
    items = list(assignment.items)
    fields = _fields(assignment, items)
    greeting = greeting_of(assignment)
    opening = greeting + _opening(kind, assignment, fields)
    if kind.headline and not greeting and fields["headline"] != assignment.title:
        opening = ""  # the first line has said it all
    told = [item for item in items if item.slot not in KEPT and _told(say_item(item, assignment), opening)]
    items = [item for item in items if item not in told]
    lead = _lead(kind, items)
    if kind.benefit and re.search(kind.benefit_if, " ".join([*assignment.brief.meta.values(), assignment.title])):
        opening += kind.benefit
    points = _points(kind, [item for item in items if item not in lead], assignment, fields)
    return Announcement(
        title=fields["headline"] if kind.headline else assignment.title,
        opening=opening,
        lead_intro=kind.lead_intro,
        benefits=tuple(f"{row.label}：{row.text}" if row.label else row.text for row in _rows(lead, assignment)),
        points=points,
        action=_first_filled(kind.actions, fields),
        closing=kind.closing or tone.closing,
    )


# What a reader looks up in the list even when the opening has told it.
KEPT = frozenset({"unavailable", "scope"})


def greeting_of(assignment: Assignment) -> str:
    """The tone's greeting; a kind may have its own ("各位读者：" before an apology), a tone without one stays without."""
    tone = book().tones[assignment.options.tone]
    own = book().kinds[assignment.kind].greeting
    template = tone.greeting if own is None or not tone.greeting else own
    return template.format(vocative=assignment.vocative)


def _opening(kind: Kind, assignment: Assignment, fields: "_Fields") -> str:
    """The first alternative whose condition holds and whose fields are all known."""
    about = f"{assignment.title}{fields['incident']}"
    said = [row["say"] for row in kind.openings if re.search(row.get("if", ""), about)]
    return _first_filled(said, fields)


# Shorter words may stand in an opening by chance.
PHRASE_LEAST = 6


def _told(words: str, opening: str) -> bool:
    return len(words) >= PHRASE_LEAST and tighten(words) in tighten(opening)


LEAD_LINES = 5


def _lead(kind: Kind, items: list[Item]) -> list[Item]:
    """What makes it worth reading, in the order of the kind's lead slots; a few lines at most."""
    lead: list[Item] = []
    for slot in kind.lead:
        for item in items:
            drawn = slot == "draws" and re.search(kind.draws, f"{item.label}：{item.text}")
            if item not in lead and (drawn or item.slot == slot):
                lead.append(item)
    labels = {item.label for item in lead[:LEAD_LINES] if item.label}
    return [item for place, item in enumerate(lead) if place < LEAD_LINES or item.label in labels]


class _Fields(dict[str, str]):
    """Template fields; an unknown one is empty, and so may be one with a question mark."""

    def __missing__(self, key: str) -> str:
        return self.get(key.removesuffix("?"), "")


def _fillable(template: str, fields: dict[str, str]) -> bool:
    return all(fields.get(name) for name in re.findall(r"\{(\w+)\}", template))


def _first_filled(templates: Iterable[str], fields: "_Fields") -> str:
    return next((template.format_map(fields) for template in templates if _fillable(template, fields)), "")


# An opening takes an item's words only where they read as one short phrase.
PHRASE_LENGTH = 44
_STOPS_WORKING = re.compile(r"停|断|无法|不能|不可|用不了|暂停|打不开|受限|维护")


def _fields(assignment: Assignment, items: list[Item]) -> _Fields:
    """The phrases a kind's templates may ask for, each from the items' own words."""
    by_slot = {item.slot: item for item in reversed(items)}
    kind = book().kinds[assignment.kind]
    fields = _Fields(
        vocative=assignment.vocative,
        group=assignment.brief.meta.get("group", "我们的群"),
        title=assignment.title if assignment.title != kind.title else "",
    )
    for slot in dict.fromkeys(item.slot for item in items):
        told = [item for item in items if item.slot == slot and (slot != "when" or _dated(item))]
        words = _phrase(told, assignment) if told else ""
        if words and not (slot in ("when", "effective") and _tells_more(told)):
            fields.setdefault(slot, words)
    if ends := next((item for item in items if item.slot == "when" and item.label.startswith("结束")), None):
        start = next((item for item in items if item.slot == "when" and item is not ends and _dated(item)), None)
        fields["when"] = f"{say_item(start, assignment)} 至 {say_item(ends, assignment)}" if start else ""
    _add_times(fields, by_slot)
    one_year = assignment.ledger.year is not None
    entries = [
        item
        for item in items
        if (item.slot in _ENTRY_SLOTS or _ENTRY_LABEL.search(item.label) or re.match("报名|预约|想", item.text))
        and not for_helpers(assignment.brief, item)
    ]
    actions = (said for item in sorted(entries, key=_entry_rank) if (said := action_of(item, one_year=one_year)))
    if action := next(actions, None):
        fields["join_short"] = words = _until(action, by_slot, assignment)
        fields["reply_short"] = words if re.search("填|登记|回执|提交|确认|缴", words) else ""
    if contact := next((said for item in items if _is_contact(item) and (said := contact_of(item))), None):
        fields["contact_short"] = contact
        fields["inconvenient"] = f"不方便的请提前{contact}。"
    fields["visit"] = "到店" if any("到店" in f"{item.label}{item.text}" for item in items) else ""
    if "unavailable" in by_slot:
        fields["unavailable_text"] = words = fields["unavailable"]
        fields["outage"] = words if _STOPS_WORKING.search(words) or not words else f"{words}用不了"
    members = " ".join(assignment.brief.meta.get(key, "") for key in ("audience", "group_type", "group"))
    fields["pass_on"] = next((row["text"] for row in book().passing_on if re.search(row["cues"], members)), "")
    fields["rule_gains"] = "、".join([gain for slot, gain in kind.gains.items() if slot in by_slot][:3]) or "群里更舒服"
    fields["when_first"] = "" if _lead(kind, items) else fields["when"]
    fields["goods"] = next((say_item(item, assignment) for item in items if _names_goods(item)), "")
    _add_matter(fields, kind, assignment)
    fields["headline"] = _headline(by_slot, assignment)
    if kind.suggestion and _fillable(kind.suggestion, fields) and re.search(kind.suggestion_if, members):
        fields["suggestion"] = kind.suggestion.format_map(fields)
    return fields


_ENTRY_LABEL = re.compile("登记|报名|预约|领取|领奖|回执|下单|购买|接龙")
_ENTRY_SLOTS = ("join", "reward", "deadline", "remedy")


def _entry_rank(item: Item) -> int:
    """Which item says what to do: one headed so, then a way to join, then a reward or a deadline that does."""
    headed = bool(_ENTRY_LABEL.search(item.label))
    if item.slot == "join":
        return 0 if headed else 2
    return 1 if headed else 3


def _is_contact(item: Item) -> bool:
    return item.slot == "contact" or bool(
        re.search("负责人|联系|咨询|领队|值班", item.label) or re.match("有(?:问题|疑问|事)", item.text)
    )


def _names_goods(item: Item) -> bool:
    return (
        bool(re.search("新品|商品|产品|品名|团品|^名称", item.label))
        and len(item.text) <= 40
        and not re.search("[【：]", item.text)
    )


def _dated(item: Item) -> bool:
    return any(moment.date and moment.grain == "day" for moment in item.moments)


def _phrase(items: list[Item], assignment: Assignment) -> str:
    """One slot's words as a phrase: its first item, with the others under the same heading; "" where it is no phrase."""
    rows = _rows([item for item in items if item.label == items[0].label], assignment)
    words = re.sub(r"^[^\w“《「【]+", "", rows[0].text)
    return words if len(words) <= PHRASE_LENGTH and not re.search(r"[【；;。]", words) else ""


def _add_times(fields: _Fields, by_slot: dict[str, Item]) -> None:
    """When it takes effect and when it closes, as parts of a sentence."""
    if effective := fields.get("effective"):
        fields["effective_short"] = f"，{effective}" if "生效" in effective else f"，{effective}生效"
        fields["effective_from"] = effective if re.search("起|生效|开始", effective) else f"{effective}起"
    if closes := fields.get("deadline"):
        known = re.search("[截止关前]", closes)
        verb = re.search("截[止单团]", by_slot["deadline"].label)
        fields["closes"] = closes if known else f"{closes}{verb[0] if verb else '截止'}"


def _until(action: str, by_slot: dict[str, Item], assignment: Assignment) -> str:
    """The action with its deadline, where the deadline is no more than a date and the action has none of its own."""
    due = by_slot.get("deadline")
    if not due or not due.values or due.text != due.values[0].text or "前" in action or not due.moments:
        return action
    words = say_item(due, assignment)
    return f"{words.removesuffix('前').removesuffix('之')}前{action}"


def _add_matter(fields: _Fields, kind: Kind, assignment: Assignment) -> None:
    """What it is about, and the reason where the purpose gives one before it ("营期已结束，解散…")."""
    matter = purposes(assignment.brief)
    named = [place for place, clause in enumerate(matter) if kind.cues and re.search(kind.cues, clause)]
    start = named[0] if named else 0
    said = "，".join(matter[start:]) if len(matter) > start + 1 else assignment.title
    fields["matter"] = said if len(said) >= PHRASE_LEAST else ""
    fields["reason"] = fields.get("reason") or "，".join(matter[:start])
    fields["because"] = kind.because.format_map(fields) if matter[:start] else ""


def _headline(by_slot: dict[str, Item], assignment: Assignment) -> str:
    """For a change: on which day, what, from where to where, in one line; the plain title where that is no line."""
    after, before, when = by_slot.get("after"), by_slot.get("before"), by_slot.get("when")
    if not after or not after.label or after.statement.role != "fact":
        return assignment.title
    dates = [moment.date for moment in (when.moments if when and not after.moments else ()) if moment.date]
    on = f"{day_word(assignment.brief, dates[0])}{day(dates[0])}" if dates else ""
    thing = _plain_label(before.label) if before else ""
    new = say_item(after, assignment)
    for words in (new, clauses(new)[0] if new else ""):
        line = f"{on}{thing}{after.label}{words}" if thing else f"{assignment.title}：{on}{after.label}{words}"
        if words and "【" not in words and len(line) <= TITLE_LENGTH:
            return line
    return assignment.title


def _plain_label(label: str) -> str:
    """`原自提点` → `自提点`; `原` → "" ."""
    return re.sub(r"^(?:原(?!因)|旧)(?:来的?|定的?)?|^(?:调整|变更)前的?", "", label)


def _points(kind: Kind, items: list[Item], assignment: Assignment, fields: dict[str, str]) -> tuple[Point, ...]:
    """The facts in the order a reader of this kind wants them, then placeholders for what is missing."""
    rank = {slot: place for place, slot in enumerate(kind.order)}
    rows: list[tuple[float, Point]] = []
    befores = [item for item in items if item.slot == "before" and "原因" not in item.label]
    afters = [item for item in items if item.slot == "after"]
    if len(befores) == len(afters) == 1:
        pair = f"{say_item(befores[0], assignment)} → {say_item(afters[0], assignment)}"
        rows.append((rank.get("before_after", 0), Point(label=_plain_label(befores[0].label), text=pair)))
        items = [item for item in items if item not in (befores[0], afters[0])]
    elif kind.headline:
        items = [
            item for item in items if not (item in afters and _told(say_item(item, assignment), fields["headline"]))
        ]
    if kind.headline:
        items = [item for item in items if not _repeated(item, fields["headline"])]
    for slot in dict.fromkeys(item.slot for item in items):
        place = rank.get(slot, len(rank) - 0.5)
        rows += [(place, row) for row in _rows([item for item in items if item.slot == slot], assignment)]
    for missing in assignment.missing:
        if missing.placeholder and missing.key in rank:
            rows.append((rank[missing.key], Point(label=missing.placeholder[5:-1], text=missing.placeholder)))
    if fields.get("suggestion"):
        rows.append((rank["suggestion"], Point(text=fields["suggestion"])))
    rows += [(len(rank), point) for point in cautions(assignment)]
    return tuple(point for _, point in sorted(rows, key=lambda row: row[0]))


# Longer parts of a list stand on lines of their own.
LISTED_LENGTH = 24


def _rows(items: list[Item], assignment: Assignment) -> list[Point]:
    """A line for each item; items under one heading share a line: `携带：水壶、午餐、雨衣`."""
    rows: dict[str, list[str]] = {}
    for item in items:
        rows.setdefault(item.label or item.id, []).append(say_item(item, assignment))
    labels = {item.label for item in items}
    points = []
    for key, parts in rows.items():
        label = key if key in labels else ""
        if max(map(len, parts)) > LISTED_LENGTH or any("：" in part for part in parts):
            points += [Point(label="" if place else label, text=part) for place, part in enumerate(parts)]
        else:
            mark = "；" if any(re.search(r"[，；。、]", part) for part in parts) else "、"
            points.append(Point(label=label, text=mark.join(parts)))
    return points


def cautions(assignment: Assignment) -> list[Point]:
    """Lines of care that the facts call for, whoever writes: with tasting samples and allergies, ask a doctor first."""
    said = "\n".join(f"{item.label}{item.text}" for item in assignment.items)
    about = "\n".join([said, *assignment.brief.meta.values()])
    return [
        Point(text=row["text"])
        for row in book().cautions
        if re.search(row["cues"], said) and not re.search(row.get("unless", "$^"), about)
    ]


def _tells_more(items: list[Item]) -> bool:
    """Whether an item that should be a time is a whole sentence, which can't be put into another."""
    rest = "".join(item.text for item in items)
    for value in (value for item in items for value in item.values):
        rest = rest.replace(value.text, "")
    return len(re.sub(r"\W", "", rest)) > 8


def _repeated(item: Item, headline: str) -> bool:
    """A bare date that the first line already gives."""
    rest = item.text
    for value in item.values:
        rest = rest.replace(value.text, "")
    days = {(moment.date.month, moment.date.day) for moment in item.moments if moment.date}
    return bool(days) and item.slot == "when" and not rest.strip() and all(f"{m}月{d}日" in headline for m, d in days)


def say_item(item: Item, assignment: Assignment) -> str:
    return say(item, one_year=assignment.ledger.year is not None)
