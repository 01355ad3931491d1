"""The formats that can be read: ours, and those that other packages add (entry-point group `copilot.chat_formats`)."""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from copilot.chat.formats.base import Format, Source
from copilot.chat.records import Note
from copilot.errors import UsageError

GROUP = "copilot.chat_formats"
AUTO = "auto"
# Exporters' own formats first: where two are equally sure, the earlier is taken.
_BUILT_IN = (
    "chatlab",
    "weflow",
    "wetrace",
    "memotrace",
    "weclone",
    "chatlog_json",
    "chatlog_csv",
    "chatlog_text",
    "wecom",
    "feishu",
    "qq_exporter",
    "qq_text",
    "discord",
    "telegram",
    "slack",
    "whatsapp",
    "line",
    "wechat_text",
    "plain_text",
)
_LEAST = 0.3
"""A format that is less sure than this does not claim the source."""
_CLOSE = 0.1
# What a module of somebody else's may raise when it is loaded or asked: its fault must not be ours.
_FAULTS = (
    ImportError,
    SyntaxError,
    AttributeError,
    TypeError,
    ValueError,
    LookupError,
    NameError,
    RuntimeError,
    OSError,
)


@cache
def formats() -> tuple[Format, ...]:
    """All formats, ours first."""
    return (*_own(), *_added()[0])


@cache
def plugin_notes() -> tuple[Note, ...]:
    """Which added formats could not be loaded, and why."""
    return _added()[1]


def find(name: str) -> Format:
    """The format of this name. Raises `UsageError` that lists them all."""
    wanted = name.strip().lower().replace("-", "_")
    for one in formats():
        if one.name.lower().replace("-", "_") == wanted:
            return one
    raise UsageError(f"没有叫“{name}”的格式", hint=f"可以用：{AUTO}、{listed()}")


def listed() -> str:
    """The names of all formats, for messages."""
    return "、".join(one.name for one in formats())


def recognise(source: Source) -> tuple[Format | None, list[Note]]:
    """The format the source is likeliest of, and the runner-up where it was close; None when nothing claims it."""
    ranked = sorted(
        (
            (sureness, -place, one)
            for place, one in enumerate(formats())
            if (sureness := _sureness(one, source)) >= _LEAST
        ),
        key=lambda rank: rank[:2],
        reverse=True,
    )
    if not ranked:
        return None, []
    notes = []
    best = ranked[0][2]
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _CLOSE:
        other = ranked[1][2]
        told = f"按“{best.title}”读的；也像“{other.title}”，读得不对可以指定 --format {other.name}"
        notes.append(Note(code="format_close", message=told))
    return best, notes


def _sureness(one: Format, source: Source) -> float:
    if one in _own():
        return one.sniff(source)
    try:
        return one.sniff(source)
    except _FAULTS:
        return 0.0


@cache
def _own() -> tuple[Format, ...]:
    return tuple(one for name in _BUILT_IN for one in import_module(f"copilot.chat.formats.{name}").FORMATS)


@cache
def _added() -> tuple[tuple[Format, ...], tuple[Note, ...]]:
    found: list[Format] = []
    notes: list[Note] = []
    taken = {one.name for one in _own()}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            new = _loaded(point)
        except _FAULTS as error:
            notes.append(Note(code="plugin_broken", message=f"格式插件 {point.name} 用不了：{error!r:.200}"))
            continue
        for one in new:
            if one.name in taken:
                notes.append(Note(code="plugin_broken", message=f"格式插件 {point.name} 的名字 {one.name} 已被占用"))
            else:
                taken.add(one.name)
                found.append(one)
    return tuple(found), tuple(notes)


def _loaded(point: EntryPoint) -> tuple[Format, ...]:
    """What an entry point gives: a format, several, or a module with `FORMATS`."""
    given = point.load()
    given = getattr(given, "FORMATS", given)
    several: tuple[Format, ...] = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    for one in several:
        if not all(hasattr(one, name) for name in ("name", "title", "platform", "sniff", "read")):
            raise TypeError(f"{point.value} is no chat format")
    return several
