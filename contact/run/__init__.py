"""Starting everything on one machine: the private database, the processes, the set-up; only `cli` may import it."""
