"""What may be configured from the environment, and where things are."""

import dataclasses
import hashlib
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Refused(Exception):
    """Something the person at the keyboard has to change; its text says what."""


@dataclasses.dataclass(frozen=True)
class Service:
    name: str
    http_port: int
    grpc_port: int

    @property
    def variable(self):
        return self.name.upper()


def port(name, default):
    """The port that the environment names, else the default moved by MALL_PORT_OFFSET."""
    try:
        value = int(os.environ.get(name) or default + int(os.environ.get("MALL_PORT_OFFSET") or 0))
    except ValueError:
        value = 0
    if not 0 < value < 65536:
        raise Refused(f"{name} or MALL_PORT_OFFSET does not give a port")
    return value


def services():
    listed = []
    for line in (ROOT / "scripts/services.list").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, http, grpc = line.split()
            listed.append(Service(name, port(f"{name.upper()}_HTTP_PORT", int(http)), port(f"{name.upper()}_GRPC_PORT", int(grpc))))
    return listed


class Settings:
    def __init__(self):
        self.services = services()
        self.one_process = os.environ.get("ONE", "") not in ("", "0")
        self.http_port = port("MALL_HTTP_PORT", 8080)
        self.listen_address = os.environ.get("MALL_LISTEN_ADDRESS") or "127.0.0.1"
        self.nats_port = port("NATS_PORT", 4222)
        self.nats_monitor_port = port("NATS_MONITOR_PORT", 8222)
        self.postgres_port = port("POSTGRES_PORT", 5440)
        self.binaries = ROOT / "build/release/bin"
        self.folder = pathlib.Path(os.path.abspath(ROOT / (os.environ.get("MALL_DIR") or ".mall")))
        self.key = f"{self.folder.parent.name}-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:8]}"

    def built(self):
        """The services that there is a program for."""
        program = "mallbots" if self.one_process else None
        return [service for service in self.services if os.access(self.binaries / (program or service.name), os.X_OK)]

    def ports(self):
        """Every port that a start needs, by the variable that moves it."""
        needed = {"MALL_HTTP_PORT": self.http_port, "NATS_PORT": self.nats_port, "NATS_MONITOR_PORT": self.nats_monitor_port,
                  "POSTGRES_PORT": self.postgres_port}
        for service in self.built():
            needed[f"{service.variable}_HTTP_PORT"] = service.http_port
            needed[f"{service.variable}_GRPC_PORT"] = service.grpc_port
        return needed
