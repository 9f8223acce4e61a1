#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "wardian/base/similar_name.h"
#include "wardian/kql/syntax/foreign_words.h"
#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {

/// One keyword, with the method that reads what follows it. `source`: may begin a pipeline.
struct QueryParser::OperatorRow {
  std::string_view keyword;
  Result<OperatorNode> (QueryParser::*parse)();
  bool source = false;
  bool piped = true;
};

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

std::span<const QueryParser::OperatorRow> QueryParser::operators() {
  using P = QueryParser;
  static constexpr auto kOperators = std::to_array<OperatorRow>({
      {"__executeAndCache", &P::execute_and_cache_operator},
      {"as", &P::as_operator},
      {"assert-schema", &P::assert_schema_operator},
      {"consume", &P::consume_operator},
      {"count", &P::count_operator},
      {"datatable", &P::datatable_operator, true, false},
      {"distinct", &P::distinct_operator},
      {"evaluate", &P::evaluate_operator, true},
      {"execute_and_cache", &P::execute_and_cache_operator},
      {"extend", &P::extend_operator},
      {"external_data", &P::external_data_operator, true, false},
      {"externaldata", &P::external_data_operator, true, false},
      {"facet", &P::facet_operator},
      {"filter", &P::where_operator},
      {"find", &P::find_operator, true},
      {"fork", &P::fork_operator},
      {"getschema", &P::getschema_operator},
      {"graph-mark-components", &P::graph_mark_components_operator},
      {"graph-match", &P::graph_match_operator},
      {"graph-shortest-paths", &P::graph_shortest_paths_operator},
      {"graph-to-table", &P::graph_to_table_operator},
      {"graph-where-edges", &P::graph_where_edges_operator},
      {"graph-where-nodes", &P::graph_where_nodes_operator},
      {"inline_external_table", &P::inline_external_table_operator, true, false},
      {"invoke", &P::invoke_operator},
      {"join", &P::join_operator},
      {"limit", &P::take_operator},
      {"lookup", &P::lookup_operator},
      {"macro-expand", &P::macro_expand_operator, true, false},
      {"make-graph", &P::make_graph_operator},
      {"make-series", &P::make_series_operator},
      {"mv-apply", &P::mv_apply_operator},
      {"mv-expand", &P::mv_expand_operator},
      {"mvapply", &P::mv_apply_operator},
      {"mvexpand", &P::mv_expand_operator},
      {"order", &P::sort_operator},
      {"parse", &P::parse_operator},
      {"parse-kv", &P::parse_kv_operator},
      {"parse-where", &P::parse_where_operator},
      {"partition", &P::partition_operator},
      {"print", &P::print_operator, true, false},
      {"project", &P::project_operator},
      {"project-away", &P::project_away_operator},
      {"project-by-names", &P::project_by_names_operator},
      {"project-keep", &P::project_keep_operator},
      {"project-rename", &P::project_rename_operator},
      {"project-reorder", &P::project_reorder_operator},
      {"range", &P::range_operator, true, false},
      {"reduce", &P::reduce_operator},
      {"render", &P::render_operator},
      {"sample", &P::sample_operator},
      {"sample-distinct", &P::sample_distinct_operator},
      {"scan", &P::scan_operator},
      {"search", &P::search_operator, true},
      {"serialize", &P::serialize_operator},
      {"sort", &P::sort_operator},
      {"summarize", &P::summarize_operator},
      {"take", &P::take_operator},
      {"top", &P::top_operator},
      {"top-hitters", &P::top_hitters_operator},
      {"top-nested", &P::top_nested_operator},
      {"union", &P::union_operator, true},
      {"where", &P::where_operator},
  });
  static_assert(std::ranges::is_sorted(kOperators, {}, &OperatorRow::keyword));
  return kOperators;
}

const QueryParser::OperatorRow* QueryParser::find_operator(std::string_view keyword) {
  const std::span<const OperatorRow> rows = operators();
  const auto found = std::ranges::lower_bound(rows, keyword, {}, &OperatorRow::keyword);
  return found != rows.end() && found->keyword == keyword ? &*found : nullptr;
}

QueryParser::OperatorPlace QueryParser::place_of(std::string_view keyword) {
  const OperatorRow* const row = find_operator(keyword);
  return row == nullptr ? OperatorPlace{} : OperatorPlace{row->source, row->piped};
}

