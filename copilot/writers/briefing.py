"""What a model is told of an assignment: plain strings for a prompt, with personal data behind pseudonyms."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from copilot.facts.names import read_names
from copilot.facts.pseudonyms import Pseudonyms
from copilot.records import Finding, Hit
from copilot.tasks.base import Assignment
from copilot.tasks.phrasing import purposes, say

Hide = Callable[[str], str]
SYMPTOMS = "\n**怎么看出来**"  # the heading under which each section of our handbook lists what operators see and hear


def pseudonyms_for(assignment: Assignment) -> Pseudonyms:
    """Pseudonyms that know everybody the brief names, so that a bare "阿川" is hidden where only "领跑：阿川" tells a name."""
    texts = [
        assignment.title,
        *assignment.brief.meta.values(),
        *(_line(item.label, item.text) for item in assignment.items),
    ]
    read = [name.text.lstrip("@") for text in texts for name in read_names(text) if name.certain]
    return Pseudonyms([*assignment.names, *read])


def briefing(assignment: Assignment, hide: Hide) -> dict[str, Any]:
    """The variables of a job's user prompt, without the evidence. Held words are not in it."""
    meta = assignment.brief.meta
    habits = [habit.does for habit in assignment.options.habits]
    one_year = assignment.ledger.year is not None
    items = [
        {"id": item.id, "text": hide(_line(item.label, say(item, one_year=one_year)))} for item in assignment.items
    ]
    return {
        "kind": assignment.kind,
        "tone": assignment.options.tone,
        "platform": assignment.options.platform,
        "length": assignment.options.length,
        "brief": {
            "群": hide(meta.get("group", "")),
            "成员": hide("；".join(meta[key] for key in ("group_type", "audience") if meta.get(key))),
            "这件事": hide("；".join(purposes(assignment.brief))),
            "运营者想要的语气": hide("；".join(filter(None, [meta.get("tone", ""), *habits]))),
            "标题": hide(assignment.title),
            "称呼": hide(assignment.vocative),
        },
        "items": items,
        "gaps": _gaps(assignment, hide),
    }


def advice_of(hit: Hit) -> Hit:
    """A section of the handbook without its symptoms and tests: a model takes their invented figures for facts."""
    return hit.model_copy(update={"text": hit.text.partition(SYMPTOMS)[0].strip()})


def sections_of(evidence: Sequence[Hit], hide: Hide) -> list[dict[str, str]]:
    """The evidence for a prompt, with ids of its own."""
    return [
        {"id": f"e{number}", "source": hide(hit.section), "text": hide(hit.text)}
        for number, hit in enumerate(evidence, 1)
    ]


def objections_of(findings: Iterable[Finding], hide: Hide, hide_own: Hide | None = None) -> list[dict[str, str]]:
    """The findings for a repair prompt: the words, what is wrong with them, what to do.

    The words are the model's own and stand as in its reply, which `hide_own` has seen to. The rest may quote the brief.
    """
    hide_known = hide_own or hide

    def told(text: str, words: str) -> str:
        return hide_known(words).join(map(hide, text.split(words))) if words else hide(text)

    rows = []
    for number, finding in enumerate(findings, 1):
        words = finding.span.text if finding.span else ""
        rows.append(
            {
                "id": f"c{number}",
                "code": finding.code,
                "words": hide_known(words),
                "problem": told(finding.message, words),
                "fix": told(finding.fix, words),
            }
        )
    return rows


def _gaps(assignment: Assignment, hide: Hide) -> list[dict[str, str]]:
    """Every placeholder the text must hold. A conflict's two sides stay out: the model is not to choose."""
    asked = {gap.placeholder: gap.question for gap in assignment.to_write}
    asked |= {conflict.placeholder: "" for conflict in assignment.conflicts}
    return [
        {"id": f"g{number}", "placeholder": hide(placeholder), "question": hide(question)}
        for number, (placeholder, question) in enumerate(asked.items(), 1)
        if placeholder
    ]


def _line(label: str, text: str) -> str:
    return f"{label}：{text}" if label else text
