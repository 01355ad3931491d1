"""From files to evidence: documents, chunks, vectors, the index, the search, and the handbook's rules."""
