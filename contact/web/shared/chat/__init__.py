"""What the chat page and the widget share: the conversation as it is drawn, said, streamed and begun."""
