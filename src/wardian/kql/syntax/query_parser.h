#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "wardian/kql/syntax/parser.h"
#include "wardian/kql/syntax/token_cursor.h"
#include "wardian/kql/syntax/tree.h"

namespace wardian::kql::syntax {

using OperatorNode = decltype(Operator::node);
using ExprNode = decltype(Expr::node);

/// Recursive descent over the whole grammar, with one token of lookahead nearly everywhere. The methods are spread over
/// parse_*.cpp by the part of the grammar. Keywords are told by their place: most words stay usable as names.
class QueryParser : public TokenCursor {
 public:
  using TokenCursor::TokenCursor;

  /// Where the operator of that name may stand.
  struct OperatorPlace {
    bool source = false;  // it may begin a pipeline
    bool piped = false;   // it may follow a |
  };
  static OperatorPlace place_of(std::string_view keyword);

  // --- parse_statement.cpp
  Result<QueryTree> query();
  /// The same, going on after mistakes, which it notes in the list: see recovery.cpp.
  Result<QueryTree> whole_query(ErrorList& mistakes);
  Result<std::vector<Statement>> statements(TokenKind end);
  Result<FunctionBody> function_body();
  Result<std::vector<FunctionParameter>> function_parameters();
  Result<Expr> standalone_expression();

  // --- parse_pipe.cpp: tables, and whatever may be either
  /// What stands between `|`s: a source operator or an expression, then operators.
  Result<Expr> pipe_expression();
  /// `| operator | operator` for a source that is already read (or null: what the surroundings give).
  Result<Expr> operators_after(ExprPtr source, std::uint32_t begin, std::vector<Operator> operators = {});
  /// operator | operator, without a source: inside mv-apply, fork, facet and partition.
  Result<Expr> sub_pipe();
  Error unexpected_after_query() const;
  /// What was meant by a word that stands where an operator could: a slip, or a word of another language. Empty: no idea.
  std::string connective_hint() const;

  // --- parse_expression.cpp
  Result<Expr> expression();  // or, and, comparisons, …
  Result<Expr> additive();
  Result<Expr> unary();

  // --- parse_primary.cpp
  Result<Expr> postfix();
  /// The name is read, `(` is next.
  Result<Call> call(Identifier function);
  Result<Expr> name_or_call();
  /// Name, or quoted name ['…'].
  Result<Identifier> name(std::string_view what = "name");
  bool at_name(std::size_t ahead = 0) const;
  /// How many tokens the name at `ahead` takes: 1, 3 for ['…'], 0 for none.
  std::size_t name_size(std::size_t ahead = 0) const;
  bool at_expression() const;
  /// `name = expression`, `(a, b) = expression`, or an expression.
  Result<Expr> named_expression();
  Result<Expr> argument();
  Result<std::vector<Expr>> named_expressions();
  Result<std::vector<Expr>> arguments(bool of_table = true);        // ( … )
  Error after_argument(const Expr& argument, bool of_table) const;  // what is wrong where neither , nor ) follows
  /// a*, *b, *, a: patterns of names.
  Result<Expr> name_pattern();
  Result<std::vector<Expr>> name_patterns();

  // --- parse_literal.cpp
  Result<Expr> literal();
  bool at_literal() const;
  Result<Expr> string_literal();
  Result<Literal> string_value();
  Result<Expr> typed_literal(columnar::Type type);
  /// datetime(8:00): startofday(now()) + 8h.
  Result<Expr> time_of_today(Expr time);
  Result<std::string> json_value();
  Result<std::string> json_array();
  Result<std::string> json_object();
  Result<std::string> json_scalar();

  // --- parse_schema.cpp
  Result<Schema> schema(bool trailing_comma = false);  // ( … ); whether (a: long,) is one
  Result<columnar::Type> type();
  Result<columnar::Type> cast_type();
  Result<Parameters> parameters(std::initializer_list<std::string_view> known);
  Result<Parameter> parameter();
  bool at_parameter(std::initializer_list<std::string_view> known) const;
  Result<Parameters> properties(bool repeatable = false);  // with ( … ), or nothing
  Status not_twice(const Parameters& list, const Identifier& name) const;

