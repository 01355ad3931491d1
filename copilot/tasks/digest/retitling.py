"""What a model makes of the topics: better titles, several that are one, one that is two, and new ones.

A title is made of its messages' own words. One that is not is passed over; nothing else of the topic is lost for it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from copilot.chat.claims import Topic
from copilot.chat.masking import mask
from copilot.chat.records import Message
from copilot.chat.signals import suspicious
from copilot.chat.terms import terms
from copilot.facts.name_lexicon import segmenter
from copilot.tasks.digest.assignment import DigestAssignment
from copilot.tasks.digest.hearing import TopicHeard
from copilot.tasks.digest.telling import cut, shown
from copilot.tasks.digest.verifying import plain

MOST_MERGED = 3
LONGEST_TITLE = 16
SHORTEST = 2
DENSE = 2 / 3
"""A part of a topic stands together when it makes up so much of the stretch from its first to its last message."""
LEFT = 2
"""So many messages stay in a topic from which a part is taken out."""
HEAD = 8
"""So many characters of a summary's half tell from which message it was taken."""
_THEN = " → "
_APART = "、"
_GLUE = frozenset("的与和及跟、/，, ")
_POLAR = re.compile(r"[不没未无非别禁拒假骗罚死]")
_SPACES = re.compile(r"\s+")

Spoken = Callable[[str, Sequence[str]], Message | None]


class Retitling:
    """The topics of one chat as they are heard. `new` are those that a model brings, `untitled` how many titles did not fit."""

    def __init__(self, assignment: DigestAssignment, spoken: Spoken) -> None:
        self.view = assignment.view
        self.by_id = assignment.telling.by_id
        self.known = assignment.claims.topics
        self.spoken = spoken
        self.new: list[Topic] = []
        self.untitled = 0
        self._titles: dict[str, str] = {}
        self._merged: dict[str, str] = {}
        self._out: set[str] = set()

    @property
    def changed(self) -> bool:
        """Whether anything was heard that holds."""
        return bool(self.new or self._titles)

    def take(self, heard: TopicHeard, numbers: Mapping[int, str], found: Mapping[str, Any]) -> str:
        """Take up what was heard of a topic; why it does not hold, "" when it does."""
        ours = [found[name] for name in dict.fromkeys(heard.found) if isinstance(found.get(name), Topic)]
        if not ours and heard.found:
            return "说的不是程序列出的话题"
        cited = [name for topic in ours for name in topic.messages] or [numbers.get(one, "") for one in heard.messages]
        if not cited or not all(name in self.by_id for name in cited):
            return "依据的消息不在发给模型的内容里"
        title = _title(heard.title)
        return self._called(title, ours, cited) if ours else self._added(title, heard.quote, cited)

    def ours(self) -> Iterator[Topic]:
        """Our topics under better titles, as one where a model says they are one, and without what was taken out of them."""
        together: dict[str, list[Topic]] = {}
        for topic in self.known:
            together.setdefault(self._merged.get(topic.id, topic.id), []).append(topic)
        for name, ones in together.items():
            first = ones[0]
            names = self.view.in_order(one for topic in ones for one in topic.messages)
            kept = [one for one in names if one not in self._out]
            title = self._titles.get(name, first.title)
            changes = {"title": title, "messages": tuple(kept)}
            if len(kept) < len(names):
                summary = _THEN.join(piece for piece in first.summary.split(_THEN) if self._from(piece, kept))
                changes |= {"title": self._still([title, first.title], kept), "summary": summary}
            yield first.model_copy(update=changes)

    def _called(self, title: str, ours: Sequence[Topic], cited: Sequence[str]) -> str:
        """Another title for one of ours, or several of ours as one."""
        if not self._fits(title, cited):
            self.untitled += 1
            return ""
        if len(ours) > 1 and not self._one_matter(title, ours):
            return "合并的话题没有共同的词"
        name = next((self._merged[one.id] for one in ours if one.id in self._merged), ours[0].id)
        self._titles.setdefault(name, title)
        self._merged |= {one.id: name for one in ours if one.id not in self._merged}
        return ""

    def _added(self, title: str, quote: str, cited: Sequence[str]) -> str:
        """A topic of what is in none of ours, or of what stands together in one."""
        if not self.spoken(quote, cited):
            return "引文不在依据的消息里"
        if not self._fits(title, cited):
            self.untitled += 1
            title = _title(quote)  # members' words, where they are short enough to be a title
            if not self._fits(title, cited):
                return ""
        taken = self._out | {name for topic in self.new for name in topic.messages}
        free = [name for name in dict.fromkeys(cited) if name not in taken]
        held = {name for topic in self.known for name in topic.messages}
        parts = [[name for name in free if name in topic.messages] for topic in self.known]
        inside = [(topic, part) for topic, part in zip(self.known, parts, strict=True) if part]
        if len(inside) == 1 and len(inside[0][1]) == len(free) == len(inside[0][0].messages):
            self._titles.setdefault(inside[0][0].id, title)
            return ""
        out = {name for topic, part in inside if self._apart(part, topic) for name in part}
        rest = self.view.in_order(name for name in free if name in out or name not in held)
        if not rest:
            return "这些消息已在别的话题里"
        self._out |= out
        number = len(self.known) + len(self.new) + 1
        self.new.append(Topic(id=f"t{number}", title=title, messages=tuple(rest), summary=""))
        return ""

    def _apart(self, part: Sequence[str], topic: Topic) -> bool:
        """Whether a part of one of ours stands together, and leaves a topic behind."""
        kept = [name for name in self.view.in_order(topic.messages) if name not in self._out]
        at = [place for place, name in enumerate(kept) if name in part]
        return len(at) >= DENSE * (at[-1] - at[0] + 1) and len(kept) - len(at) >= LEFT

    def _still(self, titles: Sequence[str], kept: Sequence[str]) -> str:
        """The first of these titles, or of their halves, that the messages left in a topic bear out; else how it opens."""
        halves = [half for title in titles for half in title.split(_APART)]
        known = next((title for title in (*titles, *halves) if self._fits(title, kept)), "")
        return known or cut(shown(next((self.by_id[name].text for name in kept if self.by_id[name].text), "")), 12)

    def _from(self, words: str, names: Sequence[str]) -> bool:
        head = plain(words)[:HEAD]
        return bool(head) and any(head in plain(mask(self.by_id[name].text)) for name in names)

    def _fits(self, title: str, cited: Sequence[str]) -> bool:
        """Whether a title is made of the messages' words, names nobody, and turns nothing round."""
        bare = plain(title)
        if not SHORTEST <= len(bare) <= LONGEST_TITLE or "【" in title or mask(title) != title or suspicious(title):
            return False
        if any(len(name) > 1 and plain(name) in bare for name in self.view.senders if plain(name)):
            return False
        said = "\n".join(plain(self.by_id[name].text) for name in cited)
        if bare in said:
            return True
        words = [plain(word) for word in segmenter().cut(title, False)]
        return not _POLAR.search(title) and all(word in said for word in words if word and word not in _GLUE)

    def _one_matter(self, title: str, ours: Sequence[Topic]) -> bool:
        """Whether a few topics share a word of the title that would be theirs together."""
        said = [plain("".join(self.by_id[name].text for name in topic.messages)) for topic in ours]
        words = [word for word in terms(title) if len(word) > 1]
        return len(ours) <= MOST_MERGED and any(all(plain(word) in text for text in said) for word in words)


def _title(words: str) -> str:
    return _SPACES.sub(" ", words).strip('“”"《》。 ')
