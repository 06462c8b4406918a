"""Everything that knows documents. `index.library.Library` is the door; nothing here knows who asks."""
