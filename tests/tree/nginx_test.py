"""What nginx itself has to say is said as the services say theirs: as problems, never as HTML."""

import json
import pathlib
import re
import socket
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from lib import processes  # noqa: E402

POST = b"POST /api/v1/stores HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\n"
GET = b"GET /api/v1/stores HTTP/1.1\r\nHost: mall\r\n"

# What is wrong, the request, the status.
CASES = (
    ("no such page", b"GET /nowhere HTTP/1.1\r\nHost: mall\r\n\r\n", 404),
    ("an own answer by its address", b"GET /own-answers/too_large HTTP/1.1\r\nHost: mall\r\n\r\n", 404),
    ("no such call", b"GET /api/v1/nothing HTTP/1.1\r\nHost: mall\r\n\r\n", 404),
    ("a folder", b"GET /docs/empty/ HTTP/1.1\r\nHost: mall\r\n\r\n", 404),
    ("a way out of the folder", b"GET /docs/../../etc/passwd HTTP/1.1\r\nHost: mall\r\n\r\n", 400),
    ("a service that is away", GET + b"\r\n", 503),
    ("rubbish", b"rubbish\r\n\r\n", 400),
    ("no host", b"GET /api/v1/stores HTTP/1.1\r\n\r\n", 400),
    ("a method for nobody", b"TRACE /api/v1/stores HTTP/1.1\r\nHost: mall\r\n\r\n", 404),
    ("a body of 10 MiB", POST + b"Content-Length: 10485760\r\n\r\n", 413),
    ("2 MiB in chunks", POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"40000\r\n" + b"x" * 0x40000 + b"\r\n") * 8, 413),
    ("a length in words", POST + b"Content-Length: ten\r\n\r\n", 400),
    ("length and chunks", POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("an unknown encoding", POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
    ("an address of 20 000 letters", b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: mall\r\n\r\n", 414),
    ("a header of 20 000 letters", GET + b"X: " + b"x" * 20_000 + b"\r\n\r\n", 431),
    ("5 000 headers", GET + b"".join(b"X-%d: y\r\n" % n for n in range(5_000)) + b"\r\n", 431),
    ("HTTP/9.9", b"GET / HTTP/9.9\r\nHost: mall\r\n\r\n", 501),
)


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


class OwnAnswers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        place = pathlib.Path(folder.name)
        place.chmod(0o755)  # root's nginx has workers of another user
        (place / "docs/empty").mkdir(parents=True)
        cls.port, nobody = free_port(), free_port()
        known = {"NGINX_USER": "", "NGINX_DIR": place, "NGINX_LOG_DIR": place, "NGINX_HTML_DIR": place,
                 "NGINX_MIME_TYPES": "/etc/nginx/mime.types", "MALL_LISTEN": f"127.0.0.1:{cls.port}"}
        template = (ROOT / "deploy/nginx/nginx.conf.template").read_text()
        text = re.sub(r"\$\{(\w+)\}", lambda name: str(known.get(name[1], f"127.0.0.1:{nobody}")), template)
        (place / "nginx.conf").write_text(text)
        log = place / "nginx.error.log"
        process = processes.start(["nginx", "-e", str(log), "-c", str(place / "nginx.conf"), "-g", "daemon off;"])
        cls.addClassCleanup(processes.stop, process)
        if not processes.wait_until(lambda: not processes.is_port_free(cls.port), 10):
            raise AssertionError(f"waited for nginx: {log.read_text() if log.exists() else ''}")

    def ask(self, request):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as server:
            try:
                server.sendall(request)
            except OSError:
                pass  # it has answered before it has read all
            answer = b""
            while b"\r\n\r\n" not in answer or len(answer.split(b"\r\n\r\n", 1)[1]) < self.length(answer):
                more = server.recv(65536)
                if not more:
                    break
                answer += more
        head, _, body = answer.partition(b"\r\n\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
        return int(head.split()[1]), headers, body.decode()

    @staticmethod
    def length(answer):
        return int(re.search(rb"(?i)content-length: (\d+)", answer)[1])

    def test_are_problems_with_their_status_code_and_trace(self):
        for what, request, expected in CASES:
            with self.subTest(what):
                status, headers, body = self.ask(request)
                self.assertEqual((status, headers.get("content-type")), (expected, "application/problem+json"), body)
                problem = json.loads(body)
                self.assertEqual(problem["status"], expected)
                self.assertEqual(headers["x-request-id"], problem["traceId"])
                for name in ("type", "title", "code", "detail", "traceId"):
                    self.assertTrue(problem[name], name)

    def test_of_every_error_that_it_can_make_are_covered(self):
        text = (ROOT / "deploy/nginx/nginx.conf.template").read_text()
        covered = {int(code) for line in re.findall(r"error_page ([\d ]+)=", text) for code in line.split()}
        self.assertGreaterEqual(covered, {400, 403, 404, 405, 408, 411, 412, 413, 414, 416, 421, 494, 495, 496, 497,
                                          500, 501, 502, 503, 504, 505})


if __name__ == "__main__":
    unittest.main()
