"""The copilot in other people's programs: each module adapts it to one framework, which it loads when it is imported."""
