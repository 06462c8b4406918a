"""Presenting: what happened comes in as data, its wording for people goes out. Imports nouns, and no front end."""
