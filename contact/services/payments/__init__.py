"""Money: asked for at the amount of the law, taken once, proven by the provider's books, given back when not ours."""
