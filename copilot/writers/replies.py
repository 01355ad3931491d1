"""A model's reply: the schema it is asked to follow, and how its text becomes the job's structure."""

import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from copilot.tasks.base import StructureT

Translate = Callable[[str], str]


def strict_schema(schema: Any) -> Any:
    """A JSON schema as strict endpoints want it: every property required, no defaults, nothing else allowed."""
    if isinstance(schema, list):
        return [strict_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: strict_schema(part) for key, part in schema.items() if key != "default"}
    if "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_MARKS = re.compile(r"^\s*(?:[·•●▪]\s*|[-*#]+\s+)|\*\*|`")


def without_thoughts(reply: str) -> str:
    """What a model says after thinking aloud."""
    return _THOUGHT.sub("", reply)


def json_of(reply: str) -> str:
    """The reply from its JSON on: thoughts, talk and a code fence before it are dropped."""
    reply = without_thoughts(reply)
    return reply[reply.find("{") :] if "{" in reply else ""


def read_reply(reply: str, structure: type[StructureT], translate: Translate) -> StructureT:
    """The structure in a reply. Raises `ValueError`: no JSON (`JSONDecodeError`) or not this structure (`ValidationError`)."""
    data, _ = json.JSONDecoder(strict=False).raw_decode(json_of(reply))
    return structure.model_validate_json(json.dumps(each_text(data, lambda text: _plain(translate(text)))))


def each_text(value: Any, change: Translate) -> Any:
    """Plain data with every text in it changed; tuples become lists."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, (list, tuple)):
        return [each_text(part, change) for part in value]
    if isinstance(value, dict):
        return {key: each_text(part, change) for key, part in value.items()}
    return value


def _plain(text: str) -> str:
    """Without the bullets, brackets and Markdown that the renderer adds or the group would see as signs."""
    return re.sub(r"^【(?!待)([^【】]*)】$", r"\1", _MARKS.sub("", text).strip())


def what_is_wrong(error: ValueError) -> str:
    """What is wrong with a reply, in words for the model and the operator."""
    if not isinstance(error, ValidationError):
        return "里面没有完整的 JSON 对象"
    return "；".join(f"{'.'.join(map(str, row['loc']))} 不对：{row['msg']}" for row in error.errors()[:3])
