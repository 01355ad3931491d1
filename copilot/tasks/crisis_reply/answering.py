"""The doubts heard in the group, each answered from the ledger only; what the ledger does not hold is said to be open."""

import re

from copilot.chat.signals import suspicious
from copilot.checks.facts import unbacked
from copilot.checks.wording import wording_findings
from copilot.facts.brief import sentences
from copilot.facts.ledger import Ledger
from copilot.tasks.crisis_reply.book import Doubt, book, found
from copilot.tasks.crisis_reply.profiles import traits_of
from copilot.tasks.crisis_reply.reply import Answer
from copilot.tasks.crisis_reply.saying import faults, open_point, say_rows
from copilot.tasks.crisis_reply.situation import CrisisSituation

MOST = 6  # answers in one statement
ROWS = 2  # rows quoted in one answer
QUESTION_LENGTH = 40
ENOUGH = 0.35  # share of a question's character pairs that a row must hold to answer it


def doubts_in(text: str) -> tuple[Doubt, ...]:
    """The doubts that a text voices, in the order of the file."""
    return tuple(doubt for doubt in book().doubts if re.search(doubt.cues, text))


def voiced(situation: CrisisSituation) -> str:
    """What members said and asked, as far as the brief tells it."""
    words = [word for one in situation.concerned if one.role != "ours" for word in (*one.words, one.who)]
    rows = [row.text for row in situation.excerpts]
    rows += [clause for row in situation.incident for clause in _SPLIT.split(row.text) if _SPOKEN.search(clause)]
    return "\n".join(text for text in (*rows, *words) if not suspicious(text))


_SPLIT = re.compile(r"[，。；;\n](?![^“”]*”)")
_SPOKEN = re.compile(r"[“\"「]|[说问骂喊吵催传]|要求|质疑|追问|投诉|@|扬言|指责|担心|[吗？?]|维权|称")


def answer_to(doubt: Doubt, situation: CrisisSituation) -> str:
    """What can be said to a doubt: the rows of the ledger that speak of it, else that it is open."""
    rows = (*situation.authorised, *situation.verified)
    if doubt.facts_first:
        rows = (*situation.verified, *situation.authorised)
    fitting = [row for row in rows if re.search(doubt.rows, row.text) and not found("broadcast", row.text)]
    opened = [row for row in situation.unverified if re.search(doubt.rows, row.text)][:ROWS]
    still = [f"{open_point(text)}，还在核实" for text in say_rows(opened, situation)] if doubt.facts_first else []
    if told := say_rows(fitting[:ROWS], situation):
        return "；".join((*told, *still)) + "。"
    if still:
        return "；".join(still) + "，有结论就在群里说。"
    if doubt.name == "cause" and (own := faults(situation)):
        return book().says["so_far"].format(fact="；".join(own))
    return open_answer(doubt)


def open_answer(doubt: Doubt) -> str:
    """What is said to a doubt while nothing settles it."""
    return doubt.open.format(duty="【待补充:对接人】")


def answers_of(situation: CrisisSituation, ledger: Ledger) -> tuple[Answer, ...]:
    """The doubts heard, one by one: first those of known kinds, then members' own questions that can be repeated."""
    traits = traits_of(situation)
    heard = [one for one in doubts_in(voiced(situation)) if not one.traits or traits & set(one.traits)]
    answers = [Answer(question=doubt.question, answer=answer_to(doubt, situation)) for doubt in heard]
    for question in _questions(situation, ledger):
        if not doubts_in(question):
            answers.append(Answer(question=question, answer=_looked_up(question, situation)))
    return tuple(answers[:MOST])


_OF_THE_BRIEF = re.compile(r"吗$|呢$|什么|怎么|多少|哪|谁|几|能不能|是不是|有没有|可不可以|要不要")


def _questions(situation: CrisisSituation, ledger: Ledger) -> tuple[str, ...]:
    """Members' questions that can stand in the group as they are: no name, no insult, no claim, nothing unbacked."""
    asked = []
    words = [word for one in situation.concerned for word in one.words]
    for text in (*(row.text.partition("：")[2] or row.text.partition(":")[2] for row in situation.excerpts), *words):
        for sentence in sentences(text):
            question = sentence.strip('“”"。!！ ').rstrip("?？")
            clean = (
                len(question) <= QUESTION_LENGTH and _OF_THE_BRIEF.search(question) and re.search(r"[?？]", sentence)
            )
            named = any(name in question for name in situation.bounds.names) or "@" in question
            rude = found("rude", question) or found("children", question) or bool(wording_findings(question))
            if clean and not named and not rude and not unbacked(question, ledger):
                asked.append(question)
    return tuple(dict.fromkeys(asked))


def _looked_up(question: str, situation: CrisisSituation) -> str:
    """The row that shares most of a question's words; else that there is no conclusion yet."""
    pairs = {question[at : at + 2] for at in range(len(question) - 1) if question[at : at + 2].isalnum()}
    rows = (*situation.authorised, *situation.verified)
    best = max(rows, key=lambda row: sum(pair in row.text for pair in pairs), default=None)
    if best and pairs and sum(pair in best.text for pair in pairs) >= ENOUGH * len(pairs):
        return "；".join(say_rows([best], situation)) + "。"
    return book().says["open_answer"]