  // --- parse_operator.cpp: the table of operators, and the plain ones
  Result<Operator> query_operator();
  /// print, range, datatable, … at the present place?
  bool at_source_operator() const;
  bool at_operator_keyword() const;
  Result<Operator> source_operator();

  Result<OperatorNode> where_operator();
  Result<OperatorNode> extend_operator();
  Result<OperatorNode> project_operator();
  Result<OperatorNode> project_away_operator();
  Result<OperatorNode> project_keep_operator();
  Result<OperatorNode> project_rename_operator();
  Result<OperatorNode> project_reorder_operator();
  Result<OperatorNode> project_by_names_operator();
  Result<OperatorNode> distinct_operator();
  Result<OperatorNode> count_operator();
  Result<OperatorNode> take_operator();
  Result<OperatorNode> serialize_operator();
  Result<OperatorNode> as_operator();
  Result<OperatorNode> invoke_operator();
  Result<OperatorNode> getschema_operator();
  Result<OperatorNode> consume_operator();
  Result<OperatorNode> execute_and_cache_operator();
  Result<OperatorNode> assert_schema_operator();
  Result<OperatorNode> sample_operator();
  Result<OperatorNode> sample_distinct_operator();
  Result<OperatorNode> render_operator();

  // --- parse_operator_source.cpp
  Result<OperatorNode> print_operator();
  Result<OperatorNode> range_operator();
  Result<OperatorNode> datatable_operator();
  Result<OperatorNode> external_data_operator();
  Result<OperatorNode> inline_external_table_operator();
  Status skip_brackets();
  Result<OperatorNode> union_operator();
  Result<OperatorNode> find_operator();
  Result<OperatorNode> search_operator();
  Result<OperatorNode> evaluate_operator();
  Result<OperatorNode> macro_expand_operator();

  // --- parse_operator_group.cpp: aggregation and order
  Result<OperatorNode> summarize_operator();
  Result<OperatorNode> sort_operator();
  Result<OperatorNode> top_operator();
  Result<OperatorNode> top_hitters_operator();
  Result<OperatorNode> top_nested_operator();
  Result<OperatorNode> make_series_operator();
  Result<OperatorNode> reduce_operator();
  Result<SortKey> sort_key();
  Status sort_order(SortKey& key);

  // --- parse_operator_table.cpp: several tables, and pipes within pipes
  Result<OperatorNode> join_operator();
  Result<OperatorNode> lookup_operator();
  Result<OperatorNode> fork_operator();
  Result<OperatorNode> facet_operator();
  Result<OperatorNode> partition_operator();
  Result<OperatorNode> mv_expand_operator();
  Result<OperatorNode> mv_apply_operator();
  Result<std::vector<ExpandColumn>> expand_columns();
  /// T, f(x), database("d").T, (pipe): the right side of a join.
  Result<Expr> table_operand();
  Result<std::vector<Expr>> join_conditions();
  /// The same and patterns: T*, database("*").T*.
  Result<std::vector<Expr>> table_patterns();
  Result<Expr> bracketed_sub_pipe();
  /// a, a.b: a column where a bracket may follow that is no argument list.
  Result<Expr> column_path();

  // --- parse_operator_text.cpp
  Result<OperatorNode> parse_operator();
  Result<OperatorNode> parse_where_operator();
  Result<OperatorNode> parse_with(bool drop_unmatched);
  Result<OperatorNode> parse_kv_operator();
  Result<OperatorNode> scan_operator();

  // --- parse_operator_graph.cpp
  Result<OperatorNode> make_graph_operator();
  Result<OperatorNode> graph_match_operator();
  Result<OperatorNode> graph_shortest_paths_operator();
  Result<OperatorNode> graph_to_table_operator();
  Result<OperatorNode> graph_mark_components_operator();
  Result<OperatorNode> graph_where_nodes_operator();
  Result<OperatorNode> graph_where_edges_operator();
  Result<GraphPattern> graph_pattern();
  Result<GraphPatternPart> graph_node();
  Result<GraphPatternPart> graph_edge();

