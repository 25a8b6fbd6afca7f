"""The demonstration: a venue, four desks, and a whole talks on this machine, in separate processes."""
