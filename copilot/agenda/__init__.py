"""What needs the operator now, read from what is kept: open matters, today's slots, and whether planned slots were seen."""
