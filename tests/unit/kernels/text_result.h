#pragma once

#include <string>

#include "wardian/kernels/kernel_table.h"

namespace wardian::kernels {

/// One row's text; "null" for null.
class TextResult final : public ResultColumn {
 public:
  TextResult() : ResultColumn(nullptr) {}
  void set_null(std::size_t) override { text = "null"; }
  void set_text(std::size_t, std::string_view made) override { text = made; }
  std::string text;
};

}  // namespace wardian::kernels
