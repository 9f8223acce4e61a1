#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "wardian/base/source_span.h"

namespace wardian::kql {

/// What a part of a text is, for whoever colours it.
enum class TextClass : std::uint8_t { tabular_operator, word, function, string, number, comment, wrong };
/// "operator", "word", "function", "text", "number", "comment", "wrong"
std::string_view text_class_name(TextClass what);

struct ColouredSpan {
  SourceSpan span;
  TextClass what = TextClass::word;
};

/// The parts of a text that have a colour, in its order; the others are names, signs and blanks. By tokens alone; half a text is fine.
std::vector<ColouredSpan> coloured_spans(std::string_view text);

}  // namespace wardian::kql
