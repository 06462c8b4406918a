"""Local models: a name comes in, vectors and scores come out. Imports the nouns alone."""
