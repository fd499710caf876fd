# Compiler, linker and sanitizer settings that hold for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# Everything here is linked into position independent executables. Set by hand: CMake's own property gives libraries -fPIC and
# executables -fPIE, and then they could not share a precompiled header.
# -pthread for all, because a precompiled header is refused where it was made without.
add_compile_options(-fPIE -pthread)
add_link_options(-pie)

set(MALL_SANITIZE "" CACHE STRING "Sanitizers to build with: empty, 'address,undefined' or 'thread'")

# -O1 keeps a sanitizer build usable; -g1 keeps stack traces and halves the object size.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")

add_compile_options(-fstack-protector-strong)
if(MALL_SANITIZE)
  add_compile_options(-fsanitize=${MALL_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MALL_SANITIZE})
endif()

# Places at which a test makes a process die (pkg/faults). Not in what is delivered.
option(MALL_CRASH_POINTS "Compile crash points in" OFF)
if(MALL_CRASH_POINTS)
  add_compile_definitions(MALL_CRASH_POINTS)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # A precompiled header changes with its time stamp; these let ccache look at what is in it instead.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
                                  CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  # Where code may share a page with data, mold before 2.3.4 makes now and then (one link in a thousand) a program that the loader refuses:
  # "cannot apply additional memory protection after relocation" (rui314/mold#1151).
  add_link_options(-fuse-ld=mold -Wl,-z,separate-code)
endif()

# Two links at a time would swap on a small machine; the compiler may use every core.
set_property(GLOBAL PROPERTY JOB_POOLS link=2)
set(CMAKE_JOB_POOL_LINK link)
