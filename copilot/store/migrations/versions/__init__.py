"""One file a step. A released step is never edited: somebody's database has it behind it."""
