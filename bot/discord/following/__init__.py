"""Following: what is said in the channels that are indexed, as it is said, changed and deleted."""
