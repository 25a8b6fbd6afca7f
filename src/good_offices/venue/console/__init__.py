"""The operator's console: what the host's people may see and do, on a port and behind a passphrase of its own.

This folder decides the screens of the host. It never imports the chancery, and nothing of content exists here to be shown.
"""