std::string_view QueryParser::dashed_words(std::size_t& tokens) const {
  tokens = 0;
  if (!at(TokenKind::identifier)) return {};
  tokens = 1;
  while (at(TokenKind::minus, tokens) && at(TokenKind::identifier, tokens + 1) && adjacent(tokens) && adjacent(tokens + 1)) {
    tokens += 2;
  }
  return text(cover(peek().span, peek(tokens - 1).span));
}

const QueryParser::OperatorRow* QueryParser::operator_here(std::size_t& tokens) const {
  const std::string_view words = dashed_words(tokens);
  return words.empty() ? nullptr : find_operator(words);
}

bool QueryParser::at_operator_keyword() const {
  std::size_t tokens = 0;
  return operator_here(tokens) != nullptr;
}

bool QueryParser::at_source_operator() const {
  std::size_t tokens = 0;
  const OperatorRow* row = operator_here(tokens);
  if (row == nullptr || !row->source) return false;
  if (row->keyword == "print") return true;
  if (row->keyword == "range") return at(TokenKind::identifier, tokens) || at_word("from", tokens + name_size(tokens));
  switch (kind(tokens)) {  // what could follow a name of the same spelling
    case TokenKind::assign:
    case TokenKind::comma:
    case TokenKind::dot:
    case TokenKind::close_round:
    case TokenKind::semicolon:
    case TokenKind::pipe:
    case TokenKind::end: return row->keyword == "union" || row->keyword == "datatable" || row->keyword == "externaldata";
    default: return true;
  }
}

Result<Operator> QueryParser::run_operator(const OperatorRow& row, std::size_t tokens) {
  const std::uint32_t begin = peek().span.begin;
  advance(tokens);
  const SourceSpan keyword = span_from(begin);
  WARDIAN_ASSIGN(OperatorNode node, (this->*row.parse)());
  return Operator{std::move(node), span_from(begin), keyword};
}

Result<Operator> QueryParser::query_operator() {
  std::size_t tokens = 0;
  const OperatorRow* row = operator_here(tokens);
  if (row == nullptr) return unknown_operator();
  if (!row->piped) {
    return wrong_here(std::string(row->keyword) + " begins a query and cannot follow a |");
  }
  return run_operator(*row, tokens);
}

Result<Operator> QueryParser::source_operator() {
  std::size_t tokens = 0;
  const OperatorRow* row = operator_here(tokens);
  return run_operator(*row, tokens);
}

Error QueryParser::unknown_operator() const {
  std::size_t tokens = 0;
  const std::string_view words = dashed_words(tokens);
  if (words.empty()) {
    return missing("operator", at(TokenKind::pipe) ? "One | is enough; conditions are joined by the word or" : "");
  }
  const SourceSpan span{peek().span.begin, peek().span.begin + static_cast<std::uint32_t>(words.size())};
  const std::string small = lower(words);
  std::string hint;
  if (find_operator(small) != nullptr) {
    hint = "Operators are written in lower case: " + small;
  } else {
    hint = foreign_operator_hint(small);
  }
  if (hint.empty() && kind(tokens) >= TokenKind::equal && kind(tokens) <= TokenKind::greater_or_equal) {
    hint = "Is where missing? | where " + std::string(words) + " " + std::string(word(tokens)) + " …";
  } else if (hint.empty() && at(TokenKind::assign, tokens)) {
    hint = "Is extend missing? | extend " + std::string(words) + " = …";
  }
  if (hint.empty()) {
    std::vector<std::string_view> keywords;
    for (const OperatorRow& row : operators()) keywords.push_back(row.keyword);
    hint = did_you_mean(small, keywords);
  }
  return Error{ErrorCode::unknown_operator, "Unknown operator: " + std::string(words), span, std::move(hint)};
}

Result<OperatorNode> QueryParser::where_operator() {
  WhereOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.predicate, expression_pointer());
  if (at(TokenKind::assign)) return wrong_here("Unexpected: =", "Use == to compare");
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::extend_operator() {
  WARDIAN_ASSIGN(std::vector<Expr> columns, named_expressions());
  return OperatorNode(ExtendOperator{std::move(columns)});
}

