"""Where documents come from: an address comes in, raw files with their hashes come out. Imports the nouns alone."""
