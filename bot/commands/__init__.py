"""The commands, by what they are for: arguments of the command line come in, and an exit code goes out.

Each is as short as its own description. What needs the index or a model is imported inside the command that needs it:
`--help`, `--version` and `sources` must not wait for libraries that they never use. Imports everything of the bot; only
`cli` imports it.
"""
