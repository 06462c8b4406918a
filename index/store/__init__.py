"""What lies on disk: the data folder, its generations and the parts of one. Imports the nouns and `language`."""
