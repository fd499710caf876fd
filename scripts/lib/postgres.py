"""A private PostgreSQL cluster: made, configured and started without touching any other on the machine."""

import glob
import os
import pathlib
import pwd
import secrets
import shutil
import subprocess
import tempfile

from . import processes

SUPERUSER = "mall_admin"


def binary(name):
    """The newest PostgreSQL installed the Debian way, else what the PATH has."""
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]))
    return found[-1] if found else name


def server_user():
    """PostgreSQL refuses to run as root; Debian's package brings this user. None: as whoever we are."""
    return "postgres" if os.geteuid() == 0 else None


def _as_server_user(command, **options):
    user = server_user()
    if user:
        command = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--reset-env", "--"] + command
    return subprocess.run(command, check=True, **options)


def give_to_server_user(path):
    user = server_user()
    if user:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def make_cluster(folder, password, settings):
    """Makes data/ and socket/ in the folder, which the server's user must be able to enter. Keeps data that is there; the
    settings are written each time."""
    folder = pathlib.Path(folder)
    data, sockets = folder / "data", folder / "socket"
    for path in (data, sockets):
        path.mkdir(parents=True, exist_ok=True)
        give_to_server_user(path)
    sockets.chmod(0o755)
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data)  # what an interrupted initdb left
        data.mkdir(mode=0o700)
        give_to_server_user(data)
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix="pw") as secret:
            secret.write(password)
            secret.flush()
            give_to_server_user(secret.name)
            _as_server_user([binary("initdb"), "-D", str(data), "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={secret.name}",
                             "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync"],
                            cwd="/", stdout=subprocess.DEVNULL)
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    lines.append(f"unix_socket_directories = '{sockets}'")
    own = data / "mall.conf"
    own.write_text("\n".join(lines) + "\n")
    give_to_server_user(own)
    main = data / "postgresql.conf"
    if "include 'mall.conf'" not in main.read_text():
        with main.open("a") as out:
            out.write("include 'mall.conf'\n")


def command(folder):
    return [binary("postgres"), "-D", str(pathlib.Path(folder) / "data")]


def is_ready(folder, port):
    return subprocess.run([binary("pg_isready"), "-q", "-h", str(pathlib.Path(folder) / "socket"), "-p", str(port)],
                          check=False).returncode == 0


class ThrowAway:
    """A cluster that lives as long as a `with` block, in a temporary folder, on a Unix socket and a free loopback port. Quick
    rather than durable: its data never outlives a power cut anyway."""

    SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": 400, "shared_buffers": "128MB", "fsync": "off",
                "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": 0, "autovacuum_naptime": "10min",
                "jit": "off", "max_wal_size": "2GB", "log_min_messages": "fatal"}

    def __enter__(self):
        parent = tempfile.gettempdir()
        self._folder = tempfile.mkdtemp(prefix="mall-test-", dir=parent if len(parent) < 60 else "/tmp")
        self._process = None
        try:
            os.chmod(self._folder, 0o755)
            self._password = secrets.token_hex(16)
            self._port = processes.free_port()
            make_cluster(self._folder, self._password, self.SETTINGS | {"port": self._port})
            with open(os.path.join(self._folder, "log"), "wb") as log:
                self._process = processes.start(command(self._folder), user=server_user(), cwd="/", stdout=log, stderr=log)
            if not processes.wait_until(lambda: is_ready(self._folder, self._port) or self._process.poll() is not None, 30) or \
               self._process.poll() is not None:
                raise SystemExit("test: PostgreSQL did not start:\n" + pathlib.Path(self._folder, "log").read_text())
        except BaseException:
            self.__exit__()
            raise
        return self

    def connection_string(self):
        return (f"host={self._folder}/socket port={self._port} user={SUPERUSER} password={self._password} dbname=postgres")

    def __exit__(self, *_):
        if self._process:
            processes.stop(self._process, how=processes.signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)
