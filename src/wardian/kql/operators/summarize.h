#pragma once

#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

/// Keys and aggregates over a table, as summarize (and those who group like it) bind them.
class Grouping {
 public:
  Grouping(Binder& binder, NodePtr input, Environment rows) : binder_(binder), input_(std::move(input)), rows_(std::move(rows)) {}

  Status add_key(const syntax::Expr& expr);
  /// After all keys.
  Status add_aggregate(const syntax::Expr& expr);
  /// What has a mistake is a column as well, of which nothing is known.
  Status missing(const syntax::Expr& expr, Error mistake);
  /// How many columns the aggregates have so far.
  std::size_t outputs() const { return outputs_.size(); }
  NodePtr finish();

 private:
  struct Output {
    std::string name;
    ExprPtr expr;  // over the grouped rows
  };
  Status one_value(const syntax::Expr& value, const syntax::Named* named);
  Status several_values(const ExprPtr& call, const columnar::Schema& results, const syntax::Named* named);
  Status extreme(const syntax::Call& call, const syntax::Named* named);
  Status any_row(const syntax::Call& call, const syntax::Named* named);
  Status percentiles(const syntax::Call& call, const syntax::Named* named);
  /// Adds an aggregate as a column of its own: under the next name given, else under `name` made free.
  Status output(ExprPtr aggregate, std::string name, const syntax::Named* named, std::size_t& named_used);
  /// (a, b) = f(x) with more names than results: an error at the first that is too much.
  static Status all_names_used(const syntax::Named* named, std::size_t used);

  /// `*` among arguments stands for the columns that neither are keys nor stand beside it.
  struct StarColumns {
    bool any = false;
    std::set<std::string, std::less<>> given;
    /// A column that has been given already, where a `*` is among the arguments.
    bool repeats(const syntax::Expr& argument);
  };
  StarColumns star_columns(const syntax::Call& call) const;
  /// The percentage as part of a name, also that of a variable.
  std::string percent_of(const syntax::Expr& expr);

  Binder& binder_;
  NodePtr input_;
  Environment rows_;
  AggregateSink sink_;
  ColumnNames names_;
  std::vector<plan::NamedExpr> keys_;
  std::vector<Output> outputs_;
  int unnamed_ = 0;
  bool wrong_name_ = false;
};

}  // namespace wardian::kql
