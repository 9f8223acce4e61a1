#include "wardian/algorithm/pattern_rows.h"

#include <cmath>

#include "wardian/algorithm/pattern_mining.h"

namespace wardian::algorithm {

using columnar::Type;

columnar::Schema PatternMining::measures() const { return {{"Count", Type::int64}, {"Percent", Type::real}}; }

columnar::Schema DiffPatterns::measures() const {
  return {{"CountA", Type::int64},
          {"CountB", Type::int64},
          {"PercentA", Type::real},
          {"PercentB", Type::real},
          {"PercentDiffAB", Type::real}};
}

columnar::Schema PatternMining::schema() const {
  columnar::Schema made{{"SegmentId", Type::int64}};
  for (const columnar::Column& measure : measures()) made.push_back(measure);
  for (const std::string& column : columns_) made.push_back({column, Type::dynamic});
  for (const std::string& column : columns_) made.push_back({column + "#asked", Type::boolean});
  return made;
}

double rounded_percent(double part, double all, int digits) {
  if (!(all > 0)) return 0;
  const double scale = std::pow(10.0, digits);
  return std::round(100.0 * part / all * scale) / scale;
}

std::unique_ptr<columnar::BatchStream> pattern_rows(const columnar::Schema& schema, const DiscreteTable& table,
                                                    const std::vector<Found>& found, bool two_weights) {
  BatchBuilder made(schema);
  for (std::size_t segment = 0; segment < found.size(); ++segment) {
    const auto& [pattern, weight] = found[segment];
    std::size_t column = 0;
    made.add_long(column++, static_cast<std::int64_t>(segment));
    made.add_long(column++, std::llround(weight.a));
    if (two_weights) {
      const double a = rounded_percent(weight.a, table.total_a(), 2), b = rounded_percent(weight.b, table.total_b(), 2);
      made.add_long(column++, std::llround(weight.b));
      made.add_real(column++, a);
      made.add_real(column++, b);
      made.add_real(column++, rounded_percent(std::abs(a - b), 100, 2));
    } else {
      made.add_real(column++, rounded_percent(weight.a, table.total_a(), 1));
    }
    for (std::size_t at = 0; at < table.columns(); ++at, ++column) {
      const std::string* const text = pattern[at] == kAnyValue ? nullptr : table.text(at, pattern[at]);
      if (text != nullptr) {
        made.add_text(column, *text);
      } else {
        made.add_null(column);
      }
    }
    for (const ValueId value : pattern) made.add_bool(column++, value != kAnyValue);
  }
  auto batch = std::make_shared<std::optional<columnar::Batch>>();
  if (made.rows() > 0) *batch = made.take();
  return stream_of(schema, [batch] { return Result<std::optional<columnar::Batch>>(std::exchange(*batch, std::nullopt)); });
}

}  // namespace wardian::algorithm
