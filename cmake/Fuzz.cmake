# mall_fuzz(NAME [SRCS ...] DEPS ...): a fuzz target, tests/fuzz/NAME.cpp and further sources. In the preset `fuzz` it becomes fuzz_NAME, which
# libFuzzer drives; in every other one fuzz_NAME_test, which runs the corpus and a moment of mutations, so that what was found stays found.
option(MALL_FUZZ "Build the fuzz targets for libFuzzer; needs clang and MALL_SANITIZE=fuzzer-no-link,..." OFF)
add_custom_target(fuzz_targets)

function(mall_fuzz name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  if(MALL_FUZZ)
    # GTest: its headers are part of the precompiled one that tests share.
    mall_executable(fuzz_${name} LAYER test SRCS ${name}.cpp ${ARG_SRCS} DEPS fuzz_input ${ARG_DEPS} GTest::gmock)
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzz_targets fuzz_${name})
  else()
    mall_test(fuzz_${name}_test SRCS ${name}.cpp ${ARG_SRCS} DEPS fuzz_driver fuzz_input ${ARG_DEPS})
    add_dependencies(fuzz_targets fuzz_${name}_test)
  endif()
endfunction()
