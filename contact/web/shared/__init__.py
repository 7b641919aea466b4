"""What every room of the web stands on: access, transactions, sessions, errors, headers and templates."""
