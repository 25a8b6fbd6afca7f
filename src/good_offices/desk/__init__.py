"""The desk: a delegate's own machine. Keys, sealed record, outbox, rules; all plaintext lives here, in memory."""
