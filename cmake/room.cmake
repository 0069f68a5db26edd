# One folder = one room = one CMake target = one namespace (ARCHITECTURE.md).
#
#   ebb_room(name [DEPS room...] [LINK library...] [LOCK name])
#
# makes the object library `ebb_<name>` of every *.cc in the folder but the *_test.cc, and the test program
# `<name>_test` of those. Only the rooms named in DEPS can be included: the layer check (scripts/check-layers) holds
# the includes to the same list of layers. Tests of one LOCK do not run at once: their jobs have the same names on this
# machine.
function(ebb_room name)
  cmake_parse_arguments(room "" "LOCK" "DEPS;LINK;TEST_DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  file(GLOB tests CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc")
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  add_library(ebb_${name} OBJECT ${sources})
  target_include_directories(ebb_${name} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(ebb_${name} PUBLIC ebb_options ${room_LINK})
  set_property(GLOBAL APPEND PROPERTY EBB_ROOMS ${name})
  foreach(dep IN LISTS room_DEPS)
    target_link_libraries(ebb_${name} PUBLIC ebb_${dep})
  endforeach()
  if(tests AND BUILD_TESTING)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE libebb ebb_test_support GTest::gtest GTest::gtest_main)
    ebb_quick_test(${name}_test)
    set(lock)
    if(room_LOCK)
      set(lock RESOURCE_LOCK ${room_LOCK})
    endif()
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." PROPERTIES LABELS unit ${lock} DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

# Tests are compiled once and run once: with EBB_QUICK_TESTS they are optimised little, and GoogleTest's headers, half of the
# time that a test takes to compile, are read once for all of them.
function(ebb_quick_test target)
  if(NOT EBB_QUICK_TESTS)
    return()
  endif()
  if(NOT TARGET ebb_test_headers)
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/test_headers.cc" CONTENT "int main() {}\n")
    add_executable(ebb_test_headers "${PROJECT_BINARY_DIR}/test_headers.cc")
    target_link_libraries(ebb_test_headers PRIVATE libebb ebb_test_support GTest::gtest GTest::gtest_main)
    target_compile_options(ebb_test_headers PRIVATE -O1)
    target_precompile_headers(ebb_test_headers PRIVATE <gtest/gtest.h> <algorithm> <chrono> <cmath> <filesystem>
                              <functional> <map> <memory> <optional> <random> <set> <span> <sstream> <string> <vector>)
  endif()
  # Little optimised, GCC 12 sees more of the false positives of its bug 105651.
  target_compile_options(${target} PRIVATE -O1 "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow>")
  target_precompile_headers(${target} REUSE_FROM ebb_test_headers)
endfunction()
