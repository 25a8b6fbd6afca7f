"""The talks as pure rules: acts in, state out, the same at every desk. See spec/talks.md."""
