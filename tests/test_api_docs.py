"""docs/api.md is what the docstrings say now, and they say something."""

import inspect
import re
import runpy
from pathlib import Path

import pytest

import copilot

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "api_docs.py"))
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    found = re.search(rf"^### {name}\n(.*?)(?=^##)", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert found, name
    return found[1]


def test_the_page_is_what_the_docstrings_say_now() -> None:
    assert SCRIPT["page"]() == PAGE, "run `make docs`"


@pytest.mark.parametrize("name", copilot.__all__)
def test_every_public_name_is_there_with_a_docstring_of_its_own(name: str) -> None:
    public = getattr(copilot, name)
    assert inspect.cleandoc(public.__doc__) in section(name)


@pytest.mark.parametrize("name", copilot.__all__)
def test_every_parameter_and_field_is_there(name: str) -> None:
    public, told = getattr(copilot, name), section(name)
    fields = getattr(public, "model_fields", None) or getattr(public, "__annotations__", {})
    names = list(fields) if inspect.isclass(public) else list(inspect.signature(public).parameters)
    for one in names:
        assert re.search(rf"\b{one}\b", told), one


def test_every_public_method_is_there_without_what_is_not_for_callers() -> None:
    methods = {name for name, _ in inspect.getmembers(copilot.Copilot) if not name.startswith("_")}
    told = section("Copilot")
    assert all(re.search(rf"^(async )?{name}[(:]", told, flags=re.MULTILINE) for name in methods)
    assert "self" not in told.replace("itself", "")
    assert "customise_sources" not in PAGE


def test_every_error_is_in_the_tree() -> None:
    from copilot import errors

    own = [name for name, one in vars(errors).items() if inspect.isclass(one) and issubclass(one, errors.CopilotError)]
    assert all(f"{name} " in PAGE for name in own)


def test_links_within_the_page_lead_to_its_headings() -> None:
    anchors = {SCRIPT["anchor"](heading) for heading in re.findall(r"^#+ (.*)$", PAGE, flags=re.MULTILINE)}
    linked = set(re.findall(r"\]\(#(.*?)\)", PAGE))
    assert linked
    assert linked <= anchors


def test_a_long_signature_has_a_parameter_a_line_and_brackets_stay_whole() -> None:
    assert "    playbook: Path | str | None = None,\n" not in section("search")
    assert "\n    save: Path | None = None,\n" in section("digest_many")
    assert "tuple[tuple[str, SecretStr], ...]" in section("Settings")
