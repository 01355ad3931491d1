"""The copilot as an MCP server: the jobs as tools, the playbook as resources, a prompt for each job.

    server.py     puts it together: what is listed, how a call runs, how it fails
    resources.py  sections of the playbook, rules, kept drafts
    prompts.py    a prompt for each job
    serving.py    stdio and HTTP; the token

Only this package imports mcp. The tools themselves are in `copilot.outside`, the words beside them in knowledge/mcp.yaml.
"""
