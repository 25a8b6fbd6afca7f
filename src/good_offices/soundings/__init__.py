"""Soundings: what all delegations could accept is found at the same time, and nothing else. See spec/soundings.md."""
