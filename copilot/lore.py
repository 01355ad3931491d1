"""The data files under `knowledge/`: read with the fast C parser, where there is one."""

from pathlib import Path
from typing import Any

import yaml

from copilot.settings import KNOWLEDGE

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(*parts: str, folder: Path = KNOWLEDGE) -> Any:
    """What a YAML file of ours holds: `load_yaml("wording", "names.yaml")`."""
    return yaml.load(folder.joinpath(*parts).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
