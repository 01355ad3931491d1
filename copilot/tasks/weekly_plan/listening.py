"""What members said, and the actions that take it up: every voice gets a place in the week or stays an open point."""

from datetime import date

from copilot.chat.signals import suspicious
from copilot.records import Origin, Record
from copilot.tasks.weekly_plan.catalogue import VoiceRow, found, judgement, pattern
from copilot.tasks.weekly_plan.fitting import is_about_health
from copilot.tasks.weekly_plan.situation import Situation
from copilot.tasks.weekly_plan.week import falls_on, moments_of, week_days


class Want(Record):
    """An action that is called for: a key of the catalogue, its topic, whose words it takes up, and what is set of it.

    `answers` are members' words, `instead_of` those of a wish it takes the place of, `aim` a goal it serves, with its
    `target` and the day it is `due`; `days` and `minute` are what the words name; `group` is empty for every running
    group.
    """

    action: str
    topic: str = ""
    group: str = ""
    answers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    aim: str = ""
    target: str = ""
    due: date | None = None
    days: tuple[date, ...] = ()
    minute: int | None = None
    owner: str = ""
    origin: Origin | None = None


def topic_of(text: str) -> str:
    """What a member asks to hear about, in the member's words; "" where nothing of the kind is asked."""
    words = text.strip("“”\"'‘’「」『』。！!？? \n")
    if not found(judgement().asks, words) and not found(judgement().questions, words):
        return ""
    topic = pattern(judgement().topic_lead).sub("", words).strip("，,。！？!?：: 的了")
    topic = pattern(r"(?:[吗呢啊呀吧]|(?<![什怎多那这])么)+$").sub("", topic).strip()
    return topic if 2 <= len(topic) <= 40 else words[:40]


MOST_TOPICS = 3


def rows_for(words: str) -> list[VoiceRow]:
    """What kinds of thing a voice says."""
    rows = [
        row for row in judgement().voices if found(row.find, words) and not (row.unless and found(row.unless, words))
    ]
    return [row for row in rows if row.alone][:1] or rows


def listen(situation: Situation) -> tuple[list[Want], list[str]]:
    """The actions that take up what members said, and what is left open. Each voice is answered at least by a reply."""
    wants: dict[str, Want] = {}
    topics: list[Want] = []
    open_points: list[str] = []
    said = [_quoted(voice.text) for voice in situation.voices if not suspicious(voice.text)]
    recording = any(row.id == "recording" for words in said for row in rows_for(words))
    for words in said:
        rows = rows_for(words)
        asked = found(judgement().asks, words)
        topic = topic_of(words) if not rows or asked or any(row.topic for row in rows) else ""
        if any(row.id == "recording" or row.ask for row in rows) and not asked:
            topic = ""
        if topic and _beyond_us(situation):
            open_points.append(f"“{words}”要请专业的人来讲，现在的人手里没有，请先定请谁")
        elif topic and len(topics) < MOST_TOPICS:
            action = "training" if recording and not topics else "topic"
            topics.append(Want(action=action, topic=topic, answers=(words,), days=_days_in(words, situation)))
        elif topic:
            open_points.append(f"“{words}”这周排不下，放到下周的专题里")
        elif not rows:
            open_points.append(f"“{words}”还要找本人问清楚想要什么，再决定怎么排")
        if any(row.ask for row in rows):
            open_points.append(f"“{words}”要找{_responsible(words, situation)}定：有准信之前不答应、也不自己推算")
        for action in dict.fromkeys(action for row in rows for action in row.adds):
            known = wants.get(action)
            answers = (*known.answers, words) if known else (words,)
            wants[action] = Want(action=action, answers=answers)
    if wants.pop("training", None) and topics:
        topics[0] = topics[0].model_copy(update={"answers": (*topics[0].answers, *wants["archive"].answers)})
    if said:
        wants["feedback_reply"] = Want(action="feedback_reply", answers=tuple(said))
    return [*topics, *wants.values()], open_points


def _responsible(words: str, situation: Situation) -> str:
    """Who may say: an expert of what is asked, else whoever owns the group or is in charge."""
    expert = next((one.name for one in situation.people if {"expert", "technical"} & set(one.duties) and one.name), "")
    if expert and found(judgement().expert, words):
        return expert
    owner = next((one.name for one in situation.people if "owner" in one.duties and one.name), "")
    return owner or "负责的人"


def _beyond_us(situation: Situation) -> bool:
    """Whether a topic may touch somebody's body while nobody of the team is an expert."""
    able = any(not one.duties or {"expert", "training", "answering"} & set(one.duties) for one in situation.people)
    return not able and any(is_about_health(group) for group in situation.groups)


def reply_to(words: str) -> str:
    """What members may be told about a voice that no action takes up yet."""
    return next((row.reply for row in rows_for(words) if row.reply), "我们再问清楚，有结果就回")


def gently(words: str) -> str:
    """A voice as it may stand before everybody: its own words, or what it comes to where they are angry."""
    if not found(judgement().angry, words):
        return f"“{words}”"
    return next((row.soft for row in rows_for(words) if row.soft), "有朋友对现在的做法有意见")


def _days_in(words: str, situation: Situation) -> tuple[date, ...]:
    moments = moments_of(words, situation)
    days = tuple(day for day in week_days(situation) if any(falls_on(moment, day) for moment in moments))
    return days if len(days) < len(week_days(situation)) else ()


def _quoted(text: str) -> str:
    """A voice without the quotation marks around the whole of it; those within stay."""
    text = text.strip()
    pairs = ("“”", '""', "「」", "『』", "‘’")
    whole = any(text[:1] == pair[0] and text[-1:] == pair[1] and pair[0] not in text[1:-1] for pair in pairs)
    return text[1:-1].strip() if whole and len(text) > 1 else text
