# The layer table (cmake/Layers.cmake) lets the edges inwards pass and names every other one.
set(allowed a_app>a_domain a_domain>kernel a_ports>a_app a_adapters>a_domain a_ports>toolkit a_ports>b_pb a_adapters>b_pb a_agent>a_ports
            a_agent>a_adapters a_cmd>a_agent a_cmd>b_agent toolkit>kernel)
set(forbidden a_domain>a_app a_domain>toolkit a_domain>a_pb a_app>toolkit a_app>a_pb a_app>a_adapters a_ports>a_adapters a_adapters>a_ports
              a_adapters>a_agent a_cmd>a_domain kernel>toolkit toolkit>a_domain a_pb>toolkit a_app>b_domain a_adapters>b_app a_agent>b_agent
              a_agent>nowhere)

function(configure edges name code output)
  file(REMOVE_RECURSE "${OUT}/${name}")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/layers -B ${OUT}/${name} -DREPOSITORY=${REPOSITORY} "-DEDGES=${edges}"
                  RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE out)
  set(${code} ${result} PARENT_SCOPE)
  set(${output} "${out}" PARENT_SCOPE)
endfunction()

configure("${allowed}" allowed code output)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "Allowed edges were refused:\n${output}")
endif()

configure("${forbidden}" forbidden code output)
if(code EQUAL 0)
  message(FATAL_ERROR "Forbidden edges were accepted")
endif()
foreach(edge IN LISTS forbidden)
  string(REGEX MATCH "^(.*)>(.*)$" _ "${edge}")
  if(NOT output MATCHES "\n *${CMAKE_MATCH_1} [^\n]*${CMAKE_MATCH_2}[ ;,\n]")
    message(FATAL_ERROR "The forbidden edge ${edge} was not named in:\n${output}")
  endif()
endforeach()
