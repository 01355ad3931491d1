"""One file a job: how its brief is understood, what it fills, how it is written offline and shown."""
