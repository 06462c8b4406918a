"""What is known about languages: text comes in; words, sentences and its language come out. Imports only nouns."""
