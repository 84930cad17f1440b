"""One module a command; each declares `command`."""
