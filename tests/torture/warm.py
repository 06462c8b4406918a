"""What the process imports that reading processes are forked from: all that reading needs, by reading a document."""

import index.building.refresh  # noqa: F401
from index.readers import read

read(b"# Once\n\nNow the model that tells one language from another is in the memory of this process.\n", "once.md")
