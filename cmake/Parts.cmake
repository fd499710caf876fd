# Third-party parts, one name each. scripts/setup installs them; docs/adr says why each was chosen. The tree needs all of them; the
# installed toolkit (MallBotsConfig.cmake) only those of the components that were asked for, named in MALL_PARTS_WANTED.
macro(_mall_part name)
  if(NOT DEFINED MALL_PARTS_WANTED OR "${name}" IN_LIST MALL_PARTS_WANTED)
    find_package(${name} ${ARGN} REQUIRED)
  endif()
endmacro()

_mall_part(Threads)
_mall_part(OpenSSL)
_mall_part(Protobuf)
_mall_part(gRPC CONFIG)
_mall_part(PostgreSQL)
_mall_part(Boost 1.81 COMPONENTS json url)
_mall_part(spdlog CONFIG)
_mall_part(fmt CONFIG)
_mall_part(prometheus-cpp CONFIG)
_mall_part(CURL)
_mall_part(CLI11 CONFIG)
_mall_part(GTest CONFIG)
_mall_part(PkgConfig)
if(PkgConfig_FOUND AND NOT TARGET PkgConfig::argon2)
  pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
endif()

# Debian's cnats package names a static library that it does not ship, so the shared one is found by hand.
if((NOT DEFINED MALL_PARTS_WANTED OR "nats" IN_LIST MALL_PARTS_WANTED) AND NOT TARGET nats::nats)
  find_path(NATS_INCLUDE_DIR nats/nats.h REQUIRED)
  find_library(NATS_LIBRARY nats REQUIRED)
  add_library(nats::nats UNKNOWN IMPORTED)
  set_target_properties(nats::nats PROPERTIES IMPORTED_LOCATION ${NATS_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${NATS_INCLUDE_DIR})
endif()

# The programs' allocator (docs/adr/0024), not the toolkit's. Sanitizers bring their own.
if(NOT DEFINED MALL_PARTS_WANTED AND NOT MALL_SANITIZE)
  find_library(JEMALLOC_ARCHIVE libjemalloc_pic.a REQUIRED)
  add_library(jemalloc::jemalloc UNKNOWN IMPORTED)
  set_target_properties(jemalloc::jemalloc PROPERTIES IMPORTED_LOCATION ${JEMALLOC_ARCHIVE})
endif()

if((NOT DEFINED MALL_PARTS_WANTED OR "cjose" IN_LIST MALL_PARTS_WANTED) AND NOT TARGET cjose::cjose)
  find_path(CJOSE_INCLUDE_DIR cjose/cjose.h REQUIRED)
  find_library(CJOSE_LIBRARY cjose REQUIRED)
  find_library(JANSSON_LIBRARY jansson REQUIRED)
  add_library(cjose::cjose UNKNOWN IMPORTED)
  set_target_properties(cjose::cjose PROPERTIES IMPORTED_LOCATION ${CJOSE_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${CJOSE_INCLUDE_DIR}
                                                INTERFACE_LINK_LIBRARIES "${JANSSON_LIBRARY};OpenSSL::Crypto")
endif()

if(NOT DEFINED MALL_PARTS_WANTED OR "Protobuf" IN_LIST MALL_PARTS_WANTED)
  find_path(GOOGLEAPIS_DIR google/api/annotations.proto REQUIRED
            HINTS /usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis)
endif()
