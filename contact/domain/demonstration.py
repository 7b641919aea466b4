"""What the demonstration alone may use; `service` mode refuses to start with any of it (engineering 17)."""

DEMO_PASSWORD = "harbour lantern seven maps"  # noqa: S105 - shown on the demonstration's sign-in page
"""The password of every invented agent."""
