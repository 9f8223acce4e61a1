# wardian_layer(NAME SOURCES ... [DEPENDS lower layers] [LIBRARIES third parties])
# One folder is one static library, wardian_NAME, aliased wardian::NAME.
function(wardian_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_library(wardian_${name} STATIC ${arg_SOURCES})
  add_library(wardian::${name} ALIAS wardian_${name})
  target_include_directories(wardian_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(wardian_${name} PUBLIC wardian_options wardian_sanitizers)
  foreach(lower IN LISTS arg_DEPENDS)
    target_link_libraries(wardian_${name} PUBLIC wardian::${lower})
  endforeach()
  target_link_libraries(wardian_${name} PRIVATE ${arg_LIBRARIES})
  if(NOT name STREQUAL "base")
    target_precompile_headers(wardian_${name} REUSE_FROM wardian_base)
  else()
    target_precompile_headers(wardian_base PRIVATE
      <algorithm> <array> <charconv> <chrono> <cstdint> <functional> <map> <memory> <optional> <span>
      <string> <string_view> <unordered_map> <utility> <variant> <vector>)
  endif()
endfunction()

# wardian_unit_test(LAYER SOURCES ... [LIBRARIES ...]): one GoogleTest program per layer.
function(wardian_unit_test layer)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${layer}_test ${arg_SOURCES})
  target_include_directories(${layer}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
  target_link_libraries(${layer}_test PRIVATE wardian::${layer} ${arg_LIBRARIES} GTest::gtest_main GTest::gmock)
  add_test(NAME ${layer}_test COMMAND ${layer}_test)
endfunction()
