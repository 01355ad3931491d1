"""The copilot as an MCP server: the jobs as tools, the playbook as resources, a prompt for each job.

    server.py     puts it together: what is listed, how a call runs, how it fails
    desk.py       the tools, each one call of the copilot
    shapes.py     what tools take and give
    telling.py    a draft as an assistant is told of it, and results in words
    names.py      the pseudonyms that stand for people outside this machine
    resources.py  sections of the playbook, rules, kept drafts
    serving.py    stdio and HTTP; the token

Only this package imports mcp. The words that assistants read are in knowledge/mcp.yaml.
"""
