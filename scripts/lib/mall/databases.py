"""One database and one role a service, made where they are missing."""

import subprocess
import urllib.parse

from .. import postgres

# Two cores and little memory beside the services; everything that is committed is on the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "max_connections": 150, "shared_buffers": "64MB", "effective_cache_size": "512MB", "work_mem": "4MB",
    "maintenance_work_mem": "32MB", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "wal_compression": "on",
    "wal_level": "minimal", "max_wal_senders": 0, "max_wal_size": "1GB", "checkpoint_timeout": "15min", "jit": "off",
    "max_parallel_workers_per_gather": 0, "random_page_cost": 1.1, "autovacuum_max_workers": 2, "log_min_duration_statement": "1s",
    "log_timezone": "UTC", "timezone": "UTC", "idle_in_transaction_session_timeout": "60s",
}


def url(service, state, settings, secrets):
    host = urllib.parse.quote(str(state.folder / "postgres/socket"), safe="")
    return (f"postgresql://{service.name}:{secrets[service.variable + '_DATABASE_PASSWORD']}@/{service.name}"
            f"?host={host}&port={settings.postgres_port}")


def create(services, state, settings, secrets):
    """Idempotent. The statements go in by standard input, so that no password is seen among the processes."""
    script = []
    for service in services:
        name, password = service.name, secrets[service.variable + "_DATABASE_PASSWORD"]
        script += [
            f"SELECT 'CREATE ROLE \"{name}\" LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec",
            f"ALTER ROLE \"{name}\" PASSWORD '{password}';",
            f"SELECT 'CREATE DATABASE \"{name}\" OWNER \"{name}\"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec",
            f"REVOKE ALL ON DATABASE \"{name}\" FROM PUBLIC;",
        ]
    command = [postgres.binary("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(state.folder / "postgres/socket"), "-p", str(settings.postgres_port),
               "-U", postgres.SUPERUSER, "-d", "postgres"]
    subprocess.run(command, input="\n".join(script), text=True, check=True, stdout=subprocess.DEVNULL,
                   env={"PATH": "/usr/bin:/bin", "PGPASSWORD": secrets["POSTGRES_PASSWORD"], "PGCONNECT_TIMEOUT": "10"})
