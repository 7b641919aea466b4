"""Where files lie, sealed: a folder or an S3-compatible service. Imports nothing heavy: a child process starts here."""
