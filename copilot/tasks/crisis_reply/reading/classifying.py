"""What type of crisis it is, how grave, where it has got to, and whether we erred: each with the words that show it."""

import re
from collections.abc import Sequence

from copilot.records import Record
from copilot.tasks.crisis_reply.reading.lexicon import clause_around, crisis_book, seek
from copilot.tasks.crisis_reply.reading.sections import Piece
from copilot.tasks.crisis_reply.situation import Kind, Severity

REASONS = 3  # words quoted for one reason
TOLD = ("incident", "excerpts", "verified", "unverified", "spread")
URGENT_SHARE = 0.4  # of the highest score: from here on danger to people comes first
LEAST_SHARE = 0.2  # of the first type's score: what is weaker is a mere mention


class Spread(Record):
    """A clause that says where it has got to, or (`threatened`) where somebody says they will take it."""

    text: str
    threatened: bool
    piece: int


def kinds_of(pieces: Sequence[Piece]) -> tuple[Kind, ...]:
    """The types of the matter, the weightiest first; the story counts double."""
    book = crisis_book()
    scores: dict[str, float] = {}
    because: dict[str, tuple[str, ...]] = {}
    for name, row in book.types.items():
        seen: dict[str, str] = {}
        for piece in pieces:
            if piece.section not in TOLD:
                continue
            for word, clause in seek(row.cues, piece.text, negatable=row.negatable):
                if word not in seen and clause not in seen.values():
                    scores[name] = scores.get(name, 0) + row.weight * (2 if piece.section == "incident" else 1)
                seen.setdefault(word, clause)
        because[name] = tuple(dict.fromkeys(seen.values()))[:REASONS]
    most = max((score for name, score in scores.items() if not book.types[name].secondary), default=0)
    order = list(book.types)

    def rank(name: str) -> tuple[bool, bool, float, int]:
        row, score = book.types[name], scores[name]
        return row.secondary, not (row.urgent and score >= most * URGENT_SHARE), -score, order.index(name)

    kept = sorted(
        (name for name, score in scores.items() if score >= most * LEAST_SHARE or book.types[name].secondary), key=rank
    )
    found = [
        Kind(name=name, title=book.types[name].title, because=because[name], traits=_traits(name, pieces))
        for name in kept
    ]
    if not most:
        general = Kind(name="general", title=book.types["general"].title, because=(), traits=_traits("general", pieces))
        return (general, *found)
    return tuple(found)


