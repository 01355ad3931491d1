"""A list of questions and answers is searched, covered and quoted one question at a time."""

from pathlib import Path

import pytest

from copilot.playbook.chunking import Chunk, chunk
from copilot.playbook.documents import Document
from copilot.playbook.embedding import default_embedder
from copilot.settings import Settings
from copilot.tasks.ask import compose, gather

LABELLED = """# 租书须知

**问：一次能借几本？**
答：每人最多三本，押金二十元。

**问：书弄丢了怎么赔？**
答：按定价赔，绝版的按两倍。

**问：能寄回去吗？**
答：可以，邮费自己出，到货后三天内退押金。
"""
NUMBERED = "# 来客常问\n\n1. 可以带宠物吗？\n小型犬牵绳可以进院子。\n2. 几点清场？\n晚上八点半清场。\n"
BARE = "# 来客常问\n\n能带狗吗？\n\n牵绳可以。\n\n几点清场？\n\n八点半。\n\n有停车位吗？\n\n门口有六个。\n"


def cut(text: str) -> tuple[Chunk, ...]:
    return chunk(Document(source="a.md", title="标题", text=text, sha256=""))


@pytest.mark.parametrize(
    ("text", "steps", "answers"),
    [
        (LABELLED, ["一次能借几本？", "书弄丢了怎么赔？", "能寄回去吗？"], ["押金二十元", "按定价赔", "邮费自己出"]),
        (NUMBERED, ["可以带宠物吗？", "几点清场？"], ["小型犬", "八点半"]),
        (BARE, ["能带狗吗？", "几点清场？", "有停车位吗？"], ["牵绳", "八点半", "六个"]),
        ("Q1: 借几本？\nA: 三本。\nQ2: 怎么还？\nA: 投箱里。", ["借几本？", "怎么还？"], ["三本", "投箱里"]),
        ("问：借几本？答：三本。\n问：怎么还？答：投箱里。", ["借几本？", "怎么还？"], ["三本", "投箱里"]),
    ],
)
def test_each_question_is_a_chunk_with_its_answer(text: str, steps: list[str], answers: list[str]) -> None:
    chunks = cut(text)
    assert [piece.path[-1].partition(": ")[2] or piece.path[-1] for piece in chunks] == steps
    for number, answer in enumerate(answers):
        assert [answer in piece.text for piece in chunks] == [at == number for at in range(len(steps))]


@pytest.mark.parametrize(
    "text",
    [
        "# 借书\n\n为什么要登记？\n\n因为书会丢。登记了就找得到。\n\n每周查一次登记表。\n",
        "# 自查\n\n1. 登记表填了吗？\n2. 书架擦了吗？\n3. 灯关了吗？\n",
        "# 自查\n\n- 登记表填了吗？\n- 书架擦了吗？\n\n查完在群里报一声。\n",
    ],
)
def test_questions_without_answers_of_their_own_stay_together(text: str) -> None:
    assert len(cut(text)) == 1


def test_what_stands_before_the_questions_is_kept_by_itself() -> None:
    opening = "这份问答由小书屋的三位店员轮流更新，每个月初会把上个月大家问得最多的几件事补进来，旧的也会删掉。"
    chunks = cut(LABELLED.replace("# 租书须知\n", f"# 租书须知\n\n{opening}\n"))
    assert [len(piece.path) for piece in chunks] == [1, 2, 2, 2]
    assert opening in chunks[0].text


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("书丢了要赔吗", "按定价赔，绝版的按两倍。"),
        ("能不能寄回去", "可以，邮费自己出，到货后三天内退押金。"),
        ("你们招店员吗", None),
    ],
)
def test_ask_quotes_the_answer_to_the_question_and_no_other(asked: str, answer: str | None, tmp_path: Path) -> None:
    folder, settings = tmp_path / "docs", Settings(home=tmp_path / "home")
    folder.mkdir()
    (folder / "问答.md").write_text(LABELLED, encoding="utf-8")
    evidence, is_covered = gather(asked, folder, settings, default_embedder(settings))
    assert is_covered == (answer is not None)
    if answer:
        quotes = [one.quote for one in compose(evidence, default_embedder(settings)).citations]
        assert quotes == [answer]
