"""Who speaks for the group, where the operator only named a group whose profile is kept."""

from copilot.errors import StorageError
from copilot.records import Request
from copilot.store import Store


def with_kept_staff(request: Request, store: Store) -> Request:
    """The request with the staff of the group's kept profile; what was said of the staff here is stronger."""
    brief = request.brief
    if not isinstance(brief, dict) or not (said := brief.get("said", {})).get("group") or said.get("staff"):
        return request
    try:
        staff = [member.name for member in store.group(said["group"]).profile.staff]
    except StorageError:
        return request
    return request.model_copy(update={"brief": {**brief, "said": {**said, "staff": staff}}})
