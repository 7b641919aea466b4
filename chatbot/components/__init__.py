"""Our own parts of the Rasa pipeline; each says what it adds to a message."""
