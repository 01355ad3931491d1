"""Who speaks for the group: named by the operator, or told from the chat.

Told from the chat, a member needs a ground (a title, the group's own name in theirs, power over others, word that rules) and enough signs
of the office in what they and others do: announcing, taking matters on, being asked. A title alone is not enough:
outsiders who come to sell have titles too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from copilot.chat.leaning import leaning
from copilot.chat.member_names import bare, match_member
from copilot.chat.records import Message, Transcript
from copilot.chat.scene import Roles
from copilot.chat.signals import suspicious
from copilot.chat.terms import rarity
from copilot.chat.word_classes import plain
from copilot.lore import load_yaml

_LOOKED_AT = 4000
"""Messages of one member that are looked at: an office shows sooner."""
_LONGEST = 400
_TELLING = 8  # characters of a message from which on it tells what it reads like
_RULES = 2.0  # … how much it must read like ruling, asking or complaining (copilot/chat/leaning.py)
_ASKS = 0.5
_CLOSELY = 3  # messages of one member that are read closely for orders to a machine
_HOUSE_MARK = re.compile(r"([^\W\d_]{2,8})[-_·・—|]\S")
_FEW = 25  # messages of a member from which it is how often, not whether, they do something


def read_roles(transcript: Transcript, *, operator: str = "", staff: Sequence[str] = ()) -> Roles:
    """Who is who. Names the operator gives are matched to members tolerantly; without them it is told from the chat."""
    members = tuple(dict.fromkeys(message.sender for message in transcript.said))
    notes: list[str] = []
    named = [_settle(name, members, notes) for name in _each(staff, members)]
    head = _settle(operator, members, notes) if operator.strip() else transcript.me
    signs = _Signs(transcript, members)
    told = tuple(dict.fromkeys(named)) if named else signs.staff()
    return Roles(
        operator=head,
        staff=tuple(name for name in told if name != head),
        bots=tuple(name for name in signs.bots() if name != head and name not in told),
        known=bool(named),
        notes=tuple(notes),
    )


def _each(staff: Sequence[str], members: Sequence[str]) -> list[str]:
    """The names given, also where several stand in one string."""
    found = []
    for name in staff:
        parts = [name] if name in members else re.split(r"[、,，;；/\n]+", name)
        found += [part.strip() for part in parts if part.strip()]
    return found


def _settle(name: str, members: Sequence[str], notes: list[str]) -> str:
    """The member a given name means; the name itself where it can't be told, which is noted."""
    found = match_member(name, members)
    if len(found) == 1:
        return found[0]
    if found:
        notes.append(f"“{name}”可能指{'、'.join(found)}，没有替你选；请写全名")
    else:
        notes.append(f"“{name}”在这段聊天里没有发言")
    return name.strip()


@cache
def _knowledge() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml("chat_roles.yaml")
    alone = {name: data[name] for name in ("sole", "outsider", "sells", "bots", "orders")}
    words = {**data["titles"], **data["acts"], **alone}
    data["patterns"] = {name: re.compile(pattern, re.IGNORECASE | re.MULTILINE) for name, pattern in words.items()}
    return data


