"""What the bot does with a message: plain Python that decides, and one action that carries it to Rasa."""
