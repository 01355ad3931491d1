"""What members said, and the actions that take it up: every voice gets a place in the week or stays an open point."""

import re
from datetime import date

from copilot.chat.signals import suspicious
from copilot.records import Origin, Record
from copilot.tasks.weekly_plan.catalogue import is_about_health, judgement
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.week import falls_on, moments_of, week_days


class Want(Record):
    """An action that is called for: a key of the catalogue, its topic, whose words it takes up, and what is set of it.

    `answers` are members' words, `instead_of` those of a wish it takes the place of; `days` and `minute` are what the
    words name; `group` is empty for every running group.
    """

    action: str
    topic: str = ""
    group: str = ""
    answers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    minute: int | None = None
    owner: str = ""
    origin: Origin | None = None


def topic_of(text: str) -> str:
    """What a member asks to hear about, in the member's words; "" where nothing of the kind is asked."""
    words = text.strip("“”\"'‘’「」『』。！!？? \n")
    asked = re.search(judgement().asks, words)
    if not asked and not re.search(judgement().questions, words):
        return ""
    topic = re.sub(judgement().topic_lead, "", words).strip("，,。！？!?：: 的了")
    topic = re.sub(r"(?:[吗呢啊呀吧]|(?<![什怎多那这])么)+$", "", topic).strip()
    return topic if 2 <= len(topic) <= 40 else words[:40]


MOST_TOPICS = 3


def listen(situation: Situation) -> tuple[list[Want], list[str]]:
    """The actions that take up what members said, and what is left open. Each voice is answered at least by a reply."""
    rows = judgement().voices
    wants: dict[str, Want] = {}
    topics: list[Want] = []
    open_points: list[str] = []
    said = [_quoted(voice.text) for voice in situation.voices if not suspicious(voice.text)]
    recording = any(row.id == "recording" and re.search(row.find, words) for row in rows for words in said)
    for words in said:
        found = [row for row in rows if re.search(row.find, words)]
        topic = topic_of(words) if not found or re.search(judgement().asks, words) else ""
        if topic and any(row.id == "recording" for row in found):
            topic = ""
        if topic and _beyond_us(situation):
            open_points.append(f"“{words}”要请专业的人来讲，现在的人手里没有，请先定请谁")
        elif topic and len(topics) < MOST_TOPICS:
            action = "training" if recording and not topics else "topic"
            topics.append(Want(action=action, topic=topic, answers=(words,), days=_days_in(words, situation)))
        elif topic:
            open_points.append(f"“{words}”这周排不下，放到下周的专题里")
        elif not found:
            open_points.append(f"“{words}”还要找本人问清楚想要什么，再决定怎么排")
        for action in dict.fromkeys(action for row in found for action in row.adds):
            known = wants.get(action)
            answers = (*known.answers, words) if known else (words,)
            wants[action] = Want(action=action, answers=answers)
    if wants.pop("training", None) and topics:
        topics[0] = topics[0].model_copy(update={"answers": (*topics[0].answers, *wants["archive"].answers)})
    if said:
        wants.setdefault("feedback_reply", Want(action="feedback_reply"))
        wants["feedback_reply"] = wants["feedback_reply"].model_copy(update={"answers": tuple(said)})
    return [*topics, *wants.values()], open_points


def _beyond_us(situation: Situation) -> bool:
    """Whether a topic may touch somebody's body while nobody of the team is an expert."""
    able = any(not one.duties or {"expert", "training", "answering"} & set(one.duties) for one in situation.people)
    return not able and any(is_about_health(group) for group in situation.groups)


def reply_to(words: str) -> str:
    """What members may be told about a voice that no action takes up yet."""
    found = (row.reply for row in judgement().voices if row.reply and re.search(row.find, words))
    return next(found, "我们再问清楚，有结果就回")


def _days_in(words: str, situation: Situation) -> tuple[date, ...]:
    moments = moments_of(words, situation)
    days = tuple(day for day in week_days(situation) if any(falls_on(moment, day) for moment in moments))
    return days if len(days) < len(week_days(situation)) else ()


def _quoted(text: str) -> str:
    return text.strip().strip('“”"「」『』‘’')
