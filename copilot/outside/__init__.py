"""The copilot as the tools of somebody else's assistant: what leaves this machine, in which form, and whom it may name.

    tools.py      the table of tools: what each takes and gives, and what does it
    desk.py       what they do, each one call of the copilot
    shapes.py     what they take and give
    telling.py    a draft as an assistant is told of it, and results in words
    names.py      the pseudonyms that stand for people outside this machine

`mcp_server` and `integrations` only carry this over. The words that assistants read are in knowledge/outside.yaml.
"""