def _traits(kind: str, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """What the care depends on within this type, by what happened."""
    traits = crisis_book().traits
    return tuple(
        name
        for name, row in traits.items()
        if kind in row.kinds
        and any(
            seek(row.cues, piece.text, negatable=row.negatable)
            for piece in pieces
            if piece.section in (("incident", "excerpts", "verified") if row.story else TOLD)
        )
    )


def spread_of(pieces: Sequence[Piece], group: str) -> tuple[Spread, ...]:
    """Where the story says it has got to: other groups, platforms, the press, authorities."""
    patterns = crisis_book().patterns
    found: dict[str, Spread] = {}
    for number, piece in enumerate(pieces):
        if piece.section == "spread":
            found[piece.text] = Spread(text=piece.text, threatened=False, piece=number)
        if piece.section not in ("incident", "excerpts", "unverified"):
            continue
        text = piece.text.replace(group, "〇" * len(group)) if group else piece.text
        for key in ("spread.place", "spread.groups"):
            for match in patterns[key].finditer(text):
                clause = clause_around(piece.text, *match.span())
                own = patterns["spread.ours"].search(clause) or not patterns["spread.moved"].search(
                    clause.replace(match[0], "")
                )
                if own:
                    continue
                told = piece.section == "excerpts" or bool(patterns["spread.threatened"].search(clause))
                told = told or _goes_on(piece.text, clause, found)
                threatened = told and not re.search("已|了(?!$)|被", clause)
                if not any(clause in old for old in found):
                    found[clause] = Spread(text=clause, threatened=threatened, piece=number)
    return tuple(found.values())


def _goes_on(text: str, clause: str, found: dict[str, Spread]) -> bool:
    """Whether a clause goes on with a threat: "要找电视台，打12315"."""
    before = re.split(r"[，,、]", re.split(r"[。；;\n]", text[: text.find(clause)])[-1].rstrip("，,、 "))[-1]
    threat = found.get(before.strip())
    return threat is not None and threat.threatened and not re.match(r"有|另|还有|群里|已", clause)


def severity_of(
    pieces: Sequence[Piece], kinds: Sequence[Kind], spread: Sequence[Spread], *, secrets: bool, minors: bool
) -> Severity:
    """How grave it is, from 1 to 4: the least level any factor asks for, raised by the points of all."""
    book = crisis_book()
    rules = book.severity
    names = {kind.name for kind in kinds}
    told = "\n".join(piece.text for piece in pieces if piece.section in TOLD)
    story = "\n".join(piece.text for piece in pieces if piece.section in ("incident", "excerpts"))
    level, points, reasons = 1, 0, list[str]()

    def count(title: str, words: Sequence[str], worth: int, floor: int = 1) -> None:
        nonlocal level, points
        quoted = "、".join(f"“{_unquoted(word)}”" for word in dict.fromkeys(words[:REASONS]))
        reasons.append(f"{title}：{quoted}" if quoted else title)
        points += worth
        level = max(level, floor)

    for factor in book.factors:
        heard = story if factor.story else told
        clauses = [one.clause for one in seek(factor.cues, heard, negatable=factor.negatable)] if factor.cues else []
        clauses += [word for kind in kinds if kind.name in factor.kinds for word in kind.because]
        if clauses or (factor.secrets and secrets):
            count(factor.title, clauses, factor.points, factor.floor)
    if minors:
        children = rules["children"]
        grave = any(name in names for name in children["kinds"])
        words = [one.clause for one in seek(book.patterns["words.child"], told)]
        count(children["title"], words, children["points"], children["floor"] if grave else 1)
    out = [one for one in spread if not one.threatened]
    if out:
        count(rules["spread"]["title"], [one.text for one in out], rules["spread"]["points"])
    elif spread:
        count(rules["threatened"]["title"], [one.text for one in spread], rules["threatened"]["points"])
    crowd = [(int(match[1]), clause_around(told, *match.span())) for match in book.patterns["crowd"].finditer(told)]
    if crowd and max(crowd)[0] >= rules["several"]:
        most = max(crowd)
        count(rules["crowd"]["title"], [most[1]], rules["crowd"]["points" if most[0] >= rules["many"] else "few"])
    level = max(level, sum(points >= least for least in rules["steps"]) + 1)
    return Severity(level=level, title=rules["titles"][level], reasons=tuple(reasons))


def _unquoted(words: str) -> str:
    return words[1:-1] if words[:1] in '“"「' and words[-1:] in '”"」' else words


def own_fault(pieces: Sequence[Piece], kinds: Sequence[Kind]) -> str:
    """The verified words that show that we erred, or ""; late against our promise, an error, or a change nobody was told of."""
    patterns, book = crisis_book().patterns, crisis_book()
    verified = [piece.text for piece in pieces if piece.section == "verified"]
    story = "\n".join(piece.text for piece in pieces if piece.section == "incident")
    for text in verified:
        for clause in re.split(r"[，。；\n]", text):
            subject = patterns["fault.others"].search(clause)
            admitted = patterns["fault.admitted"].search(clause)
            if not admitted or patterns["fault.not_ours"].search(clause):
                continue
            if not subject or subject.start() > admitted.start():
                return clause.strip()
    promised = patterns["fault.promise"].search("\n".join([story, *verified]))
    undone = next((text for text in verified if patterns["fault.undone"].search(text)), "")
    if promised and undone:
        return undone
    if any(kind.name in book.surprise for kind in kinds) and not patterns["fault.told"].search("\n".join(verified)):
        for text in verified:
            for clause in re.split(r"[，。；\n]", text):
                if patterns["fault.change"].search(clause):
                    return clause.strip()
    return ""
