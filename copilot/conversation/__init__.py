"""Chatting with the copilot: which job a message is for, doing it, and keeping the thread."""
