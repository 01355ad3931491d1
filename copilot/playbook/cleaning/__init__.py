"""What of a document is junk or damaged, and whether several articles stand in one file."""

from copilot.playbook.cleaning.articles import find_articles
from copilot.playbook.cleaning.asides import Woven, weave
from copilot.playbook.cleaning.blemishes import find_blemishes

__all__ = ["Woven", "find_articles", "find_blemishes", "weave"]
