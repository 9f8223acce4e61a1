#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wardian/session/answer.h"

namespace wardian::cli {

/// The results of the last query, held to be shown or saved once more without running it again, as far as they are small.
struct KeptAnswer {
  struct Table {
    std::string name;
    columnar::Schema schema;
    std::optional<plan::Rendering> rendering;
    std::vector<columnar::Batch> batches;
  };
  std::string text;  // of the query, with what went before it
  std::vector<Table> tables;
  std::size_t bytes = 0;
  bool whole = false;  // else too large, or not read to its end: it is to be run again

  static constexpr std::size_t kBytesMax = std::size_t{128} << 20;

  /// The same results, once more.
  std::unique_ptr<session::Answer> again() const;
};

/// The answer, kept in `kept` as it is read; no more than `rows_max` rows of each result are given on, and kept all the same.
/// What is pointed to outlives it.
class KeepingAnswer final : public session::Answer {
 public:
  KeepingAnswer(session::Answer& inner, KeptAnswer& kept, std::optional<std::uint64_t> rows_max)
      : inner_(inner), kept_(kept), rows_max_(rows_max) {}
  Result<std::optional<session::ResultTable>> next() override;
  Result<std::vector<session::LeftOutput>> outputs() override { return inner_.outputs(); }

  /// Whether a result had more rows than were given on.
  bool cut() const { return cut_; }

 private:
  class Stream;
  session::Answer& inner_;
  KeptAnswer& kept_;
  std::optional<std::uint64_t> rows_max_;
  std::size_t unread_ = 0;  // results whose streams have not ended
  bool cut_ = false;
  bool too_large_ = false;
};

}  // namespace wardian::cli
