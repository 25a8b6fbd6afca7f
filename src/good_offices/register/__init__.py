"""The register: an append-only Merkle log, its proofs, checkpoints and receipts. See spec/register.md."""
