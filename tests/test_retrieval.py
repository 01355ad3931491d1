"""Search finds sections by words, meaning and symptoms, and says when the playbook does not cover a question."""

import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from playbook_fakes import FakeEmbedder

from copilot.errors import EmptyInputError, PlaybookError, UsageError
from copilot.playbook.answerable import weighing
from copilot.playbook.embedding import default_embedder
from copilot.playbook.index import open_playbook
from copilot.playbook.lexical import WordIndex, bigrams, rarities, words
from copilot.playbook.library import add_paths
from copilot.playbook.ranking import Bridge, Found, Retriever, foremost, reciprocal_rank
from copilot.playbook.retrieval import retriever, search
from copilot.playbook.shipped import bundled_passages, shipped_vectors
from copilot.settings import Settings

QUESTIONS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "handbook_questions.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """Settings with a handbook of one section, for tests that embed without a model."""
    book = tmp_path / "knowledge" / "playbooks"
    book.mkdir(parents=True)
    shutil.copy(Settings().knowledge / "answerable.yaml", book.parent)
    (book / "a.md").write_text(
        "# 拉新\n\n## 先想好要什么人\n<!-- rules: who -->\n\n写清楚要谁进来。\n", encoding="utf-8"
    )
    return Settings(home=tmp_path / "home", knowledge=book.parent)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "docs"
    place.mkdir()
    (place / "售后.md").write_text(
        "# 售后手册\n\n## 退货运费谁出\n\n质量问题由我们出运费，其他情况由买家出。\n\n"
        "## 果子坏了怎么赔\n\n拍照发群，24小时内补发或退款。\n",
        encoding="utf-8",
    )
    (place / "值班.txt").write_text("晚班从六点到十点，小周负责。\n有人吵架先私聊双方。\n", encoding="utf-8")
    return place


def test_every_passage_of_the_handbook_has_its_vector_shipped(settings: Settings) -> None:
    wanted = {passage.sha256 for passage in bundled_passages(settings)[2]}
    shipped = shipped_vectors(settings, default_embedder())
    assert wanted == shipped.keys(), (
        "a chapter or a phrasing was edited: run copilot.playbook.shipped.write_bundled_vectors"
    )
    assert all(abs(float(numpy.linalg.norm(vector)) - 1) < 1e-3 for vector in shipped.values())


def test_our_own_questions_find_a_section_that_teaches_the_rule(settings: Settings) -> None:
    found = {
        asked["ask"]: {rule for hit in search(asked["ask"], settings=settings).hits for rule in hit.rules}
        for asked in QUESTIONS["answerable"]
    }
    missed = [asked["ask"] for asked in QUESTIONS["answerable"] if not found[asked["ask"]] & set(asked["rules"])]
    assert len(missed) <= 0.05 * len(found), missed
    assert not settings.home.exists(), "the bundled handbook is searched without an index on disk"


def test_it_says_so_when_the_handbook_does_not_cover_a_question(settings: Settings) -> None:
    refused = [
        asked["ask"] for asked in QUESTIONS["answerable"] if not search(asked["ask"], settings=settings).answerable
    ]
    claimed = [asked for asked in QUESTIONS["unanswerable"] if search(asked, settings=settings).answerable]
    assert len(refused) <= 0.05 * len(QUESTIONS["answerable"]), refused
    assert len(claimed) <= 0.35 * len(QUESTIONS["unanswerable"]), claimed


def test_a_symptom_in_slang_finds_its_section_with_the_real_embedder(settings: Settings) -> None:
    result = search("群里全是发拼多多链接的", settings=settings)
    rules = {rule for hit in result.hits[:3] for rule in hit.rules}
    assert rules & {"no-random-ads-rule", "norms-first-no-noise", "large-group-overload", "ads-overreliance"}
    assert result.answerable
    assert sum(len(hit.text) for hit in result.hits) <= 2500
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
    assert all(hit.source.endswith(".md") and hit.section and "<!--" not in hit.text for hit in result.hits)


def test_full_width_and_capitals_do_no_harm(small: Settings) -> None:
    embedder = FakeEmbedder()
    assert search("KPI怎么定", settings=small, embedder=embedder) == search(
        "ＫＰＩ怎么定", settings=small, embedder=embedder
    )


def test_an_own_folder_is_indexed_on_first_use_and_followed(folder: Path, small: Settings) -> None:
    embedder = FakeEmbedder()
    hit = search("退货的运费谁来出", 1, folder, settings=small, embedder=embedder).hits[0]
    assert (hit.source, hit.title, hit.section) == ("售后.md", "售后手册", "售后手册 › 退货运费谁出")
    assert "质量问题由我们出运费" in hit.text
    (folder / "开票.md").write_text("# 开票\n\n发票在签收后三天内开。\n", encoding="utf-8")
    assert search("发票什么时候开", 1, folder, settings=small, embedder=embedder).hits[0].source == "开票.md"
    (folder / "开票.md").unlink()
    time.sleep(1)  # looking for changes takes a small share of the time
    assert all(
        hit.source != "开票.md" for hit in search("发票什么时候开", 9, folder, settings=small, embedder=embedder).hits
    )


def test_a_question_reaches_an_own_document_through_the_handbook(tmp_path: Path, settings: Settings) -> None:
    place = tmp_path / "docs"
    place.mkdir()
    texts = {
        "规范.md": "规范管理：群内不得随便发布广告，聊天围绕有价值的内容。",
        "礼品.md": "积分商城的礼品每季度换一次，由采购负责。",
        "场地.md": "线下场地提前两周预订，押金由财务垫付。",
        "讲师.md": "讲师名单由市场部维护，课酬另行约定。",
    }
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    assert search("满屏都是拼多多砍一刀", 2, place, settings=settings).hits[0].source == "规范.md"


def test_threads_share_one_playbook(folder: Path, small: Settings) -> None:
    embedder = FakeEmbedder()
    barrier = threading.Barrier(8)

    def ask(number: int) -> str:
        barrier.wait()
        return (
            search(["退货运费", "果子坏了"][number % 2], 1, folder, settings=small, embedder=embedder).hits[0].section
        )

    with ThreadPoolExecutor(8) as pool:
        sections = list(pool.map(ask, range(8)))
    assert sections == ["售后手册 › 退货运费谁出", "售后手册 › 果子坏了怎么赔"] * 4
    own = [text for text in embedder.embedded if "运费" in text or "果子" in text]
    assert len(own) == len(set(own))


def test_other_settings_do_not_make_a_playbook_anew(folder: Path, small: Settings) -> None:
    embedder = FakeEmbedder()
    changes = {"home": small.home / "elsewhere", "openai_base_url": "http://localhost:1", "tone": "warm"}
    other = small.model_copy(update=changes)
    for playbook in (None, folder):
        asked = partial(retriever, playbook, embedder=embedder)
        ready = asked(settings=small)
        assert ready.pending == 0
        assert ready is asked(settings=other)
        assert ready is not retriever(playbook, settings=small, embedder=FakeEmbedder())
    (folder / "新.md").write_text("# 换货\n\n七天内可以换。\n", encoding="utf-8")
    time.sleep(1)  # looking for changes takes a small share of the time
    assert retriever(folder, settings=other, embedder=embedder) is not ready


def test_an_empty_folder_answers_nothing(tmp_path: Path, small: Settings) -> None:
    (tmp_path / "empty").mkdir()
    result = search("怎么拉新", playbook=tmp_path / "empty", settings=small, embedder=FakeEmbedder())
    assert (result.hits, result.answerable) == ((), False)


@pytest.mark.parametrize("text", ["？？？", "🙂", "a" * 50_000, "null\0byte", "的"])
def test_odd_questions_are_answered_without_failing(text: str, small: Settings) -> None:
    assert len(search(text, 3, settings=small).hits) <= 3


def test_wrong_calls_name_the_fix(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(EmptyInputError):
        search("  \n", settings=settings)
    with pytest.raises(UsageError):
        search("怎么拉新", 0, settings=settings)
    with pytest.raises(PlaybookError):
        search("怎么拉新", playbook=tmp_path / "nowhere", settings=settings)


def test_damaged_shipped_vectors_are_an_error_that_names_the_fix(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", knowledge=tmp_path)
    (tmp_path / "vectors").mkdir()
    (tmp_path / "vectors" / "fake-1.npz").write_bytes(b"PK\x03\x04 not an archive")
    with pytest.raises(PlaybookError, match="恢复这个文件"):
        shipped_vectors(settings, FakeEmbedder())


def test_ranks_are_fused_and_what_scores_nothing_adds_nothing() -> None:
    fused = reciprocal_rank([numpy.array([3.0, 2.0, 0.0]), numpy.array([0.5, 0.9, -1.0])])
    assert fused.tolist() == pytest.approx([1 / 11 + 1 / 12, 1 / 11 + 1 / 12, 0.0])


@given(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0]), min_size=1, max_size=30), st.integers(1, 40))
def test_the_foremost_are_those_of_a_whole_stable_sort(scores: list[float], most: int) -> None:
    given_scores = numpy.array(scores)
    assert foremost(given_scores, most).tolist() == numpy.argsort(-given_scores, kind="stable")[:most].tolist()


def test_the_handbook_is_asked_once_a_search(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    add_paths([folder / "售后.md"], settings)
    search("预热", settings=settings)
    asked: list[int] = []
    find = Retriever.find

    def counted(self: Retriever, *given_: Any) -> Any:
        asked.append(len(self.chunks))
        return find(self, *given_)

    monkeypatch.setattr(Retriever, "find", counted)
    search("果子坏了怎么赔", settings=settings)
    assert len(asked) == 2, "the handbook and the operator's own, each once"


def test_texts_are_cut_into_words_and_pairs() -> None:
    assert "拼团" in words("拼团、砍价！")
    assert bigrams("群规A1：短") == ["群规", "a1", "短"]
    index = WordIndex(["群规要短", "活动要早"], bigrams)
    never, seldom = rarities(["没有", "群规"], [index])
    assert never > seldom
    assert WordIndex(["。"], words).scores("群规").tolist() == [0.0]


def test_searching_the_handbook_loads_neither_chroma_nor_a_tokenizer(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from copilot.settings import Settings; from copilot.playbook.retrieval import search;"
        f"search('怎么拉新', settings=Settings(home=Path({str(tmp_path)!r})));"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert not {"chromadb", "tiktoken", "langchain", "openai"} & set(done.stdout.split())


def test_what_a_search_needs_is_embedded_first(tmp_path: Path, small: Settings) -> None:
    """A large folder is searched by words at once, and by the meaning of what the words find."""
    place = tmp_path / "many"
    place.mkdir()
    for number in range(60):
        (place / f"{number:02}.md").write_text(
            f"# 第 {number} 份\n\n编号 {number} 的说明，和别的无关。\n", encoding="utf-8"
        )
    (place / "zz.md").write_text("# 退货\n\n退货的运费由我们出，拍照发群就行。\n", encoding="utf-8")
    embedder = FakeEmbedder("fake-slow", seconds=0.02)
    result = search("退货运费谁出", 3, place, settings=small.model_copy(update={"index_wait": 0}), embedder=embedder)
    assert result.hits[0].source == "zz.md"
    assert 0 < result.pending < 61
    assert any("退货的运费" in text for text in embedder.embedded[: 2 * embedder.batch]), "before the sixty others"


def test_the_meaning_of_phrasings_counts_as_soon_as_their_vectors_have_come(settings: Settings) -> None:
    whole = open_playbook(settings.knowledge / "playbooks", settings, default_embedder())
    waiting = whole._replace(vectors=numpy.zeros_like(whole.vectors), pending=len(whole.vectors))
    vector = default_embedder().embed_queries(["群里没人说话怎么办"])[0]
    before = Retriever(waiting, settings, default_embedder())
    after = before.with_vectors(whole)
    assert "sensed" not in before.find("群里没人说话怎么办", vector).signs
    at_once = Retriever(whole, settings, default_embedder())
    assert after.find("群里没人说话怎么办", vector).signs == at_once.find("群里没人说话怎么办", vector).signs


def test_documents_that_do_not_hold_the_advice_are_ranked_by_the_question_alone(
    tmp_path: Path, settings: Settings
) -> None:
    place = tmp_path / "docs"
    place.mkdir()
    (place / "发动机.md").write_text("# 发动机保养\n\n每跑五千公里换一次机油和机滤。\n", encoding="utf-8")
    (place / "轮胎.md").write_text("# 轮胎\n\n胎压夏天打到两点三，冬天两点五。\n", encoding="utf-8")
    result = search("群里没人说话怎么办", 2, place, settings=settings)
    assert not result.answerable, "the handbook covers it, these documents don't"


def test_documents_are_searched_without_anything_in_the_handbook(folder: Path, small: Settings) -> None:
    (small.knowledge / "playbooks" / "a.md").write_text("", encoding="utf-8")
    result = search("退货运费谁出", 1, folder, settings=small, embedder=FakeEmbedder())
    assert result.hits[0].source == "售后.md"


def test_a_question_that_the_handbook_all_but_covers_still_orders_the_documents(
    tmp_path: Path, settings: Settings
) -> None:
    place = tmp_path / "docs"
    place.mkdir()
    (place / "规范.md").write_text("规范管理：群内不得随便发布广告，聊天围绕有价值的内容。", encoding="utf-8")
    (place / "场地.md").write_text("线下场地提前两周预订，押金由财务垫付。", encoding="utf-8")
    embedder = default_embedder(settings)
    question = "满屏都是拼多多砍一刀"
    vector = embedder.embed_queries([question])[0]
    handbook, own = retriever(settings=settings), retriever(place, settings=settings)
    found = handbook.find(question, vector)
    assert found.answerable
    weights = weighing(settings)._handbook
    short = sum(weight * found.signs[name] for name, weight in weights["weights"].items()) - weights["threshold"]

    def bridged(below: float) -> Found:
        """As if the handbook missed the question by so much."""
        coverage = found.signs["coverage"] - (short + below) / weights["weights"]["coverage"]
        signs = {**found.signs, "coverage": coverage}
        return own.find(question, vector, Bridge(handbook, found._replace(signs=signs, answerable=False)))

    assert (bridged(1.0).scores == own.find(question, vector, Bridge(handbook, found)).scores).all()
    assert (bridged(3.0).scores == own.find(question, vector).scores).all()
    assert bridged(1.0).answerable == bridged(1.0).is_sure, "what is all but covered is not said to be"


def test_the_operators_documents_are_searched_beside_the_handbook(tmp_path: Path, settings: Settings) -> None:
    document = tmp_path / "售后.md"
    document.write_text("# 售后\n\n## 果子坏了怎么赔\n\n坏果拍照发群，二十四小时内补发或退款。\n", encoding="utf-8")
    add_paths([document], settings)
    own = search("收到的果子坏了怎么赔", settings=settings)
    assert own.answerable
    assert own.hits[0].source == "售后.md"
    both = search("群里没人说话怎么办", settings=settings)
    assert both.hits[0].source != "售后.md"
    assert [hit.score for hit in both.hits] == sorted((hit.score for hit in both.hits), reverse=True)
