"""The outcome: one file that a stranger can check, and the checking. See spec/outcome.md."""
