#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "wardian/base/error_list.h"
#include "wardian/kql/bind.h"
#include "wardian/kql/scope.h"
#include "wardian/kql/syntax/tree.h"
#include "wardian/plan/node.h"

/// Inside of kql: one Binder gives one request its meaning. Each tabular operator is bound by a file in operators/;
/// expressions by bind_expression, bind_call and their neighbours.
namespace wardian::kql {

using columnar::Type;
using columnar::Value;
using plan::ExprPtr;
using plan::NodePtr;

struct AggregateSink;
struct PatternScope;

/// Inside a graph pattern's `where` and `project`.
struct PatternView {
  PatternScope* scope = nullptr;      // null: in no pattern
  std::size_t offset = 0;             // columns before those of the match
  std::optional<std::size_t> path{};  // the path whose edges, or inner nodes, are the rows at hand
  bool inner = false;
};

/// What current_cluster_endpoint() says; cluster("localhost") is where the query runs.
inline constexpr std::string_view kClusterEndpoint = "localhost";

/// What an expression can see.
struct Environment {
  ScopePtr scope;
  const columnar::Schema* columns = nullptr;  // of the rows at hand; null: none
  const columnar::Schema* right = nullptr;    // in `join … on`, of the other table
  const plan::Node* table = nullptr;          // the table whose columns `columns` are, where it is one
  RowIdentity row;                            // which rows ColumnRefs may mean; stays set where columns are hidden
  bool serialized = false;                    // the rows have an order: prev() and its like are allowed
  AggregateSink* aggregates = nullptr;        // in summarize: where aggregate calls go
  NodePtr piped;                              // the table that a pipeline without a source begins with
  RowIdentity around;                         // the rows around a toscalar(), whose values variables may bring into its table
  bool* reads_around = nullptr;               // set when one does
  bool has_steps = false;                     // in scan: `step.column` is a column that step_column() names
  GraphPtr piped_graph;                       // or the graph
  PatternView pattern;

  /// The same names over the rows of a table, or over none.
  Environment over(const plan::Node& rows_of) const;
  Environment without_rows() const;
};

/// Takes an aggregate call met in a summarize expression; what comes back stands in its place, over the grouped rows.
struct AggregateSink {
  std::vector<plan::NamedExpr> aggregates;
  std::size_t keys = 0;               // columns of the grouped rows before the first aggregate
  const Environment* rows = nullptr;  // what the arguments of an aggregate see
};

using Bound = std::variant<ExprPtr, NodePtr, GraphPtr>;

class Binder {
 public:
  /// `mistakes`: those of the text that is no query.
  explicit Binder(BindContext& context, ErrorList mistakes = {})
      : context_(context), all_tables_(context.tables), mistakes_(std::move(mistakes)) {}
  ~Binder() { context_.tables = all_tables_; }
  Binder(const Binder&) = delete;
  Binder& operator=(const Binder&) = delete;

  BindContext& context() { return context_; }
  const RequestOptions& options() const { return options_; }

  // --- bind_query.cpp
  /// The statements of a text, or every mistake that there is.
  Result<BoundQuery> whole(const syntax::QueryTree& tree);
  Result<BoundQuery> query(const syntax::QueryTree& tree);
  /// Declares what let, set, declare … say; a QueryStatement is none of its business.
  Status declare(const syntax::Statement& statement, Scope& scope, const ScopePtr& self, const Environment& env);
  Status declare_alias(const syntax::AliasDatabase& alias, const Environment& env);
  Result<NodePtr> parameter_table(const std::string& text, const syntax::Schema& schema, const syntax::Identifier& name);

