"""Style and fonts that the chancery and the pages of the venue share: data alone."""
