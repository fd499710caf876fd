"""A small client of the mall's REST API, for the demo and the demo data."""

import json
import time
import urllib.error
import urllib.request


class Refused(Exception):
    """The mall answered with a problem."""

    def __init__(self, method, path, status, problem):
        super().__init__(f"{method} {path}: {status} {problem.get('code', '')}: {problem.get('detail', '')}")
        self.status = status
        self.code = problem.get("code", "")


class Shop:
    """One visitor; signed in after sign_in()."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.token = None
        self.user = None

    def call(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/api/v1{path}", method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        data = None
        if method in ("POST", "PATCH", "PUT"):
            data = json.dumps(body or {}).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, data, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                problem = json.loads(text)
            except ValueError:
                problem = {"detail": text.decode(errors="replace")[:200]}
            raise Refused(method, path, error.code, problem) from None
        return json.loads(text) if text else {}

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None):
        return self.call("POST", path, body)

    def sign_in(self, username, password):
        session = self.post("/sessions", {"username": username, "password": password})
        self.token, self.user = session["accessToken"], session["user"]
        return self

    def await_(self, path, fits, what, limit=30.0):
        """Asks again and again until the answer fits; says what was awaited when it does not in time."""
        until, pause, last = time.monotonic() + limit, 0.005, None
        while time.monotonic() < until:
            try:
                last = self.get(path)
                if fits(last):
                    return last
            except Refused as refused:
                if refused.status not in (401, 403, 404, 503):
                    raise
                last = str(refused)
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)
        raise TimeoutError(f"waited {limit:.0f} s for {what}; the last answer was {json.dumps(last)[:500]}")


def open_store(owner, username, password, name, location, products):
    """A store with its products, open for business. `products`: name, description, sku, minor units, stock (None: unlimited)."""
    store = owner.post("/stores", {"name": name, "location": location})["id"]

    def owns():
        owner.sign_in(username, password)  # a role is in the token, so it comes with the next one
        return "owner" in owner.user["roles"]

    until = time.monotonic() + 30
    while not owns():
        if time.monotonic() > until:
            raise TimeoutError(f"waited 30 s for {username} to become an owner")
        time.sleep(0.05)
    owner.post(f"/stores/{store}:enableParticipation")
    ids = []
    for title, description, sku, price, stock in products:
        body = {"name": title, "description": description, "sku": sku, "price": {"currency": "EUR", "minorUnits": price}}
        if stock is not None:
            body["stock"] = stock
        ids.append(owner.post(f"/stores/{store}/products", body)["id"])
    return store, ids
