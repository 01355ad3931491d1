"""Those a reply must reach although nobody names or counts them.

Who downloaded what leaked, the bereaved, a hurt child's parents, who posted a child's picture, who threatens with the
press or a lawyer.
"""

import re
from collections.abc import Iterator, Sequence

from copilot.facts.brief import clauses
from copilot.facts.numerals import parse_number
from copilot.tasks.crisis_reply.reading.crowds import about_a_child
from copilot.tasks.crisis_reply.reading.lexicon import crisis_book
from copilot.tasks.crisis_reply.reading.piece import Piece
from copilot.tasks.crisis_reply.situation import Concerned, Role

HEARD = ("incident", "excerpts", "verified", "unverified")
CLOSE = 6  # characters
STORY = ("incident", "excerpts")


def audiences_of(pieces: Sequence[Piece], known: Sequence[Concerned]) -> list[Concerned]:
    """The audiences the story shows that are not yet among those known, each once."""
    found: list[Concerned] = []
    for one in (*_takers(pieces), *_kin(pieces), *_posters(pieces), *_threateners(pieces)):
        covered = any(_same(one, old) for old in (*known, *found))
        if not covered:
            found.append(one)
    return found


def _same(one: Concerned, old: Concerned) -> bool:
    """Whether somebody known is already meant: told of in the same words, or of the same kind with a name."""
    name = _KINDS[one.who]
    if name == "takers":  # who says that a file was taken has not taken it
        return one.count is None and bool(crisis_book().patterns["audiences.takers"].search("；".join(old.words)))
    close = name in ("kin", "parents")  # whose family somebody is, stands at their name
    told = f"{old.name}{old.who[:CLOSE]}" if close else f"{old.who}；{'；'.join(old.words)}"
    if name == "parents" and old.role == "affected" and old.minor and not _is_child(old):
        return True
    key = crisis_book().patterns[f"audiences.{name}"]
    return bool(key.search(told)) and old.role != "ours"


def _is_child(one: Concerned) -> bool:
    """Whether a person told of is the child itself: 小宇（7岁）, 一名 15 岁志愿者, 小朋友豆豆."""
    name = re.escape(one.name)
    return bool(re.search(rf"(?:孩子|小朋友|学生|同学){name}|{name}\s*[（(，]?\s*\d{{1,2}}\s*岁|\d\s*岁", one.who))


_KINDS = {
    "下载或保存了文件的人": "takers",
    "遇难者家属": "kin",
    "失联者家属": "kin",
    "受伤孩子的家长": "parents",
    "发出孩子照片的人": "posters",
    "说要找媒体或投诉、走法律途径的人": "threats",
    "发律师函或要求删帖的一方": "letters",
}


def _one(who: str, role: Role, piece: Piece, *, count: int | None = None, minor: bool = False) -> Concerned:
    return Concerned(who=who, role=role, count=count, minor=minor, origin=piece.origin)


def _takers(pieces: Sequence[Piece]) -> Iterator[Concerned]:
    patterns = crisis_book().patterns
    leaked = any(patterns["audiences.file"].search(piece.text) for piece in pieces if piece.section in HEARD)
    for piece in pieces if leaked else ():
        if piece.section in HEARD and (match := patterns["audiences.takers"].search(piece.text)):
            count = re.search(r"(\d+)\s*[人位名]", piece.text[max(0, match.start() - 8) : match.end()])
            number = parse_number(count[1]) if count else None
            yield _one("下载或保存了文件的人", "bystander", piece, count=int(number) if number else None)
            return


def _kin(pieces: Sequence[Piece]) -> Iterator[Concerned]:
    """The family of the dead or the missing, the owner of a dead animal, the parents of a hurt child."""
    book, traits = crisis_book(), crisis_book().traits
    for piece in pieces:
        if piece.section not in ("incident", "verified"):
            continue
        animal = traits["animal"].cues.search(piece.text)
        if traits["bereaved"].cues.search(piece.text) and not animal:
            yield _one("遇难者家属", "affected", piece)
        elif traits["missing_people"].cues.search(piece.text) and book.patterns["audiences.kin"].search(
            "；".join(one.text for one in pieces if one.section in STORY)
        ):
            yield _one("失联者家属", "affected", piece)
        for clause in clauses(piece.text):
            hurt = book.types["health_safety"].cues.search(clause) or book.types["accident_at_event"].cues.search(
                clause
            )
            if hurt and about_a_child(clause) and not re.search(r"家长|妈妈|宝妈|爸爸", clause):
                yield _one("受伤孩子的家长", "affected", piece, minor=True)
                break


def _posters(pieces: Sequence[Piece]) -> Iterator[Concerned]:
    patterns = crisis_book().patterns
    young = any(about_a_child(piece.text) for piece in pieces if piece.section in STORY)
    for piece in pieces:
        for clause in clauses(piece.text) if piece.section in STORY else ():
            child = about_a_child(clause) or (young and re.search("受伤|伤口", clause))
            if child and patterns["audiences.posters"].search(clause):
                yield _one("发出孩子照片的人", "leaker", piece, minor=True)


def _threateners(pieces: Sequence[Piece]) -> Iterator[Concerned]:
    patterns = crisis_book().patterns
    for piece in pieces:
        for clause in clauses(piece.text) if piece.section in STORY else ():
            if patterns["audiences.letters"].search(clause):
                yield _one("发律师函或要求删帖的一方", "complainer", piece)
            elif patterns["audiences.threats"].search(clause):
                yield _one("说要找媒体或投诉、走法律途径的人", "complainer", piece)
