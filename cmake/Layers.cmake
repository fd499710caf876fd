# Which layer may depend on which. Dependencies point inwards: domain <- app <- ports, adapters <- agent <- cmd.
# Every target made by cmake/Targets.cmake carries its layer; layers_check_now() refuses an edge that is not listed here.
#   kernel   ids, money, clock, errors, es: no I/O, no third party
#   toolkit  the rest of pkg/
#   pb       a service's published messages; the only way into another service
set(LAYER_EDGES_kernel   kernel)
set(LAYER_EDGES_toolkit  kernel toolkit pb)
set(LAYER_EDGES_pb       pb)
set(LAYER_EDGES_domain   kernel)
set(LAYER_EDGES_app      kernel domain)
set(LAYER_EDGES_ports    kernel toolkit pb domain app)
set(LAYER_EDGES_adapters kernel toolkit pb domain app adapters)
set(LAYER_EDGES_agent    kernel toolkit pb domain app ports adapters)
set(LAYER_EDGES_cmd      kernel toolkit agent)
set(LAYER_EDGES_test     kernel toolkit pb domain app ports adapters agent test)

# Layers that may be reached from another service: the kernel, the toolkit and published messages; and agents, from cmd
# (one process that runs them all) and from tests.
set(LAYERS_PUBLIC kernel toolkit pb test)

function(layers_check_now)
  get_property(targets GLOBAL PROPERTY MALL_TARGETS)
  set(wrong "")
  foreach(from IN LISTS targets)
    get_target_property(from_layer ${from} MALL_LAYER)
    get_target_property(from_service ${from} MALL_SERVICE)
    get_target_property(deps ${from} MALL_DEPS)
    foreach(to IN LISTS deps)
      if(NOT TARGET ${to})
        string(APPEND wrong "\n  ${from} depends on ${to}, which does not exist")
        continue()
      endif()
      get_target_property(to_layer ${to} MALL_LAYER)
      if(NOT to_layer)
        continue() # a third-party part; scripts/lint checks which layer includes which of them
      endif()
      get_target_property(to_service ${to} MALL_SERVICE)
      if(NOT to_layer IN_LIST LAYER_EDGES_${from_layer})
        string(APPEND wrong "\n  ${from} (${from_layer}) may not depend on ${to} (${to_layer})")
      elseif(NOT from_service STREQUAL to_service AND NOT to_layer IN_LIST LAYERS_PUBLIC
             AND NOT from_layer STREQUAL "test" AND NOT (from_layer STREQUAL "cmd" AND to_layer STREQUAL "agent"))
        string(APPEND wrong "\n  ${from} reaches into another service: ${to}; only its pb may be used")
      endif()
    endforeach()
  endforeach()
  if(wrong)
    message(FATAL_ERROR "Layers broken (cmake/Layers.cmake has the table):${wrong}")
  endif()
endfunction()
