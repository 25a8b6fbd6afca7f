"""What the record says, for people; what people say, for the record: shared by the command line and the web interface."""
