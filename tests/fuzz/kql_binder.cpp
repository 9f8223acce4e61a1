// Any bytes as a query over a few tables and stored functions, bound and lowered to SQL without an engine: no crash, no leak,
// no endless loop; an error has a message, every place lies within the text, and no more errors are told than are to be.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wardian/kql/bind.h"
#include "wardian/kql/syntax/parser.h"
#include "wardian/plan/lower.h"
#include "wardian/sqltree/printer.h"

namespace {

using namespace wardian;
using columnar::Type;

constexpr std::uint64_t kLoweredSizeMax = 5'000;  // the rest is the same again, and slow under sanitizers

plan::NodePtr scan(std::string name, columnar::Schema schema) {
  std::vector<std::string> columns;
  for (const columnar::Column& column : schema) columns.push_back(column.name);
  return plan::make_node(plan::Scan{{name}, std::move(columns), name}, std::move(schema));
}

class FewTables final : public kql::Tables {
 public:
  std::string default_database() const override { return "default"; }
  Result<std::optional<plan::NodePtr>> find(std::string_view, std::string_view name) override {
    if (name == "T") {
      return std::optional(scan("T", {{"a", Type::int64},
                                      {"b", Type::string},
                                      {"c", Type::real},
                                      {"d", Type::dynamic},
                                      {"t", Type::datetime},
                                      {"s", Type::timespan},
                                      {"g", Type::guid},
                                      {"m", Type::decimal},
                                      {"o", Type::boolean},
                                      {"i", Type::int32}}));
    }
    if (name == "U") return std::optional(scan("U", {{"a", Type::int64}, {"b", Type::string}, {"x", Type::real}}));
    if (name == "Links") return std::optional(scan("Links", {{"From", Type::string}, {"To", Type::string}}));
    return std::optional<plan::NodePtr>();
  }
  Result<std::optional<kql::StoredFunction>> function(std::string_view, std::string_view name) override {
    if (name == "stored") return std::optional(kql::StoredFunction{"(x: long = 2)", "{ T | where a > x }"});
    if (name == "over") return std::optional(kql::StoredFunction{"(R: (a: long), y: real)", "{ R | extend z = a * y }"});
    if (name == "endless") return std::optional(kql::StoredFunction{"()", "{ endless() }"});
    return std::optional<kql::StoredFunction>();
  }
  std::vector<std::string> table_names(std::string_view) override { return {"T", "U", "Links"}; }
  std::vector<std::string> function_names(std::string_view) override { return {"stored", "over", "endless"}; }
};

/// Every value is null, and every table keeps its columns.
class NoRun final : public kql::StageRunner {
 public:
  Result<columnar::Value> evaluate(const plan::ExprPtr& expr) override { return columnar::null_of(expr->type); }
  Result<plan::NodePtr> materialise(const plan::NodePtr& table) override { return scan("stage", table->schema); }
};

void check_places(const Error& error, std::string_view text) {
  if (error.message.empty() || error.further.size() >= ErrorList::kMost) std::abort();
  if (error.span && (error.span->begin > error.span->end || error.span->end > text.size())) std::abort();
  for (const Error& each : error.further) check_places(each, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FewTables tables;
  NoRun runner;
  kql::BindContext context;
  context.tables = &tables;
  context.runner = &runner;
  context.text = text;
  context.now_ticks = 638'000'000'000'000'000;
  const kql::syntax::ReadQuery read = kql::syntax::read_query(text);
  const auto bound = kql::bind_query(read, context);
  if (!bound.ok()) {
    check_places(bound.error(), text);
    return 0;
  }
  if (!read.errors.empty()) std::abort();
  std::uint64_t stage = 0;
  for (const plan::Statement& statement : bound->statements) {
    if (statement.table->extent.size > kLoweredSizeMax) continue;
    const auto stages = plan::lower(statement.table, stage);
    if (!stages.ok()) continue;
    for (const plan::Stage& each : *stages) {
      for (const plan::SqlPiece& piece : each.inputs) sqltree::print(*piece.query);
    }
  }
  return 0;
}
