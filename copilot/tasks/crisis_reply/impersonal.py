"""A situation in which an operator's "我没查过…" is what it says: a point nobody has looked into yet, and no statement of ours."""

import re

from copilot.tasks.crisis_reply.book import book
from copilot.tasks.crisis_reply.situation import CrisisSituation, Row

_MYSELF = re.compile(r"^我(?=(?:知道|看到|收到|核实|问|查|确认|能))")


def impersonal(situation: CrisisSituation) -> CrisisSituation:
    """The situation with rows about what the operator did not look into moved to the open points, as the matter itself."""
    kept: list[Row] = []
    moved: list[Row] = []
    for row in situation.verified:
        match = re.match(book().reading["unchecked"], row.text)
        if match is None:
            kept.append(row.model_copy(update={"text": _MYSELF.sub("我们", row.text)}))
            continue
        point = re.sub(r"^[，,：:]|[，,]$", "", match["rest"] or match["what"]).strip()
        if point and not any(point in other.text or other.text in point for other in situation.unverified):
            moved.append(row.model_copy(update={"text": point}))
    kept_ids = {row.id for row in kept}
    asked = [re.match(book().reading["unchecked"], row.text) for row in situation.unverified]
    opened = [
        row.model_copy(update={"text": (match["rest"] or match["what"]).strip(" ，,：:")}) if match else row
        for row, match in zip(situation.unverified, asked, strict=True)
    ]
    opened = [row for row in opened if not any(row.text != other.text and row.text in other.text for other in opened)]
    opened = list({row.text: row for row in opened}.values())
    gone = {row.id for row in situation.verified} - kept_ids
    items = tuple(item for item in situation.items if item.statement.id not in gone)
    return situation.model_copy(update={"verified": tuple(kept), "unverified": (*opened, *moved), "items": items})
