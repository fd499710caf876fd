"""Who may include what. cmake/Layers.cmake checks the same for link dependencies; an include needs no link, so it is checked here."""

import re

from . import CPP, SERVICES, Finding, check, is_test

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
_KERNEL = r"pkg/(ids|money|clock|errors|uow|es)/"


def _includes(tree, path):
    for name, text in tree.matching(path, CPP):
        for number, line in enumerate(text.splitlines(), 1):
            match = _INCLUDE.match(line)
            if match:
                yield name, number, match.group(1), match.group(2)


@check("core-includes",
       bad=[{"baskets/internal/domain/basket.hpp": '#include "pkg/postgres/pool.hpp"\n'},
            {"baskets/internal/domain/basket.hpp": '#include "baskets/internal/app/app.hpp"\n'},
            {"baskets/internal/app/app.hpp": '#include "baskets/basketspb/api.pb.h"\n'},
            {"baskets/internal/app/app.hpp": '#include <fmt/format.h>\n'},
            {"baskets/internal/app/app.hpp": '#include <unistd.h>\n'}],
       good=[{"baskets/internal/domain/basket.cpp": '#include "baskets/internal/domain/basket.hpp"\n#include <vector>\n#include "pkg/ids/id.hpp"\n'},
             {"baskets/internal/app/app.hpp": '#include "baskets/internal/domain/basket.hpp"\n#include "pkg/uow/unit_of_work.hpp"\n'},
             {"baskets/internal/domain/basket_test.cpp": '#include <gtest/gtest.h>\n#include "pkg/es/testing/given.hpp"\n'}])
def core_includes(tree):
    for path, line, bracket, target in _includes(tree, r"^\w+/internal/(domain|app)/"):
        service, _, layer = path.split("/")[:3]
        inner = "domain|constants" if layer == "domain" else "domain|app|constants"
        allowed = rf"{_KERNEL}|{service}/internal/({inner})/"
        if is_test(path):
            allowed += r"|gtest/|gmock/"
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
       bad=[{"pkg/postgres/pool.hpp": f"#include <{driver}>\n"}
            for driver in ("libpq-fe.h", "nats/nats.h", "librdkafka/rdkafka.h", "grpcpp/grpcpp.h", "boost/beast/http.hpp")],
       good=[{"pkg/postgres/pool.cpp": "#include <libpq-fe.h>\n"}])
def driver_headers(tree):
    for path, line, _, target in _includes(tree, r"\.hpp$"):
        if re.match(r"(postgresql/)?libpq|nats|librdkafka/|grpcpp/|grpc/|boost/(beast|asio)|spdlog/|boost/json|cjose/|curl/", target):
            yield Finding(path, line, f"{target} in a header: everybody who includes it compiles the driver; keep it in a .cpp")
