"""What a desk and a venue say to each other: signed requests, pages, event streams. See spec/transport.md."""
