"""The few words of the NATS protocol that a test needs: publish with headers, subscribe."""

import socket


class NatsClient:
    def __init__(self, port, limit=10):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=limit)
        self._reader = self._socket.makefile("rb")
        self._inbox = 0
        self._reader.readline()  # INFO
        self._send(b'CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nPING\r\n')
        self._until(b"PONG")

    def close(self):
        self._reader.close()
        self._socket.close()

    def subscribe(self, subject):
        self._send(f"SUB {subject} 1\r\nPING\r\n".encode())
        self._until(b"PONG")

    def next_message(self):
        """(subject, headers, payload) of the next message that was subscribed to."""
        return self._read_message(self._until(b"MSG", b"HMSG"))

    def publish_stored(self, subject, headers, payload):
        """Returns once JetStream has stored it."""
        self._inbox += 1
        inbox = f"_INBOX.test.{self._inbox}"
        head = ("NATS/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode()
        self._send(f"SUB {inbox} {inbox}\r\nHPUB {subject} {inbox} {len(head)} {len(head) + len(payload)}\r\n".encode() + head + payload + b"\r\n")
        _, _, answer = self.next_message()
        if b'"seq":' not in answer:
            raise AssertionError(f"not stored: {answer!r}")

    def _send(self, data):
        self._socket.sendall(data)

    def _until(self, *words):
        while True:
            line = self._reader.readline()
            if not line or line.startswith(b"-ERR"):
                raise AssertionError(f"NATS says {line!r}")
            if line.split()[0] in words:
                return line
            if line.startswith(b"PING"):
                self._send(b"PONG\r\n")

    def _read_message(self, line):
        words = line.split()
        size = int(words[-1])
        head = int(words[-2]) if words[0] == b"HMSG" else 0
        body = self._reader.read(size + 2)[:size]
        headers = dict(part.split(": ", 1) for part in body[:head].decode().split("\r\n")[1:] if part)
        return words[1].decode(), headers, body[head:]
