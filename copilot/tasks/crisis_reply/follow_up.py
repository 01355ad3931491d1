"""The next statement on a matter: what is new since the last one, what is settled, and every correction said openly."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from copilot.checks.contradiction import missed
from copilot.facts.brief import clauses, sentences
from copilot.facts.moments import read_moments
from copilot.records import Finding, Record
from copilot.tasks.crisis_reply.book import book, found
from copilot.tasks.crisis_reply.caring import care_of
from copilot.tasks.crisis_reply.profiles import profiles_of
from copilot.tasks.crisis_reply.reply import Statement
from copilot.tasks.crisis_reply.saying import open_point, say_rows
from copilot.tasks.crisis_reply.situation import CrisisSituation

SAID = 0.75  # share of a row's character pairs that stand in the earlier text when it was said before
SAME = 0.6  # the same, for two clauses that speak of one thing
TOUCHES = 0.33  # for a verified row that settles an open point


class Correction(Record):
    """What was said before and `when` ("" for not told), what is verified now, and `how` it was wrong (`corrected`: another
    figure or state; `overturned`: said of all, and not so; `too_sure`: said as certain, and still open).
    """

    before: str
    after: str
    how: str
    when: str = ""

    def line(self) -> str:
        """The correction as a sentence, without its stop."""
        says = book().follow_up
        return says[self.how].format(before=self.before, after=self.after, when=self.when or says["before"])


class Changes(Record):
    """What differs from the earlier statements.
    `settled` pairs an open point with the verified row that answers it; `dropped` are open points nobody speaks of now. `late`: the update promised last did not come in time.
    """

    news: tuple[str, ...] = ()
    settled: tuple[tuple[str, str], ...] = ()
    corrected: tuple["Correction", ...] = ()
    offers: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    late: bool = False
    reported: bool = True  # whether the earlier text was a statement with open points or offers, not just a line

    def lines(self) -> tuple[str, ...]:
        """The changes in words, the corrections first."""
        says = book().follow_up
        return (
            *(one.line() for one in self.corrected),
            *(says["settled"].format(point=point, fact=fact) for point, fact in self.settled),
            *(says["news"].format(fact=fact) for fact in self.news),
            *(says["offer"].format(action=action) for action in self.offers),
        )


def changes_of(situation: CrisisSituation, earlier: Sequence[str]) -> Changes:
    """The situation as it is now against what was published, oldest first."""
    if not earlier:
        return Changes()
    published = "\n".join(earlier)
    told = [clause for line in published.split("\n") for sentence in sentences(line) for clause in clauses(sentence)]
    verified = say_rows(situation.verified, situation)
    corrected = (
        *_overturned(earlier, verified, situation),
        *(
            Correction(before=before, after=after, how="corrected")
            for row in verified
            for before, after in _corrections(row, told)
        ),
    )
    fresh = [
        row
        for row in verified
        if not _said(row, published) and not any(row in one.after or one.after in row for one in corrected)
    ]
    now_open = [open_point(text) for text in say_rows(situation.unverified, situation)]
    settled, dropped = [], []
    for point in open_points(published):
        if any(_share(point, other) >= SAME or _share(other, point) >= SAME for other in now_open):
            continue
        answer = max(fresh, key=lambda row: _share(point, row), default="")
        if answer and _share(point, answer) >= TOUCHES:
            settled.append((point, answer))
        else:
            dropped.append(point)
    answered = {answer for _, answer in settled}
    offers = say_rows((row for row in situation.authorised if not found("broadcast", row.text)), situation)
    return Changes(
        news=tuple(row for row in fresh if row not in answered),
        settled=tuple(settled),
        corrected=corrected,
        offers=tuple(row for row in offers if not _said(row, published)),
        dropped=tuple(dropped),
        withdrawn=tuple(row.text for row in situation.forbidden if _promised_before(row.text, told)),
        reported=bool(open_points(published)) or len(published) > NOTICE,
    )


NOTICE = 80  # characters up to which an earlier text is a line, not a statement
AFTER = 2  # verified rows that stand in one correction
LONGEST = 60  # characters of an earlier sentence that is quoted whole


def _overturned(earlier: Sequence[str], verified: Sequence[str], situation: CrisisSituation) -> tuple[Correction, ...]:
    """Earlier reassurances (全部安全, 照常, 没有问题) that what is verified denies or what is open no longer carries."""
    found_pairs = []
    opened = say_rows(situation.unverified, situation)
    for text in earlier:
        for line in re.split(r"[。！!\n]|【[^】]*】", text):
            framed = re.match(book().reading["frame"], line.strip())
            said = (framed["said"] if framed else line).strip('“”" ·')
            if not said or not found("assures", said) or found("hedged", said) or len(said) > LONGEST:
                continue
            topics = [topic for topic in book().topics if re.search(topic, said)]
            still = [row for row in opened if any(re.search(topic, row) for topic in topics)]
            facts = [row for row in verified if any(re.search(topic, row) for topic in topics) and row not in said]
            denied = [row for row in facts if found("contrary", row) and not _share(row, said) >= SAID]
            if not (still or denied):
                continue
            ranked = sorted(facts, key=lambda row: (row not in denied, -_share(said, row)))
            after = "；".join(ranked[: 1 if still else AFTER])
            points = "；".join(book().follow_up["still_open"].format(point=open_point(row)) for row in still[:AFTER])
            when = f"{framed['when'].strip()} " if framed and framed["when"] else ""
            after = "；".join(one for one in (after, points) if one)
            how = "overturned" if found("everyone", said) and facts else "too_sure"
            found_pairs.append(Correction(before=said, after=after, how=how, when=when))
    return tuple(dict.fromkeys(found_pairs))


def corrections_said(changes: Changes) -> tuple[str, ...]:
    """The corrections as sentences for the group, with the apology at the end."""
    lines = [f"{one.line()}。" for one in changes.corrected]
    return (*lines[:-1], lines[-1] + book().follow_up["apology"]) if lines else ()


_OPEN_LINE = re.compile(
    r"^[·•\-\s\d.、]*(?P<point>[^：:\n]{2,40})[：:]?\s*(?:目前)?(?:还|仍|正)?(?:在|待)(?:核实|核查|确认|查)"
)
_OPEN_CLAUSE = re.compile(
    r"(?P<point>(?:是否|有没有|是不是|能否)[^，。；：:\n]{2,30}|[^，。；：:\n]{2,24}?(?:是否|有没有|是不是|能否)[^，。；：:\n]{0,30}?)(?=[，：:]?(?:目前|都|也)?(?:还|仍|正)?在?(?:核实|核查|查|确认)|[，。；\n]|$)"
)


def missed_update(last: str, now: datetime) -> Iterator[Finding]:
    """The hour at which the last statement promised to be back, where it has passed today; told without a date."""
    for sentence in re.split(r"[。！!\n]", last):
        for moment in read_moments(sentence, now) if found("promised_back", sentence) else ():
            due = datetime.combine(moment.date or now.date(), moment.time, now.tzinfo) if moment.time else None
            if due and not moment.recurrence:
                yield from missed(sentence.strip(), due, now)


_OPEN_PLAIN = re.compile(
    r"(?:^|[，。；\n])(?P<point>[^，。；：:\n是否]{2,14}?)(?:都|也)?(?:还|仍|正)在?(?:核实|核查|排查|确认)"
)


def open_points(published: str) -> tuple[str, ...]:
    """What the earlier text calls open: `是否变质：还在核实`, the lines of its list, "是否…还在查"."""
    found_points = [match["point"].strip() for line in published.split("\n") if (match := _OPEN_LINE.match(line))]
    found_points += [match["point"].strip() for match in _OPEN_CLAUSE.finditer(published)]
    found_points += [match["point"].strip() for match in _OPEN_PLAIN.finditer(published)]
    kept: list[str] = []
    for point in found_points:
        if not any(_share(point, other) >= SAME for other in kept):
            kept.append(point)
    return tuple(kept)


def follow_up(statement: Statement, changes: Changes, situation: CrisisSituation) -> Statement:
    """The statement as a next one: the changes first, then what still holds."""
    says = book().follow_up
    corrected = list(corrections_said(changes))
    if corrected and not changes.reported:
        told = "".join(corrected)
        kept = [
            line for line in re.split(r"(?<=。)|\n", statement.opening) if line.strip() and not _repeats(line, told)
        ]
        return statement.model_copy(
            update={
                "title": says["title"],
                "opening": "\n".join([*corrected, says["late"] * changes.late + "".join(kept)]),
            }
        )
    news = changes.lines()[len(changes.corrected) :]
    lead = says["opening"] + (says["late"] if changes.late else "") + ("" if news or corrected else says["nothing"])
    care = care_of(situation)
    opening = "\n".join([*corrected, lead, *(f"· {line}" for line in news), *([care] if care else [])])
    dropped = [book().says["open_row"].format(point=point) for point in changes.dropped]
    stands = statement.doing and not (changes.offers or changes.corrected or changes.withdrawn)
    doing = (*statement.doing, says["still"].rstrip("。")) if stands else statement.doing
    return statement.model_copy(
        update={
            "title": f"{profiles_of(situation)[0].title}（更新）",
            "opening": opening,
            "known": tuple(row for row in statement.known if row not in opening),
            "doing": doing,
            "checking": tuple(dict.fromkeys((*statement.checking, *dropped))),
        }
    )


def _repeats(line: str, told: str) -> bool:
    """Whether a sentence says a fact that the corrections have said."""
    return line.rpartition("：")[2].rstrip("。") in told


def _pairs(text: str) -> set[str]:
    bare = re.sub(r"[\W_]", "", text)
    return {bare[at : at + 2] for at in range(len(bare) - 1)}


def _share(words: str, text: str) -> float:
    """How much of some words stands in a text, by pairs of characters."""
    pairs = _pairs(words)
    return len(pairs & _pairs(text)) / len(pairs) if pairs else 0.0


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.:：]\d+)?", text)


def _said(row: str, published: str) -> bool:
    figures = set(_figures(published))
    return _share(row, published) >= SAID and all(figure in figures for figure in _figures(row))


def _corrections(row: str, told: Sequence[str]) -> list[tuple[str, str]]:
    """Clauses of a row that an earlier clause says with another figure of the same unit."""
    pairs = []
    for clause in clauses(row):
        for before in told:
            bare, old = (re.sub(r"\d+(?:[.:：]\d+)?", "", text) for text in (clause, before))
            alike = bare and _share(bare, old) >= SAME and _share(old, bare) >= SAME
            if clause not in told and (_opposite(clause, before) or _wider(clause, before)):
                pairs.append((re.sub(r"^[·•\s]+", "", before), clause))
                break
            new, past = _figures(clause), _figures(before)
            if alike and new and new != past and len(new) == len(past) and clause not in told:
                pairs.append((re.sub(r"^[·•\s]+", "", before), clause))
                break
    return pairs


_NOT = re.compile(r"没有?|未|并非|不(?:是|会|再)?|尚未|还没")
_PLACES = re.compile(r"华[东南北中]|[东南西北]区|[一-龥]{1,4}(?:区|店|群|楼|栋|馆|校区)")


def _opposite(clause: str, before: str) -> bool:
    """Whether two clauses say one thing and its opposite: 已恢复 and 仍未恢复."""
    bare, old = _NOT.sub("", clause), _NOT.sub("", before)
    same = _share(bare, old) >= SAME and _share(old, bare) >= SAME
    open_before = re.search(r"是否|有没有|核实|预计|如果|请", before)
    return bool(same and bool(_NOT.search(clause)) != bool(_NOT.search(before)) and not open_before)


def _wider(clause: str, before: str) -> bool:
    """Whether an extent was told smaller before: 影响华南区, and now 华南、华中两个区."""
    if not (found("scope", clause) and found("scope", before)):
        return False
    now, then = (
        set(_PLACES.findall(re.sub(book().reading["scope"] + "|[为是了仅只在、]", " ", text)))
        for text in (clause, before)
    )
    kept = [place for place in then if place.rstrip("区") in clause]
    return bool(then) and len(kept) == len(then) and len(now) > len(then)


def _promised_before(forbidden: str, told: Sequence[str]) -> bool:
    """Whether an earlier clause promises what is now out of bounds."""
    bare = re.sub(r"承诺|答应|承认|确认|给", "", forbidden)
    return any(_share(bare, clause) >= SAID and not re.search("不|没|待|还在|确认后", clause) for clause in told)
