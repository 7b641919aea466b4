"""Firearms licensing as rules: kinds and states of applications and certificates, fees, clocks, eligibility."""
