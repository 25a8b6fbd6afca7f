"""What a desk does in soundings: the marks it was given, the secrets of an attempt, the answers, what was found."""
