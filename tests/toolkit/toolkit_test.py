"""Installs the toolkit, builds examples/parcels with what was installed and nothing else, and runs it on a real PostgreSQL and NATS.

    toolkit_test.py BUILD_FOLDER OUT_FOLDER
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(pathlib.Path(__file__).parent)]
from lib import nats_server, postgres, processes  # noqa: E402
from nats_client import NatsClient  # noqa: E402

EXAMPLE = ROOT / "examples/parcels"
BUILD, OUT = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
INSTALLED = OUT / "installed"
# This run's own results are counted, not those of the tests within.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GTEST_")}


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=ENVIRONMENT, **options)
    return done.returncode, done.stdout


def must(*command, **options):
    code, output = run(*command, **options)
    if code:
        raise AssertionError(f"{' '.join(map(str, command))}\n{output}")
    return output


def cache_of(build):
    return dict(re.findall(r"^(\w+):\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.M))


def configure(source, build):
    ccache = shutil.which("ccache")
    return run("cmake", "-S", source, "-B", build, "-G", "Ninja", f"-DCMAKE_BUILD_TYPE={cache_of(BUILD)['CMAKE_BUILD_TYPE']}",
               f"-DCMAKE_PREFIX_PATH={INSTALLED}", *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={ccache}"] if ccache else []))


def install():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    must("cmake", "--install", BUILD, "--component", "toolkit", "--prefix", INSTALLED)


@contextlib.contextmanager
def running(command, log, ready, **options):
    """A process that ends with the block; its log is told when it is not ready in time."""
    with open(log, "wb") as output:
        process = processes.start([str(word) for word in command], stdout=output, stderr=output, **options)
    try:
        if not processes.wait_until(lambda: process.poll() is not None or ready(), 30) or process.poll() is not None:
            raise AssertionError(f"{command[0]} is not ready after 30 s:\n{log.read_text()}")
        yield process
    finally:
        processes.stop(process)


@contextlib.contextmanager
def nats():
    port = processes.free_port()
    command = [nats_server.program(), "-js", "-a", "127.0.0.1", "-p", port, "-sd", OUT / "nats"]
    log = OUT / "nats.log"
    with running(command, log, lambda: "Server is ready" in log.read_text(), cwd=OUT):
        yield port


@contextlib.contextmanager
def database():
    """A connection string of an empty database."""
    with contextlib.ExitStack() as stack:
        server = os.environ.get("MALL_TEST_POSTGRES") or stack.enter_context(postgres.ThrowAway()).connection_string()
        name = f"toolkit_{os.getpid()}"
        psql = [postgres.binary("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", server, "-c"]
        must(*psql, f"CREATE DATABASE {name}")
        stack.callback(lambda: must(*psql, f"DROP DATABASE {name} WITH (FORCE)"))
        yield re.sub(r"\bdbname=\S+", "", server) + f" dbname={name}"


@contextlib.contextmanager
def parcels(nats_port, database_url):
    """The address of the running example, and its gRPC port."""
    log = OUT / "parcels.log"
    settings = {"PARCELS_HTTP_PORT": "0", "PARCELS_GRPC_PORT": "0", "PARCELS_DATABASE_URL": database_url, "NATS_URL": f"nats://127.0.0.1:{nats_port}"}

    def address():
        at_work = re.search(r'"httpPort":"?(\d+)', log.read_text())
        return at_work and f"http://127.0.0.1:{at_work.group(1)}"

    def ready():  # and connected to the event server: it has made its stream
        return address() and call("GET", address() + "/readiness") == (200, {"status": "ready"})

    with running([OUT / "example/parcels"], log, ready, env=ENVIRONMENT | settings) as process:
        yield address(), re.search(r'"grpcPort":"?(\d+)', log.read_text()).group(1)
        processes.stop(process)
        if process.returncode != 0:
            raise AssertionError(f"parcels ended with {process.returncode}:\n{log.read_text()}")


def call(verb, url, body=None):
    """(status, the answer's JSON)."""
    request = urllib.request.Request(url, method=verb, data=None if body is None else json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            status, text = refused.code, refused.read()
    try:
        return status, json.loads(text)
    except ValueError:
        return status, text


def proto(direction, message, data, file="messages.proto"):
    folders = [EXAMPLE, INSTALLED / "include/mallbots", cache_of(BUILD)["GOOGLEAPIS_DIR"]]
    done = subprocess.run(["protoc", f"--{direction}=post.parcels.v1.{message}", *[f"-I{folder}" for folder in folders], EXAMPLE / "parcelspb" / file],
                          input=data, capture_output=True, check=True)
    return done.stdout


def call_grpc(port, method, request):
    """(gRPC's status, the answer's bytes): HTTP/2 by curl, so that no gRPC client is needed here."""
    done = subprocess.run(["curl", "-sS", "--http2-prior-knowledge", "-D", OUT / "trailers", "-H", "content-type: application/grpc", "-H", "te: trailers",
                           "--data-binary", "@-", f"http://127.0.0.1:{port}/post.parcels.v1.Parcels/{method}"],
                          input=b"\0" + len(request).to_bytes(4, "big") + request, capture_output=True, check=True, timeout=20)
    return int(re.search(r"^grpc-status: (\d+)", (OUT / "trailers").read_text(), re.M).group(1)), done.stdout[5:]


def scan(parcel, place):
    headers = {"ce-specversion": "1.0", "ce-id": str(uuid.uuid4()), "ce-type": "post.parcels.v1.ParcelScanned", "ce-source": "/post/carrier",
               "ce-partitionkey": parcel, "ce-time": "2024-05-31T16:20:00Z", "content-type": "application/protobuf"}
    return headers, proto("encode", "ParcelScanned", f'parcel_id: "{parcel}" place: "{place}"'.encode())


class Installed(unittest.TestCase):
    def test_a_header_includes_only_what_is_installed_too(self):
        include = INSTALLED / "include/mallbots"
        headers = list(include.rglob("*.hpp"))
        self.assertGreater(len(headers), 100)
        wanted = {(path, target) for path in headers for target in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M)}
        self.assertEqual([], sorted(f"{path.relative_to(include)} includes {target}" for path, target in wanted if not (include / target).exists()))

    def project(self, name, find):
        source = OUT / name
        source.mkdir()
        (source / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.25)\nproject({name} LANGUAGES C CXX)\n{find}\n")
        return configure(source, source / "build")

    def test_one_component_asks_for_no_part_that_it_does_not_need(self):
        code, output = self.project("kernel", "find_package(MallBots 0.1 REQUIRED COMPONENTS es money)\n"
                                              "if(gRPC_FOUND OR Protobuf_FOUND OR PostgreSQL_FOUND)\n  message(FATAL_ERROR \"too much\")\nendif()\n"
                                              "file(WRITE a.cpp \"#include \\\"pkg/money/money.hpp\\\"\\nint main() {}\\n\")\n"
                                              "add_executable(a a.cpp)\ntarget_link_libraries(a mallbots::pkg_es mallbots::pkg_money)")
        self.assertEqual(code, 0, output)

    def test_a_component_that_there_is_not_is_named(self):
        code, output = self.project("wrong", "find_package(MallBots 0.1 REQUIRED COMPONENTS es teleport)")
        self.assertNotEqual(code, 0)
        self.assertIn("no component teleport", output)

    def test_a_newer_minor_version_is_not_taken_for_what_was_asked(self):
        code, output = self.project("newer", "find_package(MallBots 0.2 REQUIRED COMPONENTS es)")
        self.assertNotEqual(code, 0)
        self.assertIn("0.1", output)


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        code, output = configure(EXAMPLE, OUT / "example")
        if code:
            raise AssertionError(output)
        must("cmake", "--build", OUT / "example", "-j", max(2, os.cpu_count() or 1))

    def test_its_own_tests_pass(self):
        output = must("ctest", "--no-tests=error", "--output-on-failure", cwd=OUT / "example")
        self.assertIn("100% tests passed", output)

    def test_it_takes_calls_and_messages_and_tells_what_happened(self):
        with nats() as nats_port, database() as database_url, parcels(nats_port, database_url) as (address, grpc_port), \
             contextlib.closing(NatsClient(nats_port)) as client:
            client.subscribe("post.parcels.events.Parcel.*")

            status, sent = call("POST", f"{address}/api/v1/parcels", {"to": "Ann"})
            self.assertEqual(status, 201, sent)
            parcel = f"{address}/api/v1/parcels/{sent['id']}"
            self.assertEqual(call("GET", parcel), (200, {"id": sent["id"], "to": "Ann", "status": "ON_THE_WAY", "version": 1}))

            headers, payload = scan(sent["id"], "Hub")
            for _ in range(2):  # the second is the same message again, and has no second effect
                client.publish_stored("post.carrier.events.Scan", headers, payload)
            seen = processes.wait_until(lambda: call("GET", parcel)[1].get("place") == "Hub", 10)
            self.assertTrue(seen, f"waited for the parcel to be seen at the hub: {call('GET', parcel)}")
            self.assertEqual(call("GET", f"{address}/api/v1/parcels?place=Hub"), (200, {"ids": [sent["id"]]}))

            status, delivered = call("POST", parcel + ":deliver", {})
            self.assertEqual((status, delivered["status"], delivered["version"]), (200, "DELIVERED", 3), delivered)
            self.assertEqual(call("GET", f"{address}/api/v1/parcels?place=Hub"), (200, {"ids": []}))
            subject, headers, payload = client.next_message()
            self.assertEqual((subject, headers["ce-subject"], headers["ce-source"], headers["ce-aggregateversion"]),
                             ("post.parcels.events.Parcel.ParcelDelivered", sent["id"], "/post/parcels", "3"))
            self.assertEqual(proto("decode", "ParcelDelivered", payload).decode(), f'parcel_id: "{sent["id"]}"\nto: "Ann"\n')

            status, refused = call("POST", parcel + ":deliver", {})
            self.assertEqual((status, refused["code"]), (409, "already_delivered"))
            status, refused = call("POST", f"{address}/api/v1/parcels", {"to": ""})
            self.assertEqual((status, refused["code"], refused["field"]), (422, "address_missing", "to"))

            status, got = call_grpc(grpc_port, "GetParcel", proto("encode", "GetParcelRequest", f'id: "{sent["id"]}"'.encode(), "api.proto"))
            self.assertEqual(status, 0)
            self.assertIn("status: DELIVERED", proto("decode", "Parcel", got, "api.proto").decode())
            self.assertEqual(call_grpc(grpc_port, "GetParcel", b"")[0], 3)  # INVALID_ARGUMENT: that is no id


if __name__ == "__main__":
    install()
    unittest.main(argv=[sys.argv[0]])
