# Third-party libraries that no Debian package brings.
#   DUCKDB_ROOT   folder with libduckdb.so and duckdb.h (default: .deps/duckdb, filled by tools/bootstrap)
#   H3_ROOT       folder with the C sources of H3 (default: .deps/h3, filled by tools/bootstrap)
#   PYARROW_ROOT  the pyarrow package folder whose Arrow C++ we share (default: the one of the building Python or of .venv)
set(DUCKDB_ROOT "${PROJECT_SOURCE_DIR}/.deps/duckdb" CACHE PATH "folder with libduckdb.so and duckdb.h")
set(H3_ROOT "${PROJECT_SOURCE_DIR}/.deps/h3" CACHE PATH "folder with the C sources of H3")
set(PYARROW_ROOT "" CACHE PATH "the pyarrow package folder")
if(NOT PYARROW_ROOT)
  if(SKBUILD)  # scikit-build-core names the Python that it builds for, whose path may lie in a temporary environment
    execute_process(
      COMMAND ${Python_EXECUTABLE} -c "import importlib.util as u; print(u.find_spec('pyarrow').submodule_search_locations[0])"
      OUTPUT_VARIABLE PYARROW_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  else()
    file(GLOB found "${PROJECT_SOURCE_DIR}/.venv/lib/python3*/site-packages/pyarrow")
    if(found)
      list(GET found 0 PYARROW_ROOT)
    endif()
  endif()
endif()
if(NOT EXISTS "${DUCKDB_ROOT}/libduckdb.so")
  message(FATAL_ERROR "No libduckdb.so in DUCKDB_ROOT: ${DUCKDB_ROOT}. Run `make build`, which fetches it.")
endif()
if(NOT EXISTS "${H3_ROOT}/VERSION")
  message(FATAL_ERROR "No sources of H3 in H3_ROOT: ${H3_ROOT}. Run `make build`, which fetches them.")
endif()
if(NOT EXISTS "${PYARROW_ROOT}/include/arrow/api.h")
  message(FATAL_ERROR "No Arrow headers in PYARROW_ROOT: ${PYARROW_ROOT}. Run `make build`, which fetches them.")
endif()
# ".../lib/python3.11/site-packages/pyarrow" tells the name under which this Python's packages lie.
cmake_path(GET PYARROW_ROOT PARENT_PATH site_packages)
cmake_path(GET site_packages PARENT_PATH python_folder)
cmake_path(GET python_folder FILENAME WARDIAN_PYTHON_NAME)

# The Python whose headers we see is the environment's own, whatever else PATH puts first.
if(NOT SKBUILD)
  cmake_path(GET python_folder PARENT_PATH environment)
  cmake_path(GET environment PARENT_PATH environment)
  set(Python3_EXECUTABLE "${environment}/bin/python" CACHE FILEPATH "the Python that the wheel is for")
endif()

add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION "${DUCKDB_ROOT}/libduckdb.so"
  IMPORTED_SONAME libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES "${DUCKDB_ROOT}")

# Pinned to the major version of the pyarrow in requirements: the file name carries the ABI.
add_library(arrow SHARED IMPORTED)
set_target_properties(arrow PROPERTIES
  IMPORTED_LOCATION "${PYARROW_ROOT}/libarrow.so.2600"
  INTERFACE_INCLUDE_DIRECTORIES "${PYARROW_ROOT}/include")

add_library(parquet SHARED IMPORTED)
set_target_properties(parquet PROPERTIES IMPORTED_LOCATION "${PYARROW_ROOT}/libparquet.so.2600")

# Its C data interface alone: one small header, nothing to link.
add_library(arrow_abi INTERFACE)
target_include_directories(arrow_abi SYSTEM INTERFACE "${PYARROW_ROOT}/include")

# Its own build makes programs and tests of it as well; here it is a few C files and a header with the version filled in.
file(READ ${H3_ROOT}/VERSION H3_VERSION)
string(REGEX MATCH "([0-9]+)\\.([0-9]+)\\.([0-9]+)" H3_VERSION "${H3_VERSION}")
set(H3_VERSION_MAJOR ${CMAKE_MATCH_1})
set(H3_VERSION_MINOR ${CMAKE_MATCH_2})
set(H3_VERSION_PATCH ${CMAKE_MATCH_3})
configure_file(${H3_ROOT}/include/h3api.h.in ${CMAKE_BINARY_DIR}/h3/h3api.h)
file(GLOB h3_sources ${H3_ROOT}/lib/*.c)
add_library(h3 STATIC EXCLUDE_FROM_ALL ${h3_sources})
target_include_directories(h3 SYSTEM PUBLIC ${CMAKE_BINARY_DIR}/h3 PRIVATE ${H3_ROOT}/include)
set_target_properties(h3 PROPERTIES C_VISIBILITY_PRESET hidden)

find_package(Threads REQUIRED)
