#pragma once

#include <string_view>

namespace wardian::geo {

/// A place in a text that is read from its beginning, blanks passed over.
class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool at_end() {
    blanks();
    return at_ == end_;
  }

 protected:
  void blanks() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  bool accept(char wanted) {
    if (at_end() || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  const char* at_;
  const char* end_;
};

}  // namespace wardian::geo
