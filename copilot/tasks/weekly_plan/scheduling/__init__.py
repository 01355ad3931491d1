"""Who does what when: the actions, their openings, the limits, and the solver."""
