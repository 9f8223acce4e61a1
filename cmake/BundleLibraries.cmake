# At install time: copy into `folder` each shared library that `program`, or `module` where that is set, needs, directly or not, under the name by which it
# is looked up. Left out are the C and C++ run times, which every system has, and Arrow, which the pyarrow wheel brings.
if(module)
  set(what MODULES ${module})
else()
  set(what EXECUTABLES ${program})
endif()
file(GET_RUNTIME_DEPENDENCIES
  ${what}
  RESOLVED_DEPENDENCIES_VAR libraries
  PRE_EXCLUDE_REGEXES
    "^lib(c|m|dl|rt|pthread|stdc[+][+]|gcc_s)[.]so" "^ld-linux" "^linux-vdso" "^lib(arrow|parquet)[_a-z]*[.]so")
foreach(library IN LISTS libraries)
  # A wheel holds no links, so the file itself is stored, once, under the name that the loader asks for.
  cmake_path(GET library FILENAME name)
  file(REAL_PATH ${library} file)
  if(NOT EXISTS ${folder}/${name} OR ${file} IS_NEWER_THAN ${folder}/${name})
    file(MAKE_DIRECTORY ${folder})
    file(COPY_FILE ${file} ${folder}/${name})
  endif()
endforeach()
