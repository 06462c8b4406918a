"""A question and the index become a cited answer; nothing here knows who asked or how it will be shown."""
