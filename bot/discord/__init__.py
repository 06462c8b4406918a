"""The Discord front end: people's questions in, cited answers out, within Discord's limits and habits."""