  // --- mistakes.cpp: binding on after a mistake
  /// Takes the mistake down, so that what stands beside it can be bound; an error where binding ends here.
  Status note(Error mistake);
  /// The expression, or one of no known type where it has a mistake, which is noted.
  Result<ExprPtr> scalar_or_missing(const syntax::Expr& expr, const Environment& env);
  /// Both, so that the mistakes of the second are found too; told() where one has any.
  Result<std::pair<ExprPtr, ExprPtr>> both(const syntax::Expr& left, const syntax::Expr& right, const Environment& env);
  /// What the operators after one with a mistake see.
  Result<Bound> after_mistake(const syntax::Operator& operation, const Bound& input, Error mistake);
  /// While it lives, a mistake ends what is bound and nothing is noted: for what is only tried, and for texts other than
  /// the request's, whose places mean nothing in it.
  class Trial {
   public:
    explicit Trial(Binder& binder) : binder_(binder) { ++binder_.trials_; }
    ~Trial() { --binder_.trials_; }
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;

   private:
    Binder& binder_;
  };

  // --- bind_expression.cpp
  Result<Bound> any(const syntax::Expr& expr, const Environment& env);
  Result<ExprPtr> scalar(const syntax::Expr& expr, const Environment& env);
  /// Also a call with several results, where each becomes a column of its own.
  Result<ExprPtr> scalar_or_several(const syntax::Expr& expr, const Environment& env);
  /// A scalar that is converted to `type`, if the language does so by itself.
  Result<ExprPtr> scalar_of(const syntax::Expr& expr, Type type, const Environment& env);
  /// Where it has a mistake, that is noted, and the table one of which nothing is known.
  Result<NodePtr> table(const syntax::Expr& expr, const Environment& env);  // these two: bind_table.cpp
  /// What a pipeline may begin with.
  Result<Bound> table_or_graph(const syntax::Expr& expr, const Environment& env);

  // --- bind_pipe.cpp
  Result<NodePtr> pipe(const syntax::Pipe& pipe, const Environment& env);
  Result<NodePtr> apply(const syntax::Operator& operation, NodePtr input, Environment& env);
  /// The same where graphs may come and go.
  Result<Bound> pipe_any(const syntax::Pipe& pipe, const Environment& env);
  Result<Bound> apply_any(const syntax::Operator& operation, Bound input, Environment& env);
  /// A table by name: a variable, then a stored table, then a stored function without arguments.
  Result<NodePtr> table_named(std::string_view database, const std::string& name, SourceSpan span, const Environment& env);
  /// The tables whose names fit a pattern with `*`, variables first.
  Result<std::vector<std::pair<std::string, NodePtr>>> tables_like(std::string_view pattern, const Environment& env);

  // --- bind_meaning.cpp
  /// What a name in sight stands for; of a function its value without arguments.
  Result<Bound> meant(const Meaning& meaning, SourceSpan span, const Environment& env);
  /// The pattern that the expression calls, or null.
  static const PatternPtr* pattern_called(const syntax::Expr& expr, const Environment& env);
  /// The body of the pattern's match for the call's arguments and the path, if it has one.
  Result<Bound> match(const Pattern& pattern, const syntax::Call& call, std::optional<std::string> path, const Environment& env);
  /// What the body gives once its statements are declared.
  Result<Bound> body(const syntax::FunctionBody& body, Environment env);
  /// From here on only the named stored tables and functions, and of the query's own those named, can be used.
  Result<ScopePtr> restricted(const syntax::RestrictAccess& restriction, const Environment& env);
  /// What `alias database` gave that name, else the name itself.
  std::string database_meant(std::string name) const;

  // --- bind_call.cpp
  Result<Bound> call(const syntax::Call& call, SourceSpan span, const Environment& env);
  /// A built-in function by name over bound arguments.
  Result<ExprPtr> built_in(std::string_view name, std::vector<ExprPtr> arguments, SourceSpan name_span, bool serialized = false);
  Result<ExprPtr> aggregate(const syntax::Call& call, std::vector<ExprPtr> arguments);
  Result<UserFunctionPtr> stored_function(const std::string& name, const StoredFunction& stored, SourceSpan span);
  static bool is_aggregate(std::string_view name);
  /// What an unnamed use is called; see KqlAggregate.
  static std::string aggregate_column_name(std::string_view name);
  static bool is_built_in(std::string_view name);