 protected:
  // --- recovery.cpp: reading on after a mistake
  /// Takes the mistake down; an error where reading ends here.
  Status note(Error mistake);
  /// Goes to where reading can begin again after a mistake in what begins at the token `begin`: a semicolon, the end of the
  /// bracket around it, or behind that a pipe or comma, if that is asked for.
  enum class Stops : std::uint8_t { semicolon, pipe, comma };
  void skip(std::size_t begin, Stops stops);
  Result<Expr> unreadable(std::uint32_t begin);
  /// Reads one operator into the list, be it Unreadable.
  Status next_operator(std::vector<Operator>& list);
  /// A statement's table or value, up to the end of the statement.
  Result<Expr> statement_pipe(bool of_let);
  /// What is wrong where a statement that begins at the token `begin` could end and does not.
  Error after_statement(std::size_t begin, bool of_let) const;

  /// A node over children of that height, or TOO_DEEP.
  Result<Expr> make(ExprNode node, SourceSpan span, std::size_t children_height = 0);
  static ExprPtr pointer(Expr expr) { return std::make_unique<const Expr>(std::move(expr)); }
  static std::size_t height_of(const std::vector<Expr>& list);
  /// Reads one expression into a pointer.
  Result<ExprPtr> expression_pointer();
  Error too_deep() const;

  Result<Statement> statement();
  /// At a word that only a statement begins with: let, set, declare, print, range, ….
  bool begins_statement() const;
  Result<Statement> let_statement();
  Result<Statement> set_statement();
  Result<Statement> declare_statement();
  Result<Statement> declare_pattern();
  Result<Statement> alias_statement();
  Result<Statement> restrict_statement();
  bool at_function_declaration() const;
  Result<FunctionDeclaration> function_declaration();
  Result<FunctionParameter> function_parameter();
  Result<Expr> equality(Expr left);
  Result<Expr> relational();
  Result<Expr> multiplicative();
  Result<Expr> string_operation();
  Result<Expr> primary();
  Result<Expr> in_list(Expr left, InOp op);
  Result<Expr> between(Expr left, bool negated);
  Result<Expr> binary(BinaryOp op, Expr left, Expr right, SourceSpan op_span);
  Result<Expr> member_after(Expr source);
  Result<Expr> round_brackets();
  Result<Expr> type_of();
  Result<Expr> entity_group();
  bool at_wildcard(std::size_t ahead = 0) const;
  std::string take_wildcard();
  Result<Expr> parameter_value();
  Error unknown_operator() const;
  /// Words joined by dashes without blanks at the present place: "mv-expand"; and how many tokens each length takes.
  std::string_view dashed_words(std::size_t& tokens) const;
  struct OperatorRow;
  static std::span<const OperatorRow> operators();  // by keyword
  static const OperatorRow* find_operator(std::string_view keyword);
  const OperatorRow* operator_here(std::size_t& tokens) const;
  Result<Operator> run_operator(const OperatorRow& row, std::size_t tokens);

  /// Counts the brackets we are in (every recursion of the grammar passes through one, or a sign); the destructor goes
  /// out again.
  class Nesting {
   public:
    explicit Nesting(QueryParser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    bool too_deep() const { return parser_.depth_ > kNestingDepthMax; }

   private:
    QueryParser& parser_;
  };

  std::size_t depth_ = 0;
  TokenKind closed_by_ = TokenKind::end;  // the bracket or end that ends the statements being read
  ErrorList* mistakes_ = nullptr;         // null: reading ends with the first
  std::size_t resumed_ = SIZE_MAX;        // the token where reading began again last
  /// Whether `T*` after a dot is a pattern (in lists of tables) rather than a product.
  bool wildcards_ = false;
  /// The greatest height made since it was last reset: what a pipeline's height is reckoned from.
  std::size_t tallest_ = 0;
};

}  // namespace wardian::kql::syntax
