"""Understanding: a question and a conversation come in, standalone questions in parts come out."""
