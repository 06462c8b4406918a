"""Understanding: a question and a conversation come in, standalone questions in parts come out.

And statements come in, and come out in the asker's language. A chat model is asked through `generating`; `verifying`
tells whether a translation holds the same facts. Of the index it imports `language` and the nouns.
"""
