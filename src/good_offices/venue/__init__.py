"""The venue: a blind server that orders, keeps and hands out sealed entries. See spec/transport.md.

Nothing in this folder can open an envelope: it imports of the seals only what signs and verifies.
"""
