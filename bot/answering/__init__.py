"""Answering: a question and the index come in, a cited answer comes out.

Nothing here knows who asked or how it will be shown: it imports neither a front end nor `presenting`. Of the index it
imports the door, the nouns and `language`. Its steps, each on those before it: selecting, quoting, verifying,
generating, understanding; the answerer puts them together.
"""
