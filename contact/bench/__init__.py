"""How fast we are on this machine: each row measured against a floor in the same run (engineering 32)."""
