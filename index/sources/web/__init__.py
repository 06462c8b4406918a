"""The web as sources see it: fetched politely, within bounds, and never from an address that is not public."""
