"""Crises as the tests read them: from a brief on one Sunday in May."""

from datetime import datetime
from typing import Any

from copilot.facts.brief import Brief, read_brief
from copilot.tasks.crisis_reply.reading.sorting import read_crisis
from copilot.tasks.crisis_reply.situation import CrisisSituation, Row

NOW = datetime.fromisoformat("2026-05-10T15:00+08:00")


def brief_of(source: Any) -> Brief:
    return read_brief(source, now=NOW)


def read(source: Any, *earlier: str) -> CrisisSituation:
    return read_crisis(brief_of(source), earlier)


def texts(rows: tuple[Row, ...]) -> list[str]:
    return [row.text for row in rows]


def kinds(source: Any) -> list[str]:
    return [kind.name for kind in read(source).kinds]


CAMP: dict[str, Any] = {
    "群名": "小鹿营地第2期家长群",
    "群人数": 86,
    "事情": "今天下午小朋友豆豆在攀爬课上摔下来，胳膊骨折，豆豆妈妈在群里质问教练阿凯为什么没系保险绳；"
    "有两位家长要求退营退费，视频已经被转到学校家长群",
    "聊天": [
        "豆豆妈妈：孩子疼得直哭，你们教练人呢？",
        "乐乐爸：这种营还敢上？退费！",
        "小鱼妈：先别急，等营地说清楚吧",
    ],
    "已核实": ["15:20 攀爬课，豆豆从约 1.5 米处跌落", "15:28 由护理员陪同送医", "当时保险绳没有系好，监控可见"],
    "待核实": ["伤情诊断结果"],
    "能做的": ["全程陪同就医", "想提前结营的，按未上天数退费"],
    "不能说的": ["医药费全包", "教练个人责任"],
    "operator_draft": "孩子自己没听指挥摔的，请家长不要发视频",
}
