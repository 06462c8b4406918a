"""Monitoring: how the bot is, for whoever looks after many, told at `/healthz` and `/metrics` where a port was set."""
