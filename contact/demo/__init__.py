"""What exists only in demo mode: stand-ins for the outside, and pages that show what they received (engineering 17)."""
