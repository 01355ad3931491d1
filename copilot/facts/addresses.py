"""Where somebody lives or gets parcels, told apart from the places everybody is invited to."""

import re
from functools import cache
from typing import NamedTuple

from copilot.facts.personal_identifiers import Found, privacy_lexicon

_HAN = r"[\u4e00-\u9fff]"


class _Grammar(NamedTuple):
    chain: re.Pattern[str]
    label: re.Pattern[str]
    anchor: re.Pattern[str]
    home: re.Pattern[str]
    public_before: re.Pattern[str]
    public_after: re.Pattern[str]
    detail: re.Pattern[str]


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _grammar() -> _Grammar:
    lexicon = privacy_lexicon()
    words = lexicon["address"]
    named = _either([*words["areas"], *words["streets"], *words["places"]])
    number = r"(?:[A-Za-z]?\d{1,5}[A-Za-z]?|[A-Za-z]|[一二三四五六七八九十百]{1,4})"
    numbered = rf"{number}(?:-\d{{1,4}}){{0,3}}(?:{_either(words['numbered'])})"
    bare = r"\d{1,4}(?:-\d{1,4}){1,3}(?!\d)|(?<=[栋幢座元楼号])[A-Za-z]?\d{2,4}(?!\d)"
    part = rf"(?:{numbered}|{bare}|{_HAN}{{1,8}}?(?=\d{{1,4}}(?:栋|幢|号楼|座|单元|室))|{_HAN}{{1,9}}?(?:{named})+(?:[东西南北中]{{1,2}}(?:段|路|街|里|区))?)"
    provinces = _either(lexicon["provinces"])
    home = rf"(?:{_HAN}{{2,8}}?(?:{_either(words['places'])}))?(?:[A-Za-z]区|{number}期)?{number}(?:栋|幢|号楼|座)(?:{number}(?:单元|门))?(?:\d{{1,2}}[层楼])?-?[A-Za-z]?\d{{3,4}}(?:室|房|户)?(?!\d)"
    return _Grammar(
        chain=re.compile(
            rf"(?:(?:{provinces})(?:省|市|自治区|维吾尔自治区|壮族自治区|回族自治区|特别行政区)?[ ]?)?(?:{part}[ ]?)*"
        ),
        label=re.compile(rf"(?:{_either(words['labels'])})(?![院宿户])(?:[ \t:：是在到了于→]|我家){{0,4}}"),
        anchor=re.compile(
            rf"(?:{provinces})(?=省|市|自治区|[\u4e00-\u9fff]{{2,8}}[市区县州盟])|{_HAN}{{2,3}}市(?={_HAN}{{1,6}}[区县镇])"
        ),
        home=re.compile(home),
        public_before=re.compile(rf"(?:{_either(words['public_before'])})[^。！？\n，,；;]{{0,6}}$"),
        public_after=re.compile(rf"{_HAN}{{0,4}}?(?:{_either(words['public_after'])})"),
        detail=re.compile(rf"{numbered}|{bare}"),
    )


_LONGEST = 80
_LEADING = re.compile(
    r"(?:麻烦|帮忙|家里|我们|你们|他们|我家|请|我|你|他|她|在|是|住|到|去|的|给|送|寄|家|有|把|从|和|往|于|来|了|就)+"
)


def read_addresses(text: str) -> list[Found]:
    """Personal addresses: behind a label of a home or parcel, from the province down to a house number, or a flat."""
    grammar = _grammar()
    found: list[Found] = []

    def take(start: int, *, least: int) -> None:
        chain = grammar.chain.match(text, start, start + _LONGEST)
        details = list(grammar.detail.finditer(text, start, chain.end())) if chain else []
        if not chain or not details:
            return
        end = details[-1].end()
        parts = sum(1 + detail[0].count("-") for detail in details) + len(
            re.findall(r"[省市区县镇路街道巷村苑园]", text[start:end])
        )
        if parts >= least and not _public(start, end):
            found.append(_place(text, start, end))

    def _public(start: int, end: int) -> bool:
        before = text[max(0, start - 14) : start]
        return grammar.public_before.search(before) is not None or grammar.public_after.match(text, end) is not None

    for label in grammar.label.finditer(text):
        if not re.search(
            r"(?:公司|门店|活动|会议|店铺|办公|校区|场馆|机构|上课|邮箱|网站|链接|ip|IP|居|入)$",
            text[max(0, label.start() - 4) : label.start()],
        ):
            take(label.end(), least=2)
    for anchor in grammar.anchor.finditer(text):
        lead = _LEADING.match(text, anchor.start(), anchor.end())
        take(lead.end() if lead and lead.end() < anchor.end() - 1 else anchor.start(), least=4)
    for home in grammar.home.finditer(text):
        lead = _LEADING.match(text, *home.span())
        start = lead.end() if lead else home.start()
        if not _public(start, home.end()):
            found.append(_place(text, start, home.end()))
    return found


def _place(text: str, start: int, end: int) -> Found:
    return Found("ADDRESS", start, end, re.sub(r"\s", "", text[start:end]))
