# Where things go in a Python environment, from which both `make build` (into .venv) and the wheel are laid out:
#   bin/wardian                                  the program; finds its libraries by RPATH, without a wrapper in Python
#   lib/pythonX.Y/site-packages/wardian/         the Python package
#     lib/                                       every library that neither the system's core nor pyarrow brings
#     charts/                                    the scripts that draw the charts of a page
#     _sandbox/                                  what the sandbox starts: its launcher, the zygote and its extension
# All of it is the install component `wardian`: `cmake --install build/release --component wardian`.
if(SKBUILD)
  set(WARDIAN_SCRIPTS_DIR ${SKBUILD_SCRIPTS_DIR})
  set(WARDIAN_PACKAGE_DIR ${SKBUILD_PLATLIB_DIR}/wardian)
else()
  if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
    set(CMAKE_INSTALL_PREFIX ${PROJECT_SOURCE_DIR}/.venv CACHE PATH "a Python environment" FORCE)
  endif()
  set(WARDIAN_SCRIPTS_DIR bin)
  set(WARDIAN_PACKAGE_DIR lib/${WARDIAN_PYTHON_NAME}/site-packages/wardian)
endif()

# The old kind of RPATH, not RUNPATH: it holds for the libraries' own libraries too, so the copies stay unpatched.
set(WARDIAN_SITE_RPATH "$ORIGIN/../lib/${WARDIAN_PYTHON_NAME}/site-packages")
add_link_options(LINKER:--disable-new-dtags)

# wardian_bundle(program|module TARGET): the libraries it needs, into the Python package.
function(wardian_bundle kind target)
  cmake_path(ABSOLUTE_PATH WARDIAN_PACKAGE_DIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE package)
  install(CODE "
    set(program)
    set(module)
    set(${kind} \"$<TARGET_FILE:${target}>\")
    set(folder \"${package}/lib\")
    include(\"${PROJECT_SOURCE_DIR}/cmake/BundleLibraries.cmake\")" COMPONENT wardian)
endfunction()

# What has to be built before installing.
add_custom_target(wardian_installed)

# wardian_install_program(TARGET): a program of the environment's bin folder, with the libraries it needs.
function(wardian_install_program target)
  set_target_properties(${target} PROPERTIES
    INSTALL_RPATH "${WARDIAN_SITE_RPATH}/wardian/lib:${WARDIAN_SITE_RPATH}/pyarrow")
  add_dependencies(wardian_installed ${target})
  install(TARGETS ${target} RUNTIME DESTINATION ${WARDIAN_SCRIPTS_DIR} COMPONENT wardian)
  wardian_bundle(program ${target})
endfunction()

# wardian_install_parts(FOLDER TARGET...): programs and modules that only the program itself starts or loads, into FOLDER of
# the Python package.
function(wardian_install_parts folder)
  add_dependencies(wardian_installed ${ARGN})
  install(TARGETS ${ARGN}
    RUNTIME DESTINATION ${WARDIAN_PACKAGE_DIR}/${folder} COMPONENT wardian
    LIBRARY DESTINATION ${WARDIAN_PACKAGE_DIR}/${folder} COMPONENT wardian)
endfunction()

# scikit-build-core puts the Python package into a wheel by itself.
if(NOT SKBUILD)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/python/wardian/ DESTINATION ${WARDIAN_PACKAGE_DIR} COMPONENT wardian
    FILES_MATCHING PATTERN "*.py" PATTERN "*.pyi" PATTERN "py.typed" PATTERN "__pycache__" EXCLUDE)
endif()

# Where .deps is not, as on a machine that -DDUCKDB_ROOT serves, pages are without charts.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/.deps/vega/ DESTINATION ${WARDIAN_PACKAGE_DIR}/charts COMPONENT wardian
  FILES_MATCHING PATTERN "*.js")
