"""Learning from edits: what the operator keeps doing to drafts is proposed, and followed once they agree."""
