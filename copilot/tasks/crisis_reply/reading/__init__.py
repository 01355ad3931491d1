"""From any crisis brief to a `CrisisSituation`."""
