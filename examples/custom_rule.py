"""A rule of one's own: words that must not go out, how grave they are, and what to write instead.

python examples/custom_rule.py

The rules are in rules.yaml. Here they are named for one `Copilot`; `COPILOT_RULES`, or rules.yaml in the data folder, puts
them in force everywhere: for checks, for drafts of all jobs, and for what a model writes.
"""

from pathlib import Path

from copilot import Copilot, Settings

TEXT = "蒲公英小店周六上新！！！手慢无，错过再等一年。"


def main() -> None:
    """What is found without the own rules, and with them."""
    own = Settings.load(rules=Path(__file__).with_name("rules.yaml"))
    for title, settings in (("without", Settings.load()), ("with", own)):
        print(f"{title} the own rules:")
        for finding in Copilot(settings).check(TEXT):
            where = f"“{finding.span.text}” " if finding.span else ""
            print(f"  {finding.severity:8}{finding.code:20}{where}→ {finding.fix}")


if __name__ == "__main__":
    main()
