"""What the process imports that reading processes are forked from: all that reading needs, by reading a document."""

import index.building.refresh  # noqa: F401
from index.readers import parse

parse(b"# Once\n\nSome words.\n", "once.md")
