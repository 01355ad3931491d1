"""What all exports are made of: the rows of a plan, its columns, and text that any file format can hold."""

import re
from datetime import date, time

from copilot.records import Record

STATUSES = ("未开始", "进行中", "已完成", "取消")
COLUMNS = (
    "日期",
    "星期",
    "时间",
    "群",
    "动作",
    "形式",
    "目的",
    "负责人",
    "物料",
    "检查点",
    "文案",
    "依据",
    "状态",
    "备注",
)
UNDATED = "待定"
_WEEKDAYS = "一二三四五六日"
# What XML 1.0 can't hold, and half characters that no encoding can.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"\A\s*[=+\-@＝＋－＠\t\r\n|%]")  # spreadsheets read full-width signs too


class PlanRow(Record):
    """One line of a plan. `start` is HH:MM or "" (any time of the day), `minutes` the owner's work (0: not said),
    `day` None where it has no place yet. `message` is the text for the group, `rule` what stands behind the action.
    `id` keeps a calendar entry the same when it is moved and exported again.
    """

    id: str = ""
    group: str
    day: date | None
    start: str = ""
    minutes: int = 0
    action: str
    form: str = ""
    purpose: str = ""
    owner: str = ""
    material: str = ""
    check: str = ""
    message: str = ""
    rule: str = ""
    status: str = STATUSES[0]
    note: str = ""

    @property
    def clock(self) -> time | None:
        """`start` as a time, or None where it gives none."""
        match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", self.start.strip())
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            return None
        return time(int(match[1]), int(match[2]))

    @property
    def remark(self) -> str:
        """The note, with how long it takes and a start that is no clock time."""
        odd = self.start.strip() if self.start.strip() and self.clock is None else ""
        taken = f"约 {self.minutes} 分钟" if self.minutes > 0 else ""
        return "；".join(part for part in (odd, taken, self.note) if part)


class PlanSheet(Record):
    """A week's plan for export. Each line of `objectives`, `measures`, `refused`, `open_points` and `review` is one
    sentence; `notes` are remarks on the whole.
    """

    title: str
    week: tuple[date, date]
    rows: tuple[PlanRow, ...] = ()
    objectives: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    open_points: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ordered(self) -> tuple[PlanRow, ...]:
        """The rows by day, time and group; those without a place come last."""
        return tuple(
            sorted(self.rows, key=lambda row: (row.day or date.max, row.clock or time.max, row.group, row.action))
        )


def weekday(day: date) -> str:
    """`周二`."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def day_name(day: date) -> str:
    """`5月12日 周二`."""
    return f"{day.month}月{day.day}日 {weekday(day)}"


def week_name(week: tuple[date, date]) -> str:
    """`2026年5月11日—5月17日`."""
    first, last = week
    year = f"{last.year}年" if last.year != first.year else ""
    return f"{first.year}年{first.month}月{first.day}日—{year}{last.month}月{last.day}日"


def writable(text: str) -> str:
    """The text with one kind of line end and without what no file can hold."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def formula_like(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula."""
    return bool(_FORMULA.match(text))


def cells(row: PlanRow) -> tuple[str, ...]:
    """A row as texts, in the order of `COLUMNS`."""
    return (
        row.day.isoformat() if row.day else UNDATED,
        weekday(row.day) if row.day else "",
        f"{row.clock:%H:%M}" if row.clock else "",
        *(
            writable(text)
            for text in (
                row.group,
                row.action,
                row.form,
                row.purpose,
                row.owner,
                row.material,
                row.check,
                row.message,
                row.rule,
                row.status,
                row.remark,
            )
        ),
    )


def sections(sheet: PlanSheet) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines beside the rows, under their headings; headings without lines are left out."""
    named = (
        ("本周目标", sheet.objectives),
        ("看什么指标", sheet.measures),
        ("没有照做的要求", sheet.refused),
        ("待确认", sheet.open_points),
        ("说明", sheet.notes),
        ("周末复盘", sheet.review),
    )
    return tuple((heading, tuple(writable(line) for line in lines)) for heading, lines in named if lines)
