"""Who may include what. cmake/Layers.cmake checks the same for link dependencies; an include needs no link, so it is checked here."""

import re

from . import CPP, SERVICES, Finding, check, is_test

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
_DRIVER = re.compile(r"(postgresql/)?libpq|nats/|librdkafka/|grpcpp/|grpc/|boost/(beast|asio|json)|spdlog/|cjose/|curl/")
_KERNEL = {"pkg/ids/CMakeLists.txt": "mall_pkg(ids LAYER kernel)\n", "pkg/uow/CMakeLists.txt": "mall_pkg(uow LAYER kernel)\n",
           "pkg/es/CMakeLists.txt": "mall_pkg(es LAYER kernel)\n", "pkg/postgres/CMakeLists.txt": "mall_pkg(postgres)\n"}


def _includes(tree, path):
    for name, text in tree.matching(path, CPP):
        for number, line in enumerate(text.splitlines(), 1):
            match = _INCLUDE.match(line)
            if match:
                yield name, number, match.group(1), match.group(2)


def _kernel(tree):
    """The concepts of pkg/ that say of themselves that they are kernel."""
    return [match.group(1) for _, text in tree.matching(r"^pkg/\w+/CMakeLists.txt$")
            for match in re.finditer(r"mall_pkg\(\s*(\w+)\s+LAYER\s+kernel\b", text)]


@check("core-includes",
       bad=[_KERNEL | {"baskets/internal/domain/basket.hpp": '#include "pkg/postgres/pool.hpp"\n'},
            _KERNEL | {"baskets/internal/domain/basket.hpp": '#include "baskets/internal/app/app.hpp"\n'},
            _KERNEL | {"baskets/internal/app/app.hpp": '#include "baskets/basketspb/api.pb.h"\n'},
            _KERNEL | {"baskets/internal/app/app.hpp": '#include <fmt/format.h>\n'},
            _KERNEL | {"baskets/internal/app/app.hpp": '#include <unistd.h>\n'}],
       good=[_KERNEL | {"baskets/internal/domain/basket.cpp": '#include "baskets/internal/domain/basket.hpp"\n#include <vector>\n#include "pkg/ids/id.hpp"\n'},
             _KERNEL | {"baskets/internal/app/app.hpp": '#include "baskets/internal/domain/basket.hpp"\n#include "pkg/uow/unit_of_work.hpp"\n'},
             _KERNEL | {"baskets/internal/domain/basket_test.cpp": '#include <gtest/gtest.h>\n#include "pkg/testing/wait.hpp"\n'}])
def core_includes(tree):
    kernel = f"pkg/({'|'.join(_kernel(tree)) or 'none'})/"
    for path, line, bracket, target in _includes(tree, r"^\w+/internal/(domain|app)/"):
        service, _, layer = path.split("/")[:3]
        inner = "domain|constants" if layer == "domain" else "domain|app|constants"
        allowed = rf"{kernel}|{service}/internal/({inner})/"
        if is_test(path):
            allowed += r"|gtest/|gmock/|pkg/testing/"
        standard = bracket == "<" and re.fullmatch(r"[a-z_]+", target)
        if not standard and not re.match(allowed, target):
            yield Finding(path, line, f"{layer}/ may include the standard library, pkg's kernel and its own core, not {target}")


@check("other-services",
       bad=[{"ordering/internal/adapters/grpc/stores.cpp": '#include "stores/internal/domain/store.hpp"\n'},
            {"pkg/rest/server.cpp": '#include "users/userspb/api.pb.h"\n'}],
       good=[{"ordering/internal/adapters/grpc/stores.cpp": '#include "stores/storespb/api.grpc.pb.h"\n'},
             {"mallbots/cmd/service/main.cpp": '#include "stores/internal/agent/agent.hpp"\n'}])
def other_services(tree):
    services = "|".join(SERVICES)
    for path, line, _, target in _includes(tree, rf"^({services}|pkg)/"):
        owner = path.split("/")[0]
        other = re.match(rf"({services})/(\w+)/", target)
        if other and other.group(1) != owner and (owner == "pkg" or other.group(2) != f"{other.group(1)}pb"):
            yield Finding(path, line, f"{target} belongs to {other.group(1)}; only its pb may be used, and none of it in pkg/")


@check("driver-headers",
       bad=[{"pkg/postgres/pool.hpp": f"#include <{driver}>\n", "ordering/internal/agent/agent.cpp": '#include "pkg/postgres/pool.hpp"\n'}
            for driver in ("libpq-fe.h", "nats/nats.h", "librdkafka/rdkafka.h", "grpcpp/grpcpp.h", "boost/beast/http.hpp")] +
           [{"pkg/a/inner.hpp": "#include <libpq-fe.h>\n", "pkg/a/outer.hpp": '#include "pkg/a/inner.hpp"\n', "pkg/b/b.cpp": '#include "pkg/a/outer.hpp"\n'}],
       good=[{"pkg/postgres/pool.cpp": "#include <libpq-fe.h>\n"},
             {"pkg/postgres/raw.hpp": "#include <libpq-fe.h>\n", "pkg/postgres/pool.cpp": '#include "pkg/postgres/raw.hpp"\n'}])
def driver_headers(tree):
    """A header that brings a driver in, itself or through another, is its folder's own affair."""
    drivers = {}
    edges = [(path, line, target) for path, line, _, target in _includes(tree, r"")]
    for path, _, target in edges:
        if path.endswith(".hpp") and _DRIVER.match(target):
            drivers[path] = target
    grown = True
    while grown:
        more = {path: drivers[target] for path, _, target in edges if path.endswith(".hpp") and target in drivers and path not in drivers}
        drivers |= more
        grown = bool(more)
    for path, line, target in edges:
        if target in drivers and not path.startswith(target.rsplit("/", 1)[0] + "/"):
            yield Finding(path, line, f"{target} brings {drivers[target]} in: everybody who includes it compiles the driver; keep that in a .cpp")
