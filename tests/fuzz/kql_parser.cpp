// Any bytes as a query, a management command and a stored function: no crash, no leak, no endless loop; every span of an
// error lies within the text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wardian/kql/syntax/parser.h"

namespace {

template <class T>
void check(const wardian::Result<T>& result, std::string_view text) {
  if (result.ok() || !result.error().span) return;
  const wardian::SourceSpan span = *result.error().span;
  if (span.begin > span.end || span.end > text.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace syntax = wardian::kql::syntax;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(syntax::parse_query(text), text);
  check(syntax::parse_command_script(text), text);
  check(syntax::parse_scalar_expression(text), text);
  check(syntax::parse_stored_function("(a: long)", text), text);
  syntax::is_command(text);
  return 0;
}
