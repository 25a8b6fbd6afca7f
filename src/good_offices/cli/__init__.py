"""The command line: everything the programs can do, in the verbs of the craft. See docs/command-line.md."""