Result<OperatorNode> QueryParser::project_operator() {
  ProjectOperator result;
  if (at_expression()) {
    WARDIAN_ASSIGN(result.columns, named_expressions());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::project_away_operator() {
  WARDIAN_ASSIGN(std::vector<Expr> columns, name_patterns());
  return OperatorNode(ProjectAwayOperator{std::move(columns)});
}

Result<OperatorNode> QueryParser::project_keep_operator() {
  WARDIAN_ASSIGN(std::vector<Expr> columns, name_patterns());
  return OperatorNode(ProjectKeepOperator{std::move(columns)});
}

Result<OperatorNode> QueryParser::project_rename_operator() {
  WARDIAN_ASSIGN(std::vector<Expr> columns, named_expressions());
  return OperatorNode(ProjectRenameOperator{std::move(columns)});
}

Result<OperatorNode> QueryParser::project_by_names_operator() {
  WARDIAN_ASSIGN(std::vector<Expr> columns, named_expressions());
  return OperatorNode(ProjectByNamesOperator{std::move(columns)});
}

Result<OperatorNode> QueryParser::project_reorder_operator() {
  ProjectReorderOperator result;
  do {
    WARDIAN_ASSIGN(Expr column, name_pattern());
    ReorderKey key{std::move(column), std::nullopt};
    std::size_t tokens = 0;
    const std::string_view order = dashed_words(tokens);
    if (order == "asc") key.order = SortOrder::ascending;
    if (order == "desc") key.order = SortOrder::descending;
    if (order == "granny-asc") key.order = SortOrder::granny_ascending;
    if (order == "granny-desc") key.order = SortOrder::granny_descending;
    if (key.order) advance(tokens);
    result.columns.push_back(std::move(key));
  } while (take(TokenKind::comma));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::distinct_operator() {
  DistinctOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.columns, named_expressions());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::count_operator() {
  CountOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  if (take_word("as")) {
    WARDIAN_ASSIGN(Identifier as, name());
    result.as = std::move(as);
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::take_operator() {
  TakeOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.count, expression_pointer());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::serialize_operator() {
  SerializeOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  if (at_expression()) {
    WARDIAN_ASSIGN(result.columns, named_expressions());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::as_operator() {
  AsOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.name, name());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::invoke_operator() {
  WARDIAN_ASSIGN(Expr function, postfix());
  if (!std::holds_alternative<Call>(function.node) && !std::holds_alternative<MemberCall>(function.node)) {
    return at(TokenKind::end) || !at_expression() ? expected("(", "invoke needs a function call: invoke f(…)") : expected("(");
  }
  return OperatorNode(InvokeOperator{std::move(function)});
}

Result<OperatorNode> QueryParser::getschema_operator() {
  GetSchemaOperator result;
  if (at_word("kind") && at(TokenKind::assign, 1)) {
    advance(2);
    result.as_text = at_word("csl");
    advance();
  }
  return OperatorNode(result);
}

Result<OperatorNode> QueryParser::consume_operator() {
  ConsumeOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"decodeblocks"}));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::execute_and_cache_operator() { return OperatorNode(ExecuteAndCacheOperator{}); }

Result<OperatorNode> QueryParser::assert_schema_operator() {
  WARDIAN_ASSIGN(Schema read, schema());
  return OperatorNode(AssertSchemaOperator{std::move(read)});
}

Result<OperatorNode> QueryParser::sample_operator() {
  SampleOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.count, expression_pointer());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::sample_distinct_operator() {
  SampleDistinctOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_ASSIGN(result.count, expression_pointer());
  WARDIAN_TRY(expect_word("of"));
  WARDIAN_ASSIGN(result.of, expression_pointer());
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::render_operator() {
  RenderOperator result;
  WARDIAN_ASSIGN(result.chart, name("chart type"));
  // The old form lists properties without brackets: render timechart title="…"
  if (at_word("with") && at(TokenKind::open_round, 1)) {
    WARDIAN_ASSIGN(result.properties, properties());
    return OperatorNode(std::move(result));
  }
  take_word("with");
  while (at(TokenKind::identifier)) {
    if (at_word("by") && !at(TokenKind::assign, 1)) {
      Identifier by{"series", peek().span, false};
      advance();
      WARDIAN_ASSIGN(Expr value, parameter_value());
      result.properties.push_back({std::move(by), std::move(value)});
      continue;
    }
    if (!at(TokenKind::assign, 1)) {
      if (at_operator_keyword()) break;
      return expected("|", "The properties of a chart are written: with (title = \"…\", …)");
    }
    WARDIAN_ASSIGN(Parameter read, parameter());
    result.properties.push_back(std::move(read));
    take(TokenKind::comma);
  }
  return OperatorNode(std::move(result));
}

}  // namespace wardian::kql::syntax
