"""Understanding: a question and a conversation come in, standalone questions in parts come out.

What somebody typed is checked here, spelled as the documents spell it, and told from what it takes for granted. A chat
model is asked through `generating`; `verifying` reads the figures. Of the index it imports `language` and the nouns.
"""
