#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Dynamic values as text. A dynamic value in a column is canonical JSON: no blanks outside strings, the fewest escapes
/// inside them, numbers as they were written, keys in their order; a null value is an SQL NULL, never the text `null`.
/// Functions that take `json` rely on that and stay within bounds for any other text.
namespace wardian::kernels {

enum class JsonKind : std::uint8_t { null, boolean, integer, real, string, array, object };

/// Judges by the first characters; `json` is one value.
JsonKind json_kind(std::string_view json);

/// Appends canonical JSON for any valid JSON text; single-quoted strings count as strings. false, and `out` as it was,
/// when the text is no JSON or nests deeper than kJsonDepthMax.
bool append_canonical_json(std::string& out, std::string_view text);
inline constexpr int kJsonDepthMax = 256;

/// A JSON string literal with its quotes. Appends.
void append_json_string(std::string& out, std::string_view text);

/// The characters of a JSON string literal (with its quotes). Appends.
void append_unescaped(std::string& out, std::string_view literal);
std::string unescaped(std::string_view literal);

/// What tostring() makes of a dynamic value: the characters of a string, the JSON text of all else. Appends.
void append_dynamic_as_text(std::string& out, std::string_view json);

/// Walks over the elements of an array or the pairs of an object, without copying.
class JsonWalk {
 public:
  /// Nothing to walk over for any other kind.
  explicit JsonWalk(std::string_view json);
  bool next();
  std::string_view key() const { return key_; }  // the literal with its quotes; empty in an array
  std::string_view value() const { return value_; }

 private:
  std::string_view rest_;
  std::string_view key_, value_;
  bool object_ = false;
};

/// Fills `elements` (emptied first) with the array's; false when `json` is no array.
bool split_json_array(std::string_view json, std::vector<std::string_view>& elements);

/// The value at a key of an object, whose characters are `name`; nullopt when there is none or it is null.
std::optional<std::string_view> json_member(std::string_view json, std::string_view name);

/// The element of an array; a negative index counts from the end.
std::optional<std::string_view> json_element(std::string_view json, std::int64_t index);

/// Writes "[" and "]", with commas between what is added.
class JsonArrayWriter {
 public:
  explicit JsonArrayWriter(std::string& out) : out_(out) { out_.push_back('['); }
  void add(std::string_view json) {
    separate();
    if (json.empty())
      out_.append("null");
    else
      out_.append(json);
  }
  void add_string(std::string_view text) {
    separate();
    append_json_string(out_, text);
  }
  void separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
  }
  void close() { out_.push_back(']'); }

 private:
  std::string& out_;
  bool first_ = true;
};

/// Writes "{" and "}", with commas between what is added.
class JsonObjectWriter {
 public:
  explicit JsonObjectWriter(std::string& out) : out_(out) { out_.push_back('{'); }
  void add(std::string_view name, std::string_view json) {
    separate();
    append_json_string(out_, name);
    finish(json);
  }
  /// The key as a literal with its quotes.
  void add_literal(std::string_view key, std::string_view json) {
    separate();
    out_.append(key);
    finish(json);
  }
  void add_string(std::string_view name, std::string_view text) {
    separate();
    append_json_string(out_, name);
    out_.push_back(':');
    append_json_string(out_, text);
  }
  void close() { out_.push_back('}'); }

 private:
  void separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
  }
  void finish(std::string_view json) {
    out_.push_back(':');
    if (json.empty())
      out_.append("null");
    else
      out_.append(json);
  }
  std::string& out_;
  bool first_ = true;
};

}  // namespace wardian::kernels
