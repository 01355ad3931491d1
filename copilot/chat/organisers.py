"""Members who are not of the group's staff but set something up in it: a group purchase, an outing, a partner's offer.

What they announce about their own matter counts: nobody else can settle it. They are told by what they do: they call
people to take part, with figures, and people answer them. Whoever advertises is none.
"""

import re

from copilot.chat.scene import Scene
from copilot.chat.utterances import bare, does, plain

FIGURES = 3
"""A call with fewer figures sets nothing up."""
ANSWERED = 2
"""How many others must answer."""
LENGTH = 24

_FIGURE = re.compile(r"[0-9]+(?:[.:/-][0-9]+)*|[一二三四五六七八九十]+(?:名|位|人|点|号)|周[一二三四五六日天]")


def read_organisers(scene: Scene) -> frozenset[str]:
    """The names of the members who set something up and deal with others about it."""
    advertise = {scene.by_id[one].sender for one in scene.noise if one in scene.by_id}
    calls: dict[str, int] = {}
    for at, message in enumerate(scene.talk):
        sender = message.sender
        if sender in calls or sender in advertise or len(message.text) < LENGTH or scene.official(message):
            continue
        words = plain(bare(message.text))
        if words.startswith("#") or len(_FIGURE.findall(words)) < FIGURES or not does("calls_up", words):
            continue
        calls[sender] = at
    if not calls:
        return frozenset()
    signed: dict[str, set[str]] = {sender: set() for sender in calls}
    latest = ""
    for at, message in enumerate(scene.talk):
        latest = message.sender if calls.get(message.sender) == at else latest
        if latest and message.sender != latest and message.text.startswith("#"):
            signed[latest].add(message.sender)
    heard = signed
    for source, target in scene.answers.items():
        one, other = scene.by_id[target].sender, scene.by_id[source].sender
        for caller, who in ((one, other), (other, one)):
            if caller in heard and who != caller:
                heard[caller].add(who)
    return frozenset(sender for sender, others in heard.items() if len(others) >= ANSWERED)
