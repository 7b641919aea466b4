"""Firearms licensing: what happens to an application from the signed declaration to the decision and after."""
