"""What the delegations hand to the host in clear, by joint act: kept apart from the registers."""
