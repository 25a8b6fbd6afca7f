"""The negotiating text: units, brackets, proposals, status. See spec/text.md."""
