"""Good Offices: a venue for direct talks behind a host that cannot read them."""

__version__ = "0.1.0"
