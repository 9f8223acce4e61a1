#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

/// Several results of one call as one text, from which `wardian_result_…` takes them one by one. Each ends with a unit
/// separator, which stands in no JSON text and no number; an empty one is null.
namespace wardian::kernels {

inline constexpr char kResultEnd = '\x1f';

class ResultPack {
 public:
  explicit ResultPack(std::string& out) : out_(out) {}
  void add_null() { end(); }
  void add(std::string_view json) {
    out_.append(json);
    end();
  }
  /// Shortest digits that read back as the same value; "nan", "inf", "-inf".
  void add(double value) { add_number(value); }
  void add(std::int64_t value) { add_number(value); }
  /// `write` appends the result to the text that it is given.
  template <class Write>
  void add_written(Write write) {
    write(out_);
    end();
  }

 private:
  template <class Number>
  void add_number(Number value) {
    char text[32];
    const auto written = std::to_chars(text, text + sizeof text, value);
    add(std::string_view(text, static_cast<std::size_t>(written.ptr - text)));
  }
  void end() { out_.push_back(kResultEnd); }

  std::string& out_;
};

}  // namespace wardian::kernels
