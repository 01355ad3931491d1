"""The words of the pages: every language has every text, with the same gaps to fill."""

import re
from string import Formatter

import pytest

from copilot.checks.platform import platforms
from copilot.tasks.announcement import book
from copilot.ui.locales import FOLDER, LANGUAGES, words
from copilot.ui.pages import announcement, crisis_reply, digest, weekly_plan

DESKS = (announcement.DESK, weekly_plan.DESK, crisis_reply.DESK, digest.DESK)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_in_the_same_order(language: str) -> None:
    assert list(words(language)) == list(words("zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_same_placeholders_in_every_language(language: str) -> None:
    for key, text in words(language).items():
        assert placeholders(text) == placeholders(words("zh")[key]), key
        assert text.strip()


def test_every_key_is_used_by_a_page_and_every_key_used_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.parent.rglob("*.py"))
    used = set(re.findall(r"""\bt\(\s*["']([\w.]+)["']""", source))
    own = {"page", *re.findall(r'\bsays\("(\w+)"', source)} - {"outline"}
    used |= {f"{desk.keys.name}.{name}" for desk in DESKS for name in own}
    used |= {f"{desk.keys.name}.outline" for desk in DESKS if desk.outline}
    families = set(re.findall(r'\bt\(f"(\w+)\.\{', source))
    assert used <= set(words("zh"))
    assert {key for key in words("zh") if key not in used and key.partition(".")[0] not in families} == set()


def test_the_pages_offer_the_platforms_and_tones_that_the_knowledge_has() -> None:
    assert {f"platform.{name}" for name in platforms()} == {key for key in words("zh") if key.startswith("platform.")}
    assert {f"tone.{name}" for name in ("auto", *book().tones)} == {
        key for key in words("zh") if key.startswith("tone.")
    }
