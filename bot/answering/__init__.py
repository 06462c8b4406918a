"""Answering: a question and the index come in, a cited answer comes out.

Nothing here knows who asked or how it will be shown: it imports neither a front end nor `presenting`. Of the index it
imports the door, the nouns and `language`. Its steps, each on those before it: reading and selecting; quoting,
verifying, generating; understanding; composing. The answerer puts them together, and `keeping` remembers what was said.
"""
