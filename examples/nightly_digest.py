"""Every night: a digest of each group's export in a folder, and one overview of them all. Made for cron:

30 23 * * *  python examples/nightly_digest.py ~/exports ~/digests >>~/digests/overviews.txt

What was open in a group's last digests is carried along. A run that was broken off goes on where it stopped, and one that
is repeated does again only what has changed. The overview goes to stdout, what could not be read to stderr. Exit codes:
0 all done, 1 something could not be digested, 2 wrong usage.
"""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from copilot import Copilot, CopilotError, digest_many


def main() -> int:
    """One night's run."""
    parser = argparse.ArgumentParser(description="A digest of each group's day, and one overview.")
    parser.add_argument("exports", type=Path, help="the folder with the groups' exports, in any format")
    parser.add_argument("digests", type=Path, help="where the digests go: a folder for each day")
    parser.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD; today if unset")
    given = parser.parse_args()

    try:
        copilot = Copilot()
        day = str(given.day or datetime.now(copilot.settings.zone).date())
        done = digest_many(copilot, [given.exports], save=given.digests / day, overwrite=True, dates=day, carry=True)
    except CopilotError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{day}\n{done.overview.text}\n")
    for one in done.failed:
        print(f"{one.source} {one.group}: {one.message} → {one.hint}", file=sys.stderr)
    return 1 if done.failed else 0


if __name__ == "__main__":
    sys.exit(main())
