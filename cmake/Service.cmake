# One file that is in memory once, whatever number of services run (docs/adr/0032). Sanitized services have programs of their own.
option(MALL_ONE_PROGRAM "Make each service's program a link to mallbots, which is the service that it is called like" ON)

# What NAME builds: bin/NAME.
function(_mall_service_program name)
  set(program "${CMAKE_BINARY_DIR}/bin/${name}")
  set(link "")
  if(MALL_ONE_PROGRAM AND NOT MALL_SANITIZE)
    set(link mallbots)
  endif()
  set(found "")
  if(IS_SYMLINK "${program}")
    file(READ_SYMLINK "${program}" found)
  endif()
  if(NOT found STREQUAL link)
    file(REMOVE "${program}")  # of another configuration; and a linker writes through a link, over mallbots
  endif()

  if(NOT link)
    mall_executable(${name} LAYER cmd SERVICE ${name} SRCS cmd/service/main.cpp DEPS ${name}_agent)
    return()
  endif()
  add_custom_command(OUTPUT "${program}" COMMAND ${CMAKE_COMMAND} -E create_symlink ${link} "${program}" VERBATIM)
  add_custom_target(${name} DEPENDS "${program}")
  add_dependencies(${name} ${link})
  _mall_finish(${name} cmd ${name} DEPS ${name}_agent)
endfunction()

# mall_service(NAME [PB deps] [DOMAIN deps] [APP deps] [STORE_PB deps] [ADAPTERS deps] [PORTS deps] [AGENT deps]): a service of the shape
# that all have, made of what is in its folder; a new file needs no line here. Each list is what that layer uses besides the layers of its
# own service, which it has anyway:
#
#   NAME_pb        NAMEpb/*.proto                       what it publishes: its API and its messages
#   NAME_domain    internal/domain/*.cpp                (may be missing)
#   NAME_app       internal/app/**.cpp                  domain
#   NAME_store_pb  internal/adapters/pg/*.proto         what it stores (may be missing)
#   NAME_adapters  internal/adapters/**.cpp             app, store_pb
#   NAME_ports     internal/ports/**.cpp                app, pb
#   NAME_agent     internal/agent/*.cpp                 all of these; and, as part of the program, internal/adapters/migrations/*.sql,
#                                                       app.env and the descriptors of NAME_pb
#   NAME           cmd/service/main.cpp, or a link      agent
#
# Which layer may use what: Layers.cmake.
function(mall_service name)
  set(layers PB DOMAIN APP STORE_PB ADAPTERS PORTS AGENT)
  cmake_parse_arguments(ARG "" "" "${layers}" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "mall_service(${name}): ${ARG_UNPARSED_ARGUMENTS} belongs to no layer; there are ${layers}")
  endif()
  set(internal "${CMAKE_CURRENT_SOURCE_DIR}/internal")

  file(GLOB published CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}/${name}pb/*.proto")
  mall_proto(${name}_pb SERVICE ${name} PROTOS ${published} DEPS googleapis_pb pkg_rpc_pb ${ARG_PB})

  set(own "")
  file(GLOB domain CONFIGURE_DEPENDS "${internal}/domain/*.cpp")
  if(domain)
    mall_library(${name}_domain LAYER domain SERVICE ${name} SRCS ${domain} DEPS ${ARG_DOMAIN})
    set(own ${name}_domain)
  endif()

  file(GLOB_RECURSE app CONFIGURE_DEPENDS "${internal}/app/*.cpp")
  mall_library(${name}_app LAYER app SERVICE ${name} SRCS ${app} DEPS ${own} pkg_uow ${ARG_APP})
  list(APPEND own ${name}_app)

  set(stored "")
  file(GLOB store_protos CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${internal}/adapters/pg/*.proto")
  if(store_protos)
    mall_proto(${name}_store_pb SERVICE ${name} LAYER adapters PROTOS ${store_protos} DEPS ${ARG_STORE_PB})
    set(stored ${name}_store_pb)
  endif()
  file(GLOB_RECURSE adapters CONFIGURE_DEPENDS "${internal}/adapters/*.cpp")
  mall_library(${name}_adapters LAYER adapters SERVICE ${name} SRCS ${adapters} DEPS ${name}_app ${stored} ${ARG_ADAPTERS})

  file(GLOB_RECURSE ports CONFIGURE_DEPENDS "${internal}/ports/*.cpp")
  mall_library(${name}_ports LAYER ports SERVICE ${name} SRCS ${ports} DEPS ${name}_app ${name}_pb pkg_messaging pkg_rpc ${ARG_PORTS})

  file(GLOB agent CONFIGURE_DEPENDS "${internal}/agent/*.cpp")
  mall_library(${name}_agent LAYER agent SERVICE ${name} SRCS ${agent}
               DEPS pkg_agent ${own} ${ARG_AGENT} PRIVATE_DEPS ${name}_adapters ${name}_ports)
  file(GLOB migrations CONFIGURE_DEPENDS "${internal}/adapters/migrations/*.sql")
  if(migrations)
    mall_embed(${name}_agent NAMESPACE ${name}::agent SYMBOL migration_files FILES ${migrations})
  endif()
  mall_embed(${name}_agent NAMESPACE ${name}::agent SYMBOL descriptor_files FILES ${CMAKE_BINARY_DIR}/gen/${name}_pb.desc)
  mall_embed(${name}_agent NAMESPACE ${name}::agent SYMBOL default_settings FILES ${CMAKE_CURRENT_SOURCE_DIR}/app.env)

  _mall_service_program(${name})
endfunction()