  // --- bind_operator.cpp (scalar operators)
  Result<ExprPtr> binary(std::string_view op, ExprPtr left, ExprPtr right, SourceSpan op_span, SourceSpan span);
  Result<ExprPtr> in(const syntax::In& in, SourceSpan span, const Environment& env);
  Result<ExprPtr> between(const syntax::Between& between, SourceSpan span, const Environment& env);

  // --- bind_user_function.cpp
  Result<Bound> invoke(const UserFunctionPtr& function, const std::vector<syntax::Expr>& arguments,
                       std::optional<NodePtr> piped_argument, SourceSpan span, const Environment& env);

  // --- constant.cpp
  /// The value of an expression without columns, run on the engine if need be.
  Result<Value> constant(const ExprPtr& expr, SourceSpan span);
  Result<Value> constant(const syntax::Expr& expr, const Environment& env);
  Result<std::string> constant_string(const syntax::Expr& expr, const Environment& env);
  /// An expression without columns, unevaluated. One that is right over the columns of `input` is told to be no constant.
  Result<ExprPtr> scalar_without_columns(const syntax::Expr& expr, const Environment& env, const NodePtr& input);

  /// The plan as a table that has run, so that its data can tell what columns it has. `what` is for the error where
  /// nothing may run: "bag_unpack()".
  Result<NodePtr> materialise(const NodePtr& plan, std::string_view what, SourceSpan span);

  /// For explain and check: whether a value could not be had just now because only the query's run tells it. The plan may go
  /// on without it.
  bool left_to_the_run();
  /// For explain: a value that only the query's run tells, where the plan can go on without it, is shown as `stand_in`.
  Result<std::string> or_stand_in(Result<std::string> value, std::string_view stand_in);

  std::uint64_t next_shared_id() { return ++last_shared_id_; }
  /// The number of a Python call, from 1, in the order of binding.
  std::uint64_t next_python_call() { return ++python_calls_; }

  /// Set by render, for the statement being bound.
  std::optional<plan::Rendering> rendering;
  std::string result_name;  // set by `as`
  /// Further results of the statement: fork.
  std::vector<plan::Statement> extra_results;
  /// Tables that the statements after this one know by these names: graph-to-table … as, and `as` at the end.
  std::vector<std::pair<std::string, NodePtr>> named_tables;

  /// Bodies that macro-expand has bound; each within another multiplies.
  int expansions = 0;

  /// Functions of the query's own and of the catalogue that were called; calls in a body multiply.
  int calls = 0;

  /// Calls within calls; bounds what stored functions could recurse to.
  int depth = 0;

 private:
  Result<NodePtr> table_without_mistake(const syntax::Expr& expr, const Environment& env);
  Result<Bound> table_or_graph_without_mistake(const syntax::Expr& expr, const Environment& env);

