# The only way targets are made here: each gets a layer, the precompiled standard library and the warnings. mall_proto() and mall_embed()
# stand in Generate.cmake, which projects outside of the tree have too.
include("${CMAKE_CURRENT_LIST_DIR}/Generate.cmake")
set(MALL_PROTO_PATH "${PROJECT_SOURCE_DIR}")

# One precompiled header of the standard library for all; headers still include what they use.
file(WRITE "${CMAKE_BINARY_DIR}/std_only.cpp.in" "// The standard library, compiled once.\n")
configure_file("${CMAKE_BINARY_DIR}/std_only.cpp.in" "${CMAKE_BINARY_DIR}/std_only.cpp" COPYONLY)
set(MALL_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wswitch-enum -Werror=switch
                  -Werror=return-type)
add_library(std_headers STATIC "${CMAKE_BINARY_DIR}/std_only.cpp")
target_compile_options(std_headers PRIVATE ${MALL_WARNINGS})
target_precompile_headers(std_headers PRIVATE
  <algorithm> <atomic> <chrono> <condition_variable> <cstdint> <deque> <expected> <functional> <map> <memory> <mutex> <optional>
  <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>)

function(_mall_finish target layer service)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  set_target_properties(${target} PROPERTIES MALL_LAYER ${layer} MALL_SERVICE "${service}" MALL_DEPS "${ARG_DEPS}")
  set_property(GLOBAL APPEND PROPERTY MALL_TARGETS ${target})
endfunction()

function(_mall_compile target)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
  target_compile_options(${target} PRIVATE ${MALL_WARNINGS})
  target_precompile_headers(${target} REUSE_FROM std_headers)
endfunction()

# mall_library(NAME LAYER layer [SERVICE service] SRCS ... DEPS ... [PRIVATE_DEPS ...])
# With no SRCS it is a header-only library.
function(mall_library name)
  cmake_parse_arguments(ARG "" "LAYER;SERVICE" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_SRCS)
    add_library(${name} STATIC ${ARG_SRCS})
    _mall_compile(${name})
    target_compile_features(${name} PUBLIC cxx_std_23)
    target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
    target_compile_features(${name} INTERFACE cxx_std_23)
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
  endif()
  _mall_finish(${name} ${ARG_LAYER} "${ARG_SERVICE}" DEPS ${ARG_DEPS} ${ARG_PRIVATE_DEPS})
endfunction()

# mall_pkg(concept ...): the library pkg_<concept> of the toolkit; LAYER is toolkit unless said otherwise.
function(mall_pkg concept)
  cmake_parse_arguments(ARG "" "LAYER" "" ${ARGN})
  if(NOT ARG_LAYER)
    set(ARG_LAYER toolkit)
  endif()
  mall_library(pkg_${concept} LAYER ${ARG_LAYER} ${ARG_UNPARSED_ARGUMENTS})
endfunction()

# mall_executable(NAME LAYER layer [SERVICE service] SRCS ... DEPS ...)
function(mall_executable name)
  cmake_parse_arguments(ARG "" "LAYER;SERVICE;OUTPUT" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  _mall_compile(${name})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  if(ARG_OUTPUT)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${ARG_OUTPUT})
  endif()
  _mall_finish(${name} ${ARG_LAYER} "${ARG_SERVICE}" DEPS ${ARG_DEPS})
endfunction()

# mall_test(NAME SRCS ... DEPS ... [TIMEOUT seconds]): one test executable, one ctest entry. Its name's suffix says what it
# needs: _test nothing, _pgtest PostgreSQL, _natstest a broker, _walltest the whole mall.
function(mall_test name)
  cmake_parse_arguments(ARG "" "SERVICE;TIMEOUT" "SRCS;DEPS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  mall_executable(${name} LAYER test SERVICE "${ARG_SERVICE}" SRCS ${ARG_SRCS} DEPS ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  string(REGEX MATCH "_(test|pgtest|natstest|walltest)$" kind "${name}")
  if(NOT kind)
    message(FATAL_ERROR "${name}: a test's name ends in _test, _pgtest, _natstest or _walltest")
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${CMAKE_MATCH_1}")
endfunction()
