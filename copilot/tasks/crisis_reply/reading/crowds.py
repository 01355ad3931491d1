"""People a story counts or speaks of without a name ("5 人要求退款", "有客户贴了密钥"), and the roles words give."""

import re
from collections.abc import Iterator, Sequence

from copilot.facts.numerals import parse_number
from copilot.tasks.crisis_reply.reading.lexicon import HIDDEN, LONGEST_CLAUSE, clause_around, crisis_book
from copilot.tasks.crisis_reply.reading.sections import Piece
from copilot.tasks.crisis_reply.situation import Concerned, Role

LONGEST_WHO = 48


def role_of_words(text: str) -> Role:
    """The role that somebody's words and deeds give them; the first that fits, a bystander otherwise."""
    roles: tuple[Role, ...] = ("leaker", "affected", "agitator", "defender", "complainer", "doubter")
    book = crisis_book()
    if HIDDEN in text:
        return "leaker"
    if book.types["self_harm"].cues.search(text) and not book.roles["agitator"].search(text):
        return "affected"
    return next((role for role in roles if book.roles[role].search(text)), "bystander")


def about_a_child(text: str) -> bool:
    """Whether a text speaks of a child."""
    return bool(crisis_book().patterns["words.child"].search(text))


def kinds_of_people(pieces: Sequence[Piece], named: Sequence[Concerned]) -> list[Concerned]:
    """The people the story counts or speaks of without a name, one row each."""
    found: list[Concerned] = []
    covered = {one.role for one in named if one.role in ("leaker", "agitator")}
    for piece in pieces:
        if piece.section == "incident" or (piece.section == "verified" and re.search("涉及|受影响|影响到", piece.text)):
            for _, one in sorted(_kinds_in(piece), key=lambda pair: pair[0]):
                if one.role in covered or any(one.who == old.who for old in found):
                    continue
                if one.count in (None, 1) and any(alias.name and alias.name in one.who for alias in named):
                    continue
                found.append(one)
    return found


def _kinds_in(piece: Piece) -> Iterator[tuple[int, Concerned]]:
    book, text = crisis_book(), piece.text
    taken: list[range] = []
    for match in book.patterns["people.counted"].finditer(text):
        clause = clause_around(text, *match.span())
        act = _act(text, match.end())
        if _EXPOSED.match(text, match.end()):
            taken.append(range(*match.span()))
            number = parse_number(match["count"])
            words = re.sub(r"\s+", " ", match[0].strip())
            yield match.start(), _exposed(words, int(number) if number else None, piece)
            continue
        pair = re.match(r"[两二]人", match[0]) and re.match(r"(?:互相|互|都|又|就|争|吵|对)", text[match.end() :])
        if (
            pair
            or not (act or re.search("涉及|受影响|影响", clause))
            or re.match(r"\s*(?:[以之]?[上下内]|的?大?群|的|[）)]|，?我是)", text[match.end() :])
            or re.search(r"(?:群|微信|QQ)[^，。；]{0,8}$|[（(][^）)]{0,20}$", text[: match.start()])
        ):
            continue
        number = parse_number(match["count"]) if match["count"] not in ("多", "几", "数十", "上百") else None
        words = re.sub(r"\s+", " ", match[0].strip())
        taken.append(range(*match.span()))
        bare = words.endswith(("位", "名", "户"))
        yield (
            match.start(),
            _kind(
                f"{words}{act}" if bare else f"{act}的 {words}" if act else clause,
                clause,
                act,
                int(number) if number else None,
                piece,
            ),
        )
    for match in book.patterns["people.some"].finditer(text):
        act = _act(text, match.end())
        if (
            not act
            or re.search(r"[没未]$", text[: match.start()])
            or any(match.start() in one or match.end() - 1 in one for one in taken)
        ):
            continue
        yield (
            match.start(),
            _kind(f"{act}的{match['who'] or '人'}", clause_around(text, *match.span()), act, None, piece),
        )


_EXPOSED = re.compile(r"\s*的?(?:姓名|名字|手机号?|电话|护照|身份证|信息|成绩|资料|住址|地址)")


def _exposed(words: str, count: int | None, piece: Piece) -> Concerned:
    """Those whose data were shown."""
    who = f"信息在其中的 {words}"
    return Concerned(who=who, role="affected", count=count, minor=about_a_child(words), origin=piece.origin)


_RUN_ON = re.compile(r"\s+(?=(?:大?老板|领导|店长|我|还有|有人|另|又|然后))")  # a new clause after a space


def _act(text: str, at: int) -> str:
    """What those counted did: the rest of the clause, with quotes whole."""
    rest = re.match(
        r"(?:[“\"「][^”\"」]*[”\"」]|[（(][^（()）]*[）)]|[^，。；;！!\n“\"「（(）)])*", text[at : at + LONGEST_CLAUSE]
    )
    act = _RUN_ON.split(rest[0])[0].strip(" 的") if rest else ""
    return act if len(act) > 1 and not re.match(r"[、）)以上以下左右]|[发来在]了$", act) else ""


def _kind(who: str, clause: str, act: str, count: int | None, piece: Piece) -> Concerned:
    about = f"{clause}；{act}"
    role = role_of_words(about)
    if role == "bystander" and about_a_child(about) and crisis_book().patterns["audiences.posters"].search(act):
        role = "leaker"
    if role == "bystander" and re.search("涉及|受影响|影响", clause):
        role = "affected"
    elif role == "bystander" and re.match("说|问|称|发", act):
        role = "doubter"
    return Concerned(who=who[:LONGEST_WHO], role=role, count=count, minor=about_a_child(about), origin=piece.origin)
