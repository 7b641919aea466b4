"""A digital public contact platform for police; the rooms and who may import whom stand in pyproject.toml."""
