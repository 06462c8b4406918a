"""Building: sources come in, a new generation on disk comes out. Imports all of `index` except `serving`."""
