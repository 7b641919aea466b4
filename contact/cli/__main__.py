"""`python -m contact.cli`, for the supervisor."""

from contact.cli import main

main(prog_name="contact")
