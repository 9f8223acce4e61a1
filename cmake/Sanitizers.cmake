# wardian_sanitizers: what a layer, and whatever links it, is compiled with when sanitizers or fuzzing are on.
# The static launcher and the zygote's extension link no layer and stay as they are: one cannot be sanitized, the other runs
# inside a Python that is not.
add_library(wardian_sanitizers INTERFACE)
if(WARDIAN_SANITIZE)
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(wardian_sanitizers INTERFACE ${flags})
  target_link_options(wardian_sanitizers INTERFACE ${flags})
endif()
if(WARDIAN_FUZZ)
  target_compile_options(wardian_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()
