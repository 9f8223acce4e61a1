#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/columnar/value.h"

namespace wardian::kql::syntax {

/// The value of `type(text)`: long(5), datetime(2020-01-01), guid(…), real(nan), int(null), int(). Not for dynamic.
/// `span` is the place of `text` for the error.
Result<columnar::Value> typed_value(columnar::Type type, std::string_view text, SourceSpan span);

/// 12, 0x1F as 64 bits; nullopt beyond the range. Hexadecimal numbers fill all 64 bits.
std::optional<std::int64_t> whole_number(std::string_view text);

/// "1.5e3" in plain notation: "1500"; nullopt when it is no number, or one of more than a thousand places.
std::optional<std::string> plain_decimal(std::string_view text);

}  // namespace wardian::kql::syntax
