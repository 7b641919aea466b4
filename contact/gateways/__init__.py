"""The outside world, a file per party: each a Protocol and one real client; imports domain and settings only."""
