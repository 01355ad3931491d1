"""What is left to do with the entries of any format with fields: notices, and what stands in the words alone."""

from copilot.chat.formats.base import Chat, Entry
from copilot.chat.formats.wording import notice_kind, placeholder_kind, split_quote


def finish(chat: Chat) -> Chat:
    """Tell what kind its notices are, own words from quoted ones, and a placeholder from a text."""
    for entry in chat.entries:
        if entry.kind == "system":
            entry.name = entry.sender_id = ""
            entry.notice = entry.notice or notice_kind(entry.text) or "other"
        elif entry.kind == "recall":
            entry.notice = "recall"
        elif entry.kind in ("text", "quote"):
            read_words(entry)
        entry.text = entry.text.strip(" \t\r\n")
    return chat


def read_words(entry: Entry) -> None:
    """Take a quote out of an entry's words, and see whether they are only a placeholder."""
    quote = split_quote(entry.text)
    if quote is not None:
        entry.kind = "quote"
        entry.text = quote[0]
        if not (entry.reply_name or entry.reply_text):
            entry.reply_name, entry.reply_text = quote[1:]
    elif entry.kind == "text" and (kind := placeholder_kind(entry.text)) is not None:
        entry.kind = kind


def joined(*parts: str) -> str:
    """Parts of a text on lines of their own, without the empty and the doubled ones."""
    return "\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
