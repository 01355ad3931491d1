"""What is true here: the values read from a text, the brief, the ledger of its facts and their contradictions."""
