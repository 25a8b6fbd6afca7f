"""What the screens of the text share: provisions as rows, words as cells, what a desk keeps for its reader.

This folder decides how a text looks on a screen. It never decides what a text is: `clerk` tells it, and the record.
"""
