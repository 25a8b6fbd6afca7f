"""A depositary apart from the delegations: a machine of its own that keeps signed texts. See spec/depositary.md.

This package decides what a depositary keeps and signs. It takes no part in talks: it imports neither a desk nor a venue.
"""
