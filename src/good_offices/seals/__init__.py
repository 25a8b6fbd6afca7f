"""Seals and signatures: the only folder that imports cryptographic libraries. See spec/envelope.md."""
