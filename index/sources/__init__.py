"""Where documents come from: each kind of source is a module, and what it has are files with their hashes."""
