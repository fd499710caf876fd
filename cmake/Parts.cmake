# Third-party parts, one name each. scripts/setup installs them; docs/adr says why each was chosen.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(spdlog CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(CURL REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(GTest CONFIG REQUIRED)

pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)

# Debian's cnats package names a static library that it does not ship, so the shared one is found by hand.
find_path(NATS_INCLUDE_DIR nats/nats.h REQUIRED)
find_library(NATS_LIBRARY nats REQUIRED)
add_library(nats::nats UNKNOWN IMPORTED)
set_target_properties(nats::nats PROPERTIES IMPORTED_LOCATION ${NATS_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${NATS_INCLUDE_DIR})

find_path(CJOSE_INCLUDE_DIR cjose/cjose.h REQUIRED)
find_library(CJOSE_LIBRARY cjose REQUIRED)
find_library(JANSSON_LIBRARY jansson REQUIRED)
add_library(cjose::cjose UNKNOWN IMPORTED)
set_target_properties(cjose::cjose PROPERTIES IMPORTED_LOCATION ${CJOSE_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${CJOSE_INCLUDE_DIR}
                                              INTERFACE_LINK_LIBRARIES "${JANSSON_LIBRARY};OpenSSL::Crypto")

find_path(GOOGLEAPIS_DIR google/api/annotations.proto REQUIRED
          HINTS /usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis)
