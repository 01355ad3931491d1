"""Why a clause of a brief may not be said in the group: unlawful, hurtful, private, hostile, or not settled."""

import re
from collections.abc import Iterator

from copilot.checks.own_rules import NO_RULES, OwnRules
from copilot.checks.rulebook import rules_in
from copilot.checks.wording import wording_findings
from copilot.facts.brief import clauses, lexicon
from copilot.facts.name_lexicon import name_lexicon, words_of
from copilot.facts.names import NameSpan, read_names
from copilot.facts.values import Value
from copilot.records import Finding, Record


class Objection(Record):
    """One reason against a clause; `span` and `replacement` are a safe mending of it, where there is one."""

    code: str
    reason: str
    fix: str
    rule: str | None = None
    finding: Finding | None = None


class Clause(Record):
    """A clause of a statement and where it starts in it."""

    text: str
    start: int


def reason(code: str) -> Objection:
    """The objection of this code, in the operator's language (`knowledge/rules/brief.yaml`)."""
    row = rules_in("brief.yaml")[f"held-{code}"]
    return Objection(code=code, reason=row.message, fix=row.fix, rule=row.rule)


def split(text: str) -> Iterator[Clause]:
    """The clauses of a text with their places."""
    at = 0
    for clause in clauses(text):
        at = text.index(clause, at)
        yield Clause(text=clause, start=at)
        at += len(clause)


def offences(text: str, label: str = "", own: OwnRules = NO_RULES) -> tuple[Finding, ...]:
    """The wordings of a text that must not go out, placed in it; the label gives the check its context."""
    lead = f"{label}：" if label else ""
    found = []
    worded = (*wording_findings(lead + text), *own.findings(lead + text, "announcement"))
    for finding in own.weighed(worded, "announcement"):
        grave = finding.severity == "error" or finding.code in ("promo-urgency", "internal-jargon")
        if grave and finding.span and finding.span.start >= len(lead):
            found.append(finding.moved(-len(lead)))
    return tuple(found)


def objection(clause: Clause, label: str, values: tuple[Value, ...], found: tuple[Finding, ...]) -> Objection | None:
    """The weightiest reason against a clause, whoever said it; `found` are the offences of its whole statement."""
    end = clause.start + len(clause.text)
    for finding in found:
        if finding.span and finding.span.start < end and finding.span.end > clause.start:
            return Objection(
                code=finding.code, reason=finding.message, fix=finding.fix, rule=finding.rule, finding=finding
            )
    if _exposes(f"{label}：{clause.text}" if label else clause.text):
        return reason("personal-data")
    if any(value.kind in ("phone", "account") and clause.start <= value.start < end for value in values):
        return None if _for_the_public(label, clause.text) else reason("private-number")
    return None


def unsettled(clause: str) -> bool:
    """Whether a clause says of itself that it is not decided, or only heard."""
    cues = lexicon().cues
    return bool(cues["pending"].search(clause) or cues["hearsay"].search(clause))


def names_someone(clause: str, said: str) -> bool:
    """Whether a clause names a person whom the public facts do not name."""
    return any(
        (name.certain or name.kind == "full") and name.text.lstrip("@") not in said for name in read_names(clause)
    )


_OPEN_LINE = re.compile(
    r"咨询|客服|热线|报名|预[约订定]|订[餐座位]|联系(?:人|电话|方式|我们)|服务电话|门店|店铺|售后|找我|会议|房间|频道|400[-\s]?\d"
)
_OPEN_LABEL = re.compile(r"电话|联系|咨询|客服|微信|QQ|会议|号码|入口|报名", re.IGNORECASE)


def _for_the_public(label: str, clause: str) -> bool:
    """A number given for members to use: its heading or sentence says so."""
    return bool(_OPEN_LABEL.search(label) or _OPEN_LINE.search(clause))


_LISTED_FIGURES = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,6}\s*[：:]?\s*[-−–+]?\d+(?:\.\d+)?\s*(?:kg|公斤|斤|分|元|块|名)?"
)
_PERSONAL = re.compile(
    r"体重|减重|公斤|kg|血压|血糖|病情|病史|过敏|住院|怀孕|抑郁|残疾|低保|离婚|月薪|欠费|欠款|欠着|[没未]交(?:钱|费|款|作业)?"
    r"|成绩|分数|倒数|挂科|不及格|身份证|\d\s*斤",
    re.IGNORECASE,
)