  BindContext& context_;
  Tables* all_tables_;  // of before any `restrict access`
  std::uint64_t last_shared_id_ = 0;
  std::uint64_t python_calls_ = 0;
  RequestOptions options_;
  std::set<std::string, std::less<>> declared_parameters_;
  std::map<std::string, std::string, std::less<>> database_aliases_;
  std::vector<std::unique_ptr<Tables>> restrictions_;
  std::vector<std::shared_ptr<const syntax::QueryTree>> parameter_trees_;  // of tables sent as query parameters
  std::optional<Undetermined> undetermined_;
  ErrorList mistakes_;
  std::set<const syntax::FunctionBody*> mistaken_bodies_;  // that gave nothing, and would give nothing again at each call
  int trials_ = 0;
};

// --- mistakes.cpp
/// Stands for a mistake that is noted already: whatever depends on it fails with this and says nothing.
Error told();
bool is_told(const Error& error);
/// An expression of which nothing is known: a mistake in it is told. Its uses are told() as well.
ExprPtr missing_expr(SourceSpan span);
/// The same where not even the names of its columns are known.
ExprPtr missing_columns(SourceSpan span);
bool is_missing(Type type);
/// A table of which not even the columns are known; no name is unknown in it.
NodePtr missing_table();
/// Whether it may have columns beside those that are known.
bool is_open(const columnar::Schema& schema);

// --- conversion.cpp
/// `expr` as `type`: nothing to do, a widening, or a dynamic's value. Null when the language does not convert by itself.
ExprPtr convert(ExprPtr expr, Type type);
/// `expr` as `type`, as the to…() functions do it: null where it is none.
ExprPtr cast(ExprPtr expr, Type type);
/// Any scalar as JSON: a string quoted, dynamic as it stands.
ExprPtr to_dynamic(ExprPtr expr);

// --- constant.cpp
ExprPtr constant_expr(Value value, SourceSpan span = {});
/// No columns, no window calls: the same for every row.
bool is_constant(const plan::Expr& expr);
bool has_window_call(const plan::Expr& expr);
/// Another value at each evaluation: rand(), new_guid().
bool is_volatile(const plan::Expr& expr);
/// A toscalar() whose table depends on the row at hand.
bool is_of_row(const plan::Expr& expr);
/// toscalar() and memberships in tables among its parts.
bool reads_tables(const plan::Expr& expr);

// --- bind_several.cpp
/// The columns of a call with several results; null for any other expression.
const columnar::Schema* results_of(const plan::Expr& expr);
/// The call with its columns named after its function and first argument: series_stats_y_min.
ExprPtr with_named_results(ExprPtr call, const syntax::Call& written);
/// All results as one dynamic array, for where a value of any type may stand.
Result<ExprPtr> results_as_array(Binder& binder, const ExprPtr& call);
/// Such an array: nothing takes it that asks for a type.
bool is_results(const plan::Expr& expr);
/// One of the results.
ExprPtr result_at(const ExprPtr& call, std::size_t at);
/// Its name; nullopt of any other expression.
std::optional<std::string> name_of_result(const plan::Expr& expr);

// --- bind_user_function.cpp
/// Whether the table has the columns that a tabular parameter names; further ones pass through.
Status fits_parameter(const plan::Node& table, const syntax::Schema& schema, SourceSpan span);

// --- bind_functions.cpp
/// The value where the condition holds, else null ('' of a string).
ExprPtr when(const ExprPtr& condition, ExprPtr value, SourceSpan span);

// --- condition.cpp
/// The expression as a filter's condition, where null and false are the same: plain comparisons that scans can use.
ExprPtr as_condition(const ExprPtr& expr);

// --- bind_pipe.cpp
/// Whether the name fits a pattern in which * stands for any text.
bool name_matches(std::string_view name, std::string_view pattern);

// --- operators/scan.cpp
/// What a column of a step's state is called among the columns that a step sees; no query can write it.
std::string step_column(std::string_view step, std::string_view column);

// --- messages.cpp: each message once
Error error_at(ErrorCode code, std::string message, SourceSpan span, std::string hint = {});
/// How a value of that type comes about; empty where there is nothing to tell.
std::string conversion_hint(Type wanted);
Error unknown_name(std::string_view name, SourceSpan span, const Environment& env);
Error wrong_type(Type wanted, Type found, SourceSpan span);
Error table_expected(SourceSpan span);
Error graph_unexpected(SourceSpan span);
Error declared_already(const syntax::Identifier& name);
Error scalar_expected(SourceSpan span);
Error one_result_expected(SourceSpan span);
Error one_name_too_many(const columnar::Schema& results, SourceSpan span);
Error not_supported(std::string_view what, SourceSpan span);
Error constant_expected(SourceSpan span);
Error star_refused(SourceSpan span);
Error too_large(const plan::Extent& extent, SourceSpan span);
Error external_files_refused(std::string_view what, SourceSpan span);
Error wrong_count(std::string_view function, std::string expected, std::size_t given, SourceSpan span);

}  // namespace wardian::kql
