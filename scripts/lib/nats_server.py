"""Where nats-server is."""

import pathlib

FETCHED = pathlib.Path(__file__).resolve().parents[2] / ".deps/nats-server/nats-server"


def program():
    """The program that scripts/fetch-nats-server fetched; without it, whatever is on the PATH."""
    return FETCHED if FETCHED.exists() else "nats-server"
