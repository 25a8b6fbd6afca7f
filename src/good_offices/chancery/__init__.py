"""The chancery: the interface that a member of a delegation uses, served by the member's own desk on this machine.

No code ever comes from the host. The chancery holds no keys: it reaches `seals` and `register` only through `desk`.
See docs/decisions/0014-the-chancery.md for the stack and ARCHITECTURE.md for where a change belongs.
"""
