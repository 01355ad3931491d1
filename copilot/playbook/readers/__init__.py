"""From the bytes of a file to its text: one file for each family of formats, the foreign ones in a process apart."""
