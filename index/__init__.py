"""Everything that knows documents: a folder and a question come in, hits, evidence and documents come out.

`index.library.Library` is the door; nothing here knows who asks, and nothing imports `bot`. `retriever` gives LangChain
code the same door.
"""