class _Signs:
    """What speaks for and against each member's being of the group's people."""

    def __init__(self, transcript: Transcript, members: Sequence[str]) -> None:
        self.members = members
        self.group = transcript.group
        self.me = transcript.me
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.callers: dict[str, set[str]] = defaultdict(set)
        self.orders: dict[str, list[str]] = defaultdict(list)
        self.rules: dict[str, float] = defaultdict(float)
        self.looked: Counter[str] = Counter()
        self._names = _calls([name for name in members if _titled(name)])
        calls = sorted(self._names, key=len, reverse=True)
        self._called = re.compile("|".join(map(re.escape, calls))) if calls else None
        for message in transcript.messages:
            if message.kind == "system":
                self._notice(message)
            else:
                self._said(message)

    def _said(self, message: Message) -> None:
        sender, text = message.sender, message.text[:_LONGEST]
        self.looked[sender] += 1
        if self.looked[sender] > _LOOKED_AT or len(text) < 2:
            return
        patterns, counts = _knowledge()["patterns"], self.counts[sender]
        shown = {sign for sign in ("governs", "announces", "serves", "guides", "sells") if patterns[sign].search(text)}
        counts.update(shown)
        self.rules[sender] += _rules(text)
        if len(kept := self.orders[sender]) < _CLOSELY and patterns["orders"].search(text):
            kept.append(_without(text, message.mentions))
        for name in message.mentions:
            if name != sender and "governs" in shown:
                self.counts[name]["warned"] = 1
            elif name != sender:
                self.callers[name].add(sender)
        if self._called is not None and (found := self._called.search(text.lower())) is not None:
            name = self._names[found[0]]
            if name != sender:
                self.callers[f"\0{name}"].add(sender)

    def _notice(self, message: Message) -> None:
        """Who throws out, and who is thrown out; who holds the keys of the group."""
        for actor, thrown in _THROWN.findall(message.text):
            self.counts[thrown]["thrown"] = 1
            if actor and actor != "你":
                self.counts[actor]["keys"] = 1
            elif actor and self.me:
                self.counts[self.me]["keys"] = 1
        if (thrown := _OUT.match(message.text)) is not None:
            self.counts[thrown[1]]["thrown"] = 1
        if (keeper := _KEEPER.search(message.text)) is not None:
            self.counts[keeper[1]]["keys"] = 1

    def staff(self) -> tuple[str, ...]:
        """The group's people, the surest first."""
        points = {name: self._points(name) for name in self.members}
        enough = _knowledge()["enough"]
        found = sorted((name for name in self.members if points[name] >= enough), key=lambda name: -points[name])
        sure = [name for name in found if not any(map(suspicious, self.orders[name]))]
        return (*sure, *self._colleagues(sure))

    def _colleagues(self, staff: Sequence[str]) -> list[str]:
        """Who bears the same house mark before the name as the group's people ("青禾-客服小唐", "青禾-阿宽").

        A mark that many others bear too is a town or a class, and no house. Whoever was warned or thrown out only poses.
        """
        marked: dict[str, list[str]] = defaultdict(list)
        for name in self.members:
            if (match := _HOUSE_MARK.match(name)) is not None:
                marked[match[1]].append(name)
        found = []
        for bearers in marked.values():
            known = [name for name in bearers if name in staff]
            if known and len(bearers) <= 2 * len(known) + 1:
                found += [name for name in bearers if name not in staff and not self._poses(name)]
        return found

    def _poses(self, member: str) -> bool:
        counts = self.counts[member]
        bot = _knowledge()["patterns"]["bots"].search(member) is not None
        return bot or bool(counts["warned"] or counts["thrown"]) or any(map(suspicious, self.orders[member]))

    def bots(self) -> tuple[str, ...]:
        """The machines among the members, by name."""
        bot = _knowledge()["patterns"]["bots"]
        return tuple(name for name in self.members if bot.search(name))

    def _points(self, member: str) -> float:
        data = _knowledge()
        weigh, most, patterns, counts = data["points"], data["most"], data["patterns"], self.counts[member]
        if patterns["bots"].search(member):
            return 0.0
        points = 0.0
        often = min(1.0, _FEW / max(1, self.looked[member]))
        own = patterns["own"].search(member) is not None
        trade = patterns["trade"].search(member) is not None
        outsider = patterns["outsider"].search(member) is not None
        group = self._of_group(member, titled=own or trade)
        points += weigh["own"] if own else weigh["trade"] if trade else 0.0
        points += weigh["group"] if group else 0.0
        points += weigh["outsider"] if outsider else 0.0
        for sign in ("warned", "thrown", "keys"):
            points += weigh[sign] if counts[sign] else 0.0
        rules = 0.0 if outsider else max(0.0, self.rules[member]) * often
        told = {"called": len(self.callers[member]), "named": len(self.callers[f"\0{member}"]), "rules": rules}
        for sign in most if own or trade else (one for one in most if one != "guides"):
            points += weigh[sign] * min(most[sign], told.get(sign, counts[sign] * often))
        ground = own or trade or group or counts["keys"] or counts["governs"] * often > 1 or rules >= data["rules"]
        return points if ground else 0.0

    def _of_group(self, member: str, *, titled: bool) -> bool:
        """Whether the group's name and the member's share what is the house's own name."""
        long = 2 if titled else 3
        plain, group = bare(member), bare(self.group)
        return any(plain[at : at + long] in group for at in range(len(plain) - long + 1))


_THROWN = re.compile(r"[\"“]?([^\"”\s]{1,30}?)[\"”]?(?:将|把|移除了)[\"“]([^\"”]{1,30})[\"”](?:移出|踢出|请出|移除)")
_OUT = re.compile(r"[\"“]?(.{1,30}?)[\"”]?\s?(?:已?被).{0,12}(?:移出|踢出|请出|移除)")
_KEEPER = re.compile(
    r"[\"“]([^\"”]{1,30})[\"”]\s?(?:修改群名|更改了群名|已?成为新?群主|开启了|设置了|发布了?(?:新的?)?群公告|解散)"
)


def _rules(text: str) -> float:
    """How much a message sounds like the word of somebody who rules; who asks and complains sounds the less like it."""
    if len(text) < _TELLING:
        return 0.0
    reads = leaning(plain(text))
    asks = max(reads.asks, reads.grieves) > _RULES
    return max(0.0, reads.settles - _RULES) - (_ASKS if asks else 0.0)


def _without(text: str, names: Sequence[str]) -> str:
    """The text without the names it calls: a nickname may be an order itself."""
    for name in names:
        text = text.replace(name, "")
    return text


def _titled(name: str) -> bool:
    patterns = _knowledge()["patterns"]
    return any(patterns[kind].search(name) for kind in _knowledge()["titles"])


def _calls(members: Sequence[str]) -> dict[str, str]:
    """What others call members without the @: the name's parts with and without the title, the title where only one has it."""
    title = re.compile("|".join(_knowledge()["titles"].values()))
    sole = _knowledge()["patterns"]["sole"]
    found: dict[str, str] = {}
    titled: dict[str, set[str]] = defaultdict(set)
    for name in members:
        for part in {bare(name), *map(bare, _PARTS.split(name))}:
            found[part] = name
            for match in sole.finditer(part):
                titled[match[0]].add(name)
            for match in title.finditer(part):
                found[part[max(0, match.start() - 1) : match.end()]] = name  # 班车马师傅: 马师傅
            rest = title.sub("", part)
            if rest != part and rarity(rest or part) > _OWN:
                found[rest] = name
    found |= {word: names.pop() for word, names in titled.items() if len(names) == 1}
    return {call: name for call, name in found.items() if 2 <= len(call) <= 8 and not call.isdigit()}


_PARTS = re.compile(r"[-_·・—|/\s（）()【】\[\]]+")
_OWN = 0.3  # the rest of a name is taken for a call where it is no everyday word ("系统管理员")
