"""A process of its own that looks after emergencies nobody opens, and after the worker; runnable on another machine."""
