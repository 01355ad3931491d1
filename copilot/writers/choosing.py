"""Which writer writes: the one asked for, or the offline one and why."""

from typing import Literal

from copilot.endpoints import endpoints
from copilot.errors import UsageError
from copilot.records import Finding
from copilot.settings import Settings
from copilot.writers.base import Cancel, OnEstimate, Writer, never
from copilot.writers.offline import OfflineWriter


def chosen(
    settings: Settings,
    wanted: Literal["auto", "offline", "model"] | Writer | None,
    *,
    by_model: bool = True,
    on_estimate: OnEstimate | None = None,
    cancelled: Cancel = never,
) -> tuple[Writer, tuple[Finding, ...]]:
    """The writer asked for (the settings' one for None and "auto"), and what to tell. Raises `UsageError` for one there is not.

    Asking for a model that is not set up, or can't do the job (`by_model`), is told, not refused.
    """
    choice = settings.writer if wanted in (None, "auto") else wanted
    if not isinstance(choice, str):
        return choice, ()
    if choice not in ("auto", "offline", "model"):
        raise UsageError(f"没有叫 {choice} 的写手", hint="可选 auto、offline、model")
    has_model = bool(endpoints(settings))
    if choice == "offline" or (choice == "auto" and not has_model):
        return OfflineWriter(), ()
    if not by_model:
        told = Finding.notice("model-not-for-this", "这项工作还不能由模型来写，这是程序读出来的", "不用改什么")
        return OfflineWriter(), (told,) if choice == "model" else ()
    if not has_model:
        hint = "设置 OPENAI_API_KEY（或 OPENAI_BASE_URL）和 COPILOT_MODEL"
        return OfflineWriter(), (Finding.notice("model-not-configured", "没有配置模型，这是离线草稿", hint),)
    from copilot.writers.model import ModelWriter

    return ModelWriter(settings, on_estimate, cancelled), ()
