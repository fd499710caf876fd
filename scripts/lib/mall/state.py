"""The mall's folder: data, secrets, logs and what is generated at each start."""

import contextlib
import fcntl
import os
import pathlib
import secrets
import shutil
import subprocess

from .. import postgres
from .settings import Refused

STATE_OF_ROOT = pathlib.Path("/var/lib/mallbots")
LOG_LIMIT = 20 * 1024 * 1024


def _can_enter(user, path):
    return subprocess.run(["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", "test", "-x", str(path)],
                          check=False, cwd="/").returncode == 0


class State:
    def __init__(self, settings):
        self.link = settings.folder
        self._key = settings.key

    def make(self):
        """Root's PostgreSQL and nginx workers run as other users, who cannot enter a home folder such as root's. Then the folder
        is a link to one that they can enter."""
        user = postgres.server_user()
        if not self.link.exists():
            if self.link.is_symlink():
                self.link.unlink()
            if user and not _can_enter(user, self.link.parent):
                target = STATE_OF_ROOT / self._key
                target.mkdir(parents=True, exist_ok=True)
                self.link.symlink_to(target)
            else:
                self.link.mkdir(parents=True)
        self.folder.chmod(0o711 if user else 0o700)
        if user and not _can_enter(user, self.folder):
            raise Refused(f"user {user}, whom PostgreSQL runs as, cannot enter {self.folder}; set MALL_DIR to a folder that it can enter")
        for name in ("log", "env", "nats", "postgres", "nginx"):
            (self.folder / name).mkdir(exist_ok=True)
        (self.folder / "env").chmod(0o700)
        if len(str(self.folder)) > 80:
            raise Refused(f"{self.folder} is too long a path for the sockets in it; set MALL_DIR to a shorter one")
        for log in (self.folder / "log").glob("*.log"):
            if log.stat().st_size > LOG_LIMIT:
                log.replace(f"{log}.1")

    @property
    def folder(self):
        return self.link.resolve()

    @contextlib.contextmanager
    def locked(self):
        """One run per folder; the lock file names the process that holds it."""
        with open(self.folder / "run.lock", "a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(f"a mall runs from {self.link} already (process {self.holder()}); make stop ends it") from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def holder(self):
        """The process that runs a mall from here, or None."""
        try:
            with open(self.folder / "run.lock", encoding="utf-8") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return None
                except BlockingIOError:
                    return int(lock.read() or 0) or None
        except FileNotFoundError:
            return None

    def secrets(self, services):
        """Made on the first start and kept; what a new service needs is added."""
        path = self.folder / "secrets.env"
        known = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line) if path.exists() else {}
        wanted = ["SERVICE_SECRET", "OPERATOR_PASSWORD", "POSTGRES_PASSWORD"] + [f"{service.variable}_DATABASE_PASSWORD" for service in services]
        missing = {name: secrets.token_urlsafe(12) if name == "OPERATOR_PASSWORD" else secrets.token_hex(24) for name in wanted if name not in known}
        if missing:
            self.write("secrets.env", "".join(f"{name}={value}\n" for name, value in (known | missing).items()), mode=0o600)
        return known | missing

    def write(self, name, text, mode=0o644):
        """Replaces a file of the folder as a whole."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        return path

    def log_tail(self, name, lines=15):
        path = self.folder / "log" / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else "(no log)"

    def delete(self):
        folder = self.folder
        if folder.exists():
            shutil.rmtree(folder)
        if self.link.is_symlink():
            self.link.unlink()
