#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wardian::kernels {

/// What a text argument says, kept while the text stays the same: it nearly always is a constant. A long one is compared
/// once a chunk; within a chunk, whose texts are all there at once, its place in memory tells it.
/// `Parsed` is made of the text.
template <class Parsed>
class ParsedText {
 public:
  void begin_chunk() { place_ = nullptr; }
  const Parsed& of(std::string_view text) {
    if (parsed_ && place_ != nullptr && place_ == text.data() && text.size() == text_.size()) return *parsed_;
    if (!parsed_ || text != text_) {
      parsed_.reset();
      text_ = text;
      parsed_.emplace(std::string_view(text_));
    }
    place_ = text.data();
    return *parsed_;
  }

 private:
  std::string text_;
  std::optional<Parsed> parsed_;
  const char* place_ = nullptr;
};

}  // namespace wardian::kernels
