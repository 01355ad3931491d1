"""How a database gets from one schema to the next: run by alembic when a store opens, never at import."""
