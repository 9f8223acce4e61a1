#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wardian/kql/bind.h"
#include "wardian/kql/completion/place.h"

namespace wardian::kql {

/// A name declared before the cursor.
struct DeclaredName {
  std::string name;
  enum class Kind : std::uint8_t { scalar, table, function } kind = Kind::scalar;
  std::string detail;  // its declaration on one line
};

/// What is in sight at a place: found by binding what stands before it.
class Sight {
 public:
  Sight(const TokensBefore& tokens, const Place& place, const BindContext& context);

  /// The columns of the rows that come into the segment of that bracket; as many of its operators as can be bound are.
  columnar::Schema columns(std::size_t bracket) const;
  /// Those of the table on the right of the join that the segment is.
  columnar::Schema right_columns(std::size_t bracket) const;
  const std::vector<DeclaredName>& names() const { return names_; }

 private:
  using Parts = std::vector<std::string>;
  /// The pipeline up to the segment, part by part; empty where nothing comes in.
  Parts parts_before(std::size_t bracket) const;
  void declare_statements(const Bracket& bracket);
  void declare_parameters(const Bracket& body);
  void add(const std::string& statement, DeclaredName name);
  std::optional<columnar::Schema> bound(const std::string& query) const;

  const TokensBefore& tokens_;
  const Place& place_;
  const BindContext& context_;
  std::string declarations_;  // those that can be bound
  std::vector<DeclaredName> names_;
  bool too_large_ = false;
};

}  // namespace wardian::kql