# 某某花生过敏, 某某没交费: said of one person and not of whoever it may concern.
_OF_SOMEONE = re.compile(
    r"(?:^|[、，：])(?![有无如若请凡对是不会家大同食花海本全每各一])(?P<who>[\u4e00-\u9fff]{2,3})(?:对?[\u4e00-\u9fff]{1,4})?(?:过敏|[没未]交|欠[费款着]|挂科|不及格)"
)
_POINTED_OUT = re.compile(
    r"[某那这][位个名][\u4e00-\u9fff]{0,6}(?:过敏|[没未]交|欠[费款着]|挂科|不及格|住院|怀孕|抑郁|离婚|病)"
)
_ANYBODY = re.compile(
    r"婴儿|幼儿|儿童|小孩|老人|老年|孕妇|产妇|学生|员工|顾客|客人|人群|用户|新手|部分|全体|个别|食堂|餐厅|季节|春季|秋季|皮肤|食物|药物"
)
_OF_ANYONE = re.compile(
    r"的(?:朋友|家长|同学|孩子|宝宝|人|请|可)|者|史|人群|请[^，,。]{0,4}(?:说一?声|告知|告诉|说明|注明|备注|联系)"
)
# A matter that is asked, taught or guarded against: nobody is said to have it.
_AS_A_MATTER = re.compile(
    r"怎么|怎样|如何|会不会|是不是|能不能|要不要|有没有|是否|为什么|什么|吗|[？?]|识别|辨[别认识]|判断|预防|防|避[免开]|[看读]懂|认识|了解"
    r"|应对|处理|护理|改善|缓解|科普|知识|常识|误区|信号|症状|经验|心得|讲座|课|解读|攻略|指南"
)
# Who tells of it or sees to it, rather than has it: 主讲 张敏, 李医生来量血压, 陈静分享减重.
_DOES_BEFORE = re.compile(
    r"(?:主讲|主持|嘉宾|讲师|讲者|分享人|答疑|咨询|联系|请教|找|请|由|跟|听)(?:人|到|了)?[：:\s]*$"
)
_DOES_AFTER = re.compile(
    r"[：:\s]*(?:[明今当每][天晚日]|[上下]午|现场|上门|免费|再?次|会|将|来|要|也|给大家|[为跟和带]大家|在[\u4e00-\u9fff]{1,4})*"
    r"(?:主?讲|主持|[谈聊]|分享|解读|科普|答疑|带|教|介绍|指导|[测量查检])"
)
_PROFESSION = re.compile(r"(?:医生|大夫|护士|老师|教练|教授|导师|博士|营养师|药师)$")
_AT_ONCE = re.compile(r"[\u4e00-\u9fff]{0,4}?(?:过敏|住院|怀孕|抑郁|离婚|残疾|欠[费款着]|[没未]交)")


def _exposes(text: str) -> bool:
    """Somebody's body, health, grade or debt: with a name, or in a list of figures a person each."""
    general = bool(_AS_A_MATTER.search(text))
    someone = _OF_SOMEONE.search(text)
    if someone and not general and not _OF_ANYONE.search(text) and _may_be_called(someone["who"], text, someone):
        return True
    if _POINTED_OUT.search(text):
        return True
    if not _PERSONAL.search(text):
        return False
    concerned = any(not _sees_to_it(name, text, general=general) for name in read_names(text))
    return concerned or len(_LISTED_FIGURES.findall(text)) > 1


def _may_be_called(who: str, text: str, found: re.Match[str]) -> bool:
    """Whether the words before a state may be what somebody is called, and not a verb, a role or the thing itself."""
    start, lexicon = found.start("who"), name_lexicon()
    end, tag = words_of(text).tagged.get(start, (start + 1, ""))
    word = text[start:end]
    if word in lexicon.stop or lexicon.leading_role.match(word):
        return False
    doubled = len(set(word)) < len(word)
    if len(word) == 1 or doubled or tag.startswith(("nr", "x")) or text[end:].startswith("对"):
        return True
    next_end, next_tag = words_of(text).tagged.get(end, (end, ""))
    return tag.startswith("n") and next_tag.startswith("n") and next_end < found.end() and not _ANYBODY.match(word)


def _sees_to_it(name: NameSpan, text: str, *, general: bool) -> bool:
    """Whether a person is named as who tells of a matter or takes care of it."""
    before, after = text[: name.start], text[name.end :]
    if _DOES_BEFORE.search(before) or _DOES_AFTER.match(after):
        return True
    return bool(_PROFESSION.search(name.text)) and (general or not _AT_ONCE.match(after))
