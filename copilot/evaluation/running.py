"""Scenarios run one after another, by one folder of prompts or by two; what is done is kept and not done again."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, TemplateSyntaxError
from pydantic import SecretStr, ValidationError

from copilot.client import Copilot
from copilot.endpoints import endpoints
from copilot.errors import CopilotError, ModelNotConfigured, StorageError, UsageError
from copilot.evaluation.comparing import Difference, Totals, changed_prompts, differences, totals_of
from copilot.evaluation.judging import Verdict, judge
from copilot.evaluation.scenarios import Scenario
from copilot.records import Answer, Draft, Record
from copilot.settings import PROMPTS, Settings
from copilot.writers.prompts import fingerprints

if TYPE_CHECKING:
    from copilot.options import DraftOptions, WriterName

VERSION = 1
"""Of what is kept of a run: another one makes everything anew."""
OnDone = Callable[[int, int, Verdict], None]
"""Told after each scenario how many are done, of how many, and its verdict."""
_PACKAGE = Path(__file__).resolve().parent.parent
_MAKERS = ("facts", "chat", "playbook", "checks", "tasks", "writers", "client.py", "endpoints.py")
"""The code that a draft comes from: with other code, what is kept holds no more."""


class Side(Record):
    """A run with one folder of prompts."""

    prompts: str
    results: tuple[Verdict, ...]
    totals: Totals


class Evaluation(Record):
    """What became of all scenarios; with a second folder of prompts, both sides and what differs between them.

    `changed` are the prompt files that differ.
    """

    writer: str
    sides: tuple[Side, ...]
    changed: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


class Kept(Record):
    """One line of a results file: a scenario's draft under the key of all that it depends on."""

    key: str
    scenario: str
    draft: Draft | None = None
    answer: Answer | None = None


def evaluate(
    settings: Settings,
    scenarios: Sequence[Scenario],
    *,
    writer: "WriterName" = "auto",
    against: Path | None = None,
    out: Path | None = None,
    on_done: OnDone | None = None,
) -> Evaluation:
    """Draft every scenario with the settings' prompts, then with those of `against`, and judge the drafts.

    The drafts go to a database of their own, thrown away at the end: the operator's history stays as it is. With `out`,
    each draft becomes a line of that file, and a draft that stands in it already is judged, not made again, unless the
    model had failed to write it. A scenario that fails costs itself. Raises `UsageError`, `ModelNotConfigured`, `StorageError`.
    """
    wanted = writer if writer != "auto" else settings.writer
    if wanted == "auto":
        wanted = "model" if endpoints(settings) else "offline"
    if wanted == "model" and not endpoints(settings):
        hint = "设置 OPENAI_API_KEY（或 OPENAI_BASE_URL）和 COPILOT_MODEL，或用 --writer offline"
        raise ModelNotConfigured("没有配置模型", hint=hint)
    folders = [settings.prompts, *([against] if against else [])]
    for folder in folders:
        _complete(folder)
    done = _Done(out)
    sides = []
    with _own_database(settings) as base:
        for number, folder in enumerate(folders):
            run = _Run(base.model_copy(update={"prompts": folder}), wanted, done)
            verdicts = []
            with closing(run.copilot.store):
                for place, scenario in enumerate(scenarios, 1):
                    verdicts.append(run.of(scenario))
                    if on_done:
                        on_done(number * len(scenarios) + place, len(folders) * len(scenarios), verdicts[-1])
            sides.append(Side(prompts=str(folder), results=tuple(verdicts), totals=totals_of(verdicts)))
    if len(sides) == 1:
        return Evaluation(writer=wanted, sides=tuple(sides))
    return Evaluation(
        writer=wanted,
        sides=tuple(sides),
        changed=changed_prompts(*folders),
        differences=differences(sides[0].results, sides[1].results),
    )


class _Run:
    """A run with one folder of prompts."""

    def __init__(self, settings: Settings, writer: "WriterName", done: "_Done") -> None:
        self.settings = settings
        self.writer = writer
        self.done = done
        self.copilot = Copilot(settings)
        self.stamp = [VERSION, writer, *_asked_of(settings, writer), _made_by(settings)]

    def of(self, scenario: Scenario) -> Verdict:
        """The verdict on a scenario's draft, made now or kept from before."""
        text = json.dumps([*self.stamp, scenario.job, scenario.brief, scenario.options.model_dump(mode="json")])
        key = hashlib.sha256(text.encode()).hexdigest()
        if (kept := self.done.of(key)) and not self._to_be_tried_again(kept):
            return judge(scenario, kept, self.settings).model_copy(update={"resumed": True})
        try:
            made = self._make(scenario)
        except CopilotError as error:
            return _nothing(scenario, str(error))
        except TemplateError as error:  # a prompt that was edited asks for what there is not
            return _nothing(scenario, f"提示词填不出来：{error.message} → 看 {self.settings.prompts} 里改过的文件")
        self.done.add(key, scenario.id, made)
        return judge(scenario, made, self.settings)

    def _to_be_tried_again(self, kept: Draft | Answer) -> bool:
        """Whether the model was asked for it and failed: the next run may have more luck."""
        return self.writer == "model" and any(one.code == "model-unavailable" for one in kept.findings)

    def _make(self, scenario: Scenario) -> Draft | Answer:
        if scenario.job == "ask":
            return self.copilot.ask(str(scenario.brief), writer=self.writer)
        wishes = scenario.options
        options: DraftOptions = {
            "writer": self.writer,
            "platform": wishes.platform,
            "tone": wishes.tone,
            "length": wishes.length,
            "earlier": wishes.earlier,
            "now": wishes.now,
        }
        return self.copilot.draft(scenario.job, scenario.brief, **options)


