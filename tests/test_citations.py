"""Quotes are word for word, and the handbook's advice is not passed off as news."""

from copilot.checks.citations import broken_citations, copied_findings
from copilot.playbook.citations import citations, first_sentence, rule_hits
from copilot.playbook.rules import rules_in_force
from copilot.records import Citation, Hit
from copilot.settings import Settings

SECTION = Hit(
    chunk_id="c1",
    source="a.md",
    title="",
    section="迎新",
    text="## 迎新\n\n新人进群的第一天，要有人点名接一句话，他才会留下来。",
    score=1.0,
)


def test_every_rule_of_the_handbook_is_quoted_word_for_word() -> None:
    settings = Settings.load()
    rules = rules_in_force(settings)
    sections = {hit.chunk_id: hit.text for hit in rule_hits(rules, settings)}
    cited = citations(rules, (), settings)
    assert len(sections) > 100
    assert broken_citations(cited, sections) == ()
    assert not [citation for citation in cited if citation.quote.startswith("#")]


def test_an_altered_quote_is_broken() -> None:
    quote = first_sentence(SECTION.text)
    assert quote == "新人进群的第一天，要有人点名接一句话，他才会留下来。"
    good = Citation(source="a.md", section="迎新", quote=quote, chunk_id="c1")
    bad = good.model_copy(update={"quote": quote.replace("第一天", "第二天")})
    assert broken_citations([good, bad], {"c1": SECTION.text}) == (bad,)


def test_advice_copied_into_a_draft_is_found_with_its_place() -> None:
    text = "欢迎大家。新人进群的第一天要有人点名接一句话，他才会留下来。周六见。"
    (finding,) = copied_findings(text, [SECTION], said="")
    assert finding.span is not None
    assert finding.span.text == "新人进群的第一天要有人点名接一句话，他才会留下来"


def test_what_the_operator_said_too_is_not_copied() -> None:
    text = "新人进群的第一天，要有人点名接一句话。"
    assert copied_findings(text, [SECTION], said="新人进群的第一天，要有人点名接一句话") == ()
    assert copied_findings("新人进群第一天欢迎他", [SECTION], said="") == ()
