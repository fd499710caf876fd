"""Writes what the mall's programs read: their environment and the files of supervisord, NATS and nginx."""

import os
import pathlib
import shlex

from .. import nats_server, postgres
from . import databases, restart
from .settings import ROOT

PROGRAM = """
[{kind}:{name}]
command={launch} {log} {environment_file} {command}
directory={directory}
environment={environment}
autostart={autostart}
autorestart=true
startsecs=1
startretries=3
killasgroup=true
stopsignal={stopsignal}
stopwaitsecs={stopwaitsecs}
priority={priority}
stdout_logfile=NONE
stderr_logfile=NONE
"""

# supervisord opens the socket and passes it to the processes of the section, of which there may be two: the second is a service's next process
# beside the one before, see restart.py.
SHARED = """socket=tcp://{host}:{port}
socket_backlog=4096
numprocs=2
process_name=%(program_name)s-%(process_num)d
"""


def environment_of(service, state, settings, secrets):
    """What a service is told; peers by their gRPC addresses."""
    values = {
        "EVENT_SERVER_TYPE": os.environ.get("EVENT_SERVER_TYPE") or "nats",
        "NATS_URL": f"nats://127.0.0.1:{settings.nats_port}",
        "JWKS_URL": next(f"http://127.0.0.1:{users.http_port}/api/v1/jwks" for users in settings.services if users.name == "users"),
        "SERVICE_SECRET": secrets["SERVICE_SECRET"],
        f"{service.variable}_DATABASE_URL": databases.url(service, state, settings, secrets),
        f"{service.variable}_HTTP_PORT": service.http_port,
        f"{service.variable}_GRPC_PORT": service.grpc_port,
    }
    if service.name == "users":
        values |= {"USERS_OPERATOR_USERNAME": "operator", "USERS_OPERATOR_EMAIL": "operator@mall.test",
                   "USERS_OPERATOR_PASSWORD": secrets["OPERATOR_PASSWORD"]}
    for peer in settings.services:
        values[f"{peer.variable}_GRPC_ADDRESS"] = f"127.0.0.1:{peer.grpc_port}"
    return values


def _program(state, name, command, priority, environment_file="-", directory=ROOT, autostart=True, stopsignal="TERM", stopwaitsecs=15, port=None, **environment):
    launch = [str(ROOT / "scripts/lib/launch"), str(state.folder / f"log/{name}.log"), str(environment_file)]
    words = [shlex.quote(word).replace("%", "%%") for word in launch + [str(word) for word in command]]
    # The variable by which the services would be told, did they open their ports themselves.
    host = os.environ.get(f"{name.upper()}_LISTEN_HOST") or os.environ.get("LISTEN_HOST") or "127.0.0.1"
    shared = SHARED.format(host=host, port=port) if port else ""
    return PROGRAM.format(kind="fcgi-program" if port else "program", name=name, launch=words[0], log=words[1], environment_file=words[2], command=" ".join(words[3:]),
                          directory=str(directory).replace("%", "%%"), autostart=str(autostart).lower(), stopsignal=stopsignal,
                          stopwaitsecs=stopwaitsecs, priority=priority,
                          environment=",".join(f'{key}="{value}"' for key, value in environment.items())) + shared


def daemon(state):
    """supervisord itself, controlled over a socket in the folder."""
    return f"""[supervisord]
nodaemon=true
logfile={state.folder}/log/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={state.folder}/supervisord.pid
childlogdir={state.folder}/log
{'user=root' if os.geteuid() == 0 else ''}
[unix_http_server]
file={state.folder}/supervisor.sock
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{state.folder}/supervisor.sock
"""


def _supervisor(state, settings):
    sections = [daemon(state)]
    run_as = {"RUN_AS": postgres.server_user()} if postgres.server_user() else {}
    sections.append(_program(state, "postgres", postgres.command(state.folder / "postgres"), 10, directory="/", stopsignal="INT",
                             stopwaitsecs=30, PDEATHSIG="INT", **run_as))
    sections.append(_program(state, "nats", [nats_server.program(), "-c", state.folder / "nats.conf"], 10, stopsignal="INT", PDEATHSIG="INT"))
    if settings.one_process and settings.built():
        sections.append(_program(state, "mallbots", [settings.binaries / "mallbots"], 20, environment_file=state.folder / "env/mallbots.env",
                                 autostart=False))
    for service in [] if settings.one_process else settings.built():
        sections.append(_program(state, service.name, [settings.binaries / service.name], 20, autostart=False, directory=ROOT / service.name,
                                 environment_file=state.folder / f"env/{service.name}.env", port=service.http_port,
                                 PASS_SOCKET="yes", NOTIFY_SOCKET=restart.notify_socket(state)))
    sections.append(_program(state, "nginx", ["nginx", "-e", state.folder / "log/nginx.error.log", "-c", state.folder / "nginx/nginx.conf",
                                              "-g", "daemon off;"], 30, autostart=False, stopsignal="QUIT", PDEATHSIG="QUIT"))
    return "".join(sections)


def _fill(template, values):
    text = pathlib.Path(ROOT / template).read_text()
    for name, value in values.items():
        text = text.replace("${" + name + "}", str(value))
    return text


def _nginx(state, settings):
    folder = state.folder / "nginx"
    values = {
        # Root's nginx gives its workers to Debian's user for them.
        "NGINX_USER": "user www-data;" if os.geteuid() == 0 else "",
        "NGINX_DIR": folder, "NGINX_LOG_DIR": state.folder / "log", "NGINX_HTML_DIR": folder / "html", "NGINX_MIME_TYPES": "/etc/nginx/mime.types",
        "MALL_LISTEN": f"{settings.listen_address}:{settings.http_port}",
    } | {f"{service.variable}_HTTP_ADDRESS": f"127.0.0.1:{service.http_port}" for service in settings.services}
    rows = "\n".join(f'<tr><td>{service.name}</td><td><a href="/{service.name}/swagger/">Swagger UI</a></td>'
                     f'<td><a href="/{service.name}/openapi.json">openapi.json</a></td></tr>' for service in settings.services)
    state.write("nginx/nginx.conf", _fill("deploy/nginx/nginx.conf.template", values))
    state.write("nginx/html/docs/index.html", _fill("deploy/nginx/docs.html.template", {"SERVICE_ROWS": rows}))


def write(state, settings, secrets):
    everything = {}
    for service in settings.services:
        values = environment_of(service, state, settings, secrets)
        everything |= values
        state.write(f"env/{service.name}.env", _as_file(values), mode=0o600)
    state.write("env/mallbots.env", _as_file(everything), mode=0o600)
    # One stream is kept in memory-mapped files; the limits keep a laptop's disk from filling.
    state.write("nats.conf", f"""listen: "127.0.0.1:{settings.nats_port}"
http: "127.0.0.1:{settings.nats_monitor_port}"
server_name: mall
max_payload: 1MB
jetstream {{ store_dir: "{state.folder}/nats", max_memory_store: 64MB, max_file_store: 4GB }}
""")
    state.write("supervisord.conf", _supervisor(state, settings), mode=0o600)
    _nginx(state, settings)


def _as_file(values):
    return "".join(f"{name}={shlex.quote(str(value))}\n" for name, value in values.items())