class _Done:
    """What a results file holds. A line that can't be read (a run was broken off in it) is done again."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.made: dict[str, Draft | Answer] = {}
        for line in self._lines():
            try:
                kept = Kept.model_validate_json(line)
            except ValidationError:
                continue
            if made := kept.draft or kept.answer:
                self.made[kept.key] = made

    def of(self, key: str) -> Draft | Answer | None:
        """What is kept under a key."""
        return self.made.get(key)

    def add(self, key: str, scenario: str, made: Draft | Answer) -> None:
        """Keep it as a line of its own, at once. Raises `StorageError`."""
        self.made[key] = made
        if not self.path:
            return
        field = {"answer": made} if isinstance(made, Answer) else {"draft": made}
        line = Kept(key=key, scenario=scenario, **field).model_dump_json(exclude_none=True)
        with self._told(), self.path.open("a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")

    def _lines(self) -> list[str]:
        if not self.path:
            return []
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+", encoding="utf-8", errors="replace") as stream:  # before anything is paid for
                stream.seek(0)
                text = stream.read()
                if text and not text.endswith("\n"):
                    stream.write("\n")
        return text.splitlines()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            hint = "换一个能写的文件；做完的都留着，再跑一次接着做"
            raise StorageError(f"{self.path} 读写不了：{error.strerror}", hint=hint) from None


def _nothing(scenario: Scenario, why: str) -> Verdict:
    return Verdict(scenario=scenario.id, job=scenario.job, failed=why, to_read=scenario.to_read)


@contextmanager
def _own_database(settings: Settings) -> Iterator[Settings]:
    """The settings with a database that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="copilot-eval-", ignore_cleanup_errors=True) as folder:
        address = SecretStr(f"sqlite:///{Path(folder) / 'drafts.db'}")
        yield settings.model_copy(update={"database_url": address})


def _complete(folder: Path) -> None:
    """Every prompt that the product asks for is there and can be read. Raises `UsageError`."""
    if not folder.is_dir():
        raise UsageError(f"没有提示词文件夹 {folder}", hint="先把自带的 prompts 整个复制过去，再改")
    names = [path.name for path in folder.glob("*.jinja")]
    stems = {name.rsplit(".", 2)[0] for name in names if not name.startswith("_")}
    shipped = {path.name.rsplit(".", 2)[0] for path in PROMPTS.glob("[!_]*.jinja")}
    if missing := sorted(shipped - stems):
        raise UsageError(f"{folder} 里缺 {'、'.join(missing)}", hint="把自带的 prompts 整个复制过去，再改")
    for name in sorted(names):  # partials first
        try:
            fingerprints(name, folder=folder)
        except TemplateSyntaxError as error:
            raise UsageError(f"提示词 {name} 第 {error.lineno} 行有误：{error.message}", hint="改正这一行") from None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"提示词 {name} 读不了：{error}", hint="检查它包含的文件和权限；文件须是 UTF-8") from None


def _asked_of(settings: Settings, writer: "WriterName") -> list[Any]:
    """The models that are asked, by which prompts; nothing where none is."""
    if writer == "offline":
        return []
    prompts = {path.name: _hash([path]) for path in sorted(settings.prompts.glob("*.jinja"))}
    limits = [settings.structured_output, settings.request_timeout, settings.context_tokens, settings.output_tokens]
    return [prompts, [[one.base_url, one.model] for one in endpoints(settings)], limits]


def _made_by(settings: Settings) -> str:
    """The code and the knowledge behind a draft."""
    places = [*(_PACKAGE / name for name in _MAKERS), settings.knowledge, *([settings.rules] if settings.rules else [])]
    files = [path for place in places for path in (sorted(place.rglob("*.*")) if place.is_dir() else [place])]
    return _hash([path for path in files if path.suffix in (".py", ".yaml", ".md")])


def _hash(files: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for path in files:
        if path.is_file():
            found.update(f"{path.name}\0".encode() + path.read_bytes())
    return found.hexdigest()
