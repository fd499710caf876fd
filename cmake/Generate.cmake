# Code made while building: messages from .proto files, and files as part of a program. Installed with the toolkit, so that a project which
# uses it has the same functions.
#   MALL_PROTO_PATH   where imports of the toolkit's own .proto files are found
#   GOOGLEAPIS_DIR    where google/api/annotations.proto is found (Parts.cmake)

# mall_proto(NAME [ROOT dir] [SERVICE service] [LAYER layer] PROTOS path/from/root.proto ... DEPS ...): messages generated into the build
# tree. The descriptors with their comments are kept as gen/<NAME>.desc for OpenAPI. Paths count from ROOT, the project's folder unless
# said otherwise. SERVICE and LAYER are for the table in Layers.cmake.
function(mall_proto name)
  cmake_parse_arguments(ARG "" "SERVICE;LAYER;ROOT" "PROTOS;DEPS" ${ARGN})
  if(NOT ARG_ROOT)
    set(ARG_ROOT "${PROJECT_SOURCE_DIR}")
  endif()
  if(NOT ARG_LAYER)
    set(ARG_LAYER pb)
  endif()
  set(roots "${ARG_ROOT}" ${MALL_PROTO_PATH} "${GOOGLEAPIS_DIR}")
  list(REMOVE_DUPLICATES roots)
  set(imports "")
  foreach(root IN LISTS roots)
    list(APPEND imports -I "${root}")
  endforeach()
  set(out "${CMAKE_BINARY_DIR}/gen")
  set(generated "")
  foreach(proto IN LISTS ARG_PROTOS)
    string(REGEX REPLACE "\\.proto$" "" stem "${proto}")
    add_custom_command(
      OUTPUT "${out}/${stem}.pb.cc" "${out}/${stem}.pb.h"
      COMMAND protobuf::protoc --cpp_out=${out} ${imports} ${ARG_ROOT}/${proto}
      DEPENDS "${ARG_ROOT}/${proto}" VERBATIM)
    list(APPEND generated "${out}/${stem}.pb.cc")
  endforeach()
  set(protos ${ARG_PROTOS})
  list(TRANSFORM protos PREPEND "${ARG_ROOT}/")
  add_custom_command(
    OUTPUT "${out}/${name}.desc"
    COMMAND protobuf::protoc --include_source_info --include_imports --descriptor_set_out=${out}/${name}.desc ${imports} ${protos}
    DEPENDS ${protos} VERBATIM)
  file(MAKE_DIRECTORY "${out}")
  add_library(${name} STATIC ${generated} "${out}/${name}.desc")
  target_include_directories(${name} SYSTEM PUBLIC "$<BUILD_INTERFACE:${out}>")
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  if("${MALL_SANITIZE}" STREQUAL "thread")
    # protobuf's header gives maps two members more under ThreadSanitizer, and Debian's library, which is built without, does not have them.
    foreach(proto IN LISTS ARG_PROTOS)
      file(STRINGS "${ARG_ROOT}/${proto}" maps REGEX "map *<")
      if(maps)
        target_compile_options(${name} PUBLIC -U__SANITIZE_THREAD__)
        break()
      endif()
    endforeach()
  endif()
  set_target_properties(${name} PROPERTIES MALL_PROTOS "${ARG_PROTOS}" MALL_PROTO_ROOT "${ARG_ROOT}")
  if(COMMAND _mall_finish)
    _mall_finish(${name} ${ARG_LAYER} "${ARG_SERVICE}" DEPS ${ARG_DEPS} protobuf::libprotobuf)
  endif()
endfunction()

# mall_embed(TARGET NAMESPACE name SYMBOL symbol FILES ...): makes each file's bytes reachable as NAMESPACE::SYMBOL() of
# pkg/embed/embedded_file.hpp, without copying them into the heap.
set(MALL_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/Embed.cmake")
function(mall_embed target)
  cmake_parse_arguments(ARG "" "NAMESPACE;SYMBOL" "FILES" ${ARGN})
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${target}_${ARG_SYMBOL}_embedded.cpp")
  string(REPLACE ";" "|" joined "${ARG_FILES}")
  add_custom_command(
    OUTPUT "${out}"
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAMESPACE=${ARG_NAMESPACE} -DSYMBOL=${ARG_SYMBOL} "-DFILES=${joined}" -P ${MALL_EMBED_SCRIPT}
    DEPENDS ${ARG_FILES} ${MALL_EMBED_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE "${out}")
endfunction()
