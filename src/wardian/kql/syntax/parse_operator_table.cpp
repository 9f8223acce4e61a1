#include <array>
#include <utility>

#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {

Result<Expr> QueryParser::table_operand() {
  if (!at_name() && !at(TokenKind::open_round)) return missing("table");
  if (at_word("print") || at_word("datatable")) {
    if (at_source_operator())
      return missing("table", "A table made in place stands in brackets: (" + std::string(word()) + " …)");
  }
  return postfix();
}

/// Nothing where no `on` stands here.
Result<std::vector<Expr>> QueryParser::join_conditions() {
  std::vector<Expr> conditions;
  if (!take_word("on")) return conditions;
  do {
    WARDIAN_ASSIGN(Expr condition, expression());
    conditions.push_back(std::move(condition));
  } while (take(TokenKind::comma));
  if (at(TokenKind::assign)) return wrong_here("Unexpected: =", "Use == to compare: on $left.a == $right.b");
  return conditions;
}

Result<OperatorNode> QueryParser::join_operator() {
  JoinOperator result;
  const SourceSpan here = peek().span;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind"}));
  const Parameter* kind = find_parameter(result.parameters, "kind");
  result.kind_span = kind != nullptr ? kind->value.span : here;
  WARDIAN_ASSIGN(Expr right, table_operand());
  result.right = pointer(std::move(right));
  WARDIAN_ASSIGN(result.on, join_conditions());
  if (result.on.empty() && take_word("where")) {
    WARDIAN_ASSIGN(result.where, expression_pointer());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::lookup_operator() {
  LookupOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"kind"}));
  WARDIAN_ASSIGN(Expr right, table_operand());
  result.right = pointer(std::move(right));
  WARDIAN_ASSIGN(result.on, join_conditions());
  return OperatorNode(std::move(result));
}

Result<Expr> QueryParser::bracketed_sub_pipe() {
  WARDIAN_TRY(expect(TokenKind::open_round));
  WARDIAN_ASSIGN(Expr pipe, sub_pipe());
  if (!at(TokenKind::close_round)) return expected(at_operator_keyword() ? "|" : ")");
  advance();
  return pipe;
}

Result<OperatorNode> QueryParser::fork_operator() {
  ForkOperator result;
  do {
    ForkBranch branch{std::nullopt, {}};
    if (at_name() && at(TokenKind::assign, name_size())) {
      WARDIAN_ASSIGN(Identifier read, name());
      branch.name = std::move(read);
      advance();
    }
    WARDIAN_ASSIGN(branch.pipe, bracketed_sub_pipe());
    result.branches.push_back(std::move(branch));
    take(TokenKind::comma);
  } while (at(TokenKind::open_round) || (at_name() && at(TokenKind::assign, name_size())));
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::facet_operator() {
  FacetOperator result;
  WARDIAN_TRY(expect_word("by"));
  do {
    WARDIAN_ASSIGN(Expr column, expression());
    result.columns.push_back(std::move(column));
  } while (take(TokenKind::comma));
  if (take_word("with")) {
    if (at(TokenKind::open_round)) {
      WARDIAN_ASSIGN(Expr pipe, bracketed_sub_pipe());
      result.with = pointer(std::move(pipe));
    } else {
      WARDIAN_ASSIGN(Expr pipe, sub_pipe());
      result.with = pointer(std::move(pipe));
    }
  }
  return OperatorNode(std::move(result));
}

Result<Expr> QueryParser::column_path() {
  WARDIAN_ASSIGN(Identifier first, name("column name"));
  WARDIAN_ASSIGN(Expr path, make(Name{std::move(first.text), first.quoted}, first.span));
  while (at(TokenKind::dot)) {
    advance();
    WARDIAN_ASSIGN(Identifier member, name("column name"));
    const SourceSpan span = span_from(path.span.begin);
    const std::size_t height = path.height;
    WARDIAN_ASSIGN(path, make(Member{pointer(std::move(path)), std::move(member)}, span, height));
  }
  return path;
}

Result<OperatorNode> QueryParser::partition_operator() {
  PartitionOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({}));
  WARDIAN_TRY(expect_word("by"));
  WARDIAN_ASSIGN(Expr by, column_path());
  result.by = pointer(std::move(by));
  if (take_word("in")) {
    WARDIAN_ASSIGN(Expr scope, postfix());
    result.scope = pointer(std::move(scope));
  }
  if (at(TokenKind::open_curly)) {
    WARDIAN_ASSIGN(FunctionBody body, function_body());
    result.body = std::make_shared<const FunctionBody>(std::move(body));
  } else {
    WARDIAN_ASSIGN(Expr pipe, bracketed_sub_pipe());
    result.pipe = pointer(std::move(pipe));
  }
  return OperatorNode(std::move(result));
}

Result<columnar::Type> QueryParser::cast_type() {
  // typeof(…) here also takes the runtime's own names, such as DateTime.
  constexpr auto kNames = std::to_array<std::pair<std::string_view, columnar::Type>>({
      {"Boolean", columnar::Type::boolean},
      {"Int32", columnar::Type::int32},
      {"Int64", columnar::Type::int64},
      {"Double", columnar::Type::real},
      {"String", columnar::Type::string},
      {"DateTime", columnar::Type::datetime},
      {"TimeSpan", columnar::Type::timespan},
      {"Guid", columnar::Type::guid},
      {"Dynamic", columnar::Type::dynamic},
  });
  for (const auto& [spelled, named] : kNames) {
    if (take_word(spelled)) return named;
  }
  return type();
}

Result<std::vector<ExpandColumn>> QueryParser::expand_columns() {
  std::vector<ExpandColumn> columns;
  do {
    WARDIAN_ASSIGN(Expr value, named_expression());
    ExpandColumn column{std::move(value), std::nullopt};
    if (take_word("to")) {
      WARDIAN_TRY(expect_word("typeof"));
      WARDIAN_TRY(expect(TokenKind::open_round));
      WARDIAN_ASSIGN(column.to_type, cast_type());
      WARDIAN_TRY(expect(TokenKind::close_round));
    }
    columns.push_back(std::move(column));
  } while (take(TokenKind::comma));
  return columns;
}

Result<OperatorNode> QueryParser::mv_expand_operator() {
  MvExpandOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"bagexpansion", "kind", "with_itemindex"}));
  WARDIAN_ASSIGN(result.columns, expand_columns());
  if (take_word("limit")) {
    WARDIAN_ASSIGN(result.row_limit, expression_pointer());
  }
  return OperatorNode(std::move(result));
}

Result<OperatorNode> QueryParser::mv_apply_operator() {
  MvApplyOperator result;
  WARDIAN_ASSIGN(result.parameters, parameters({"bagexpansion", "kind", "with_itemindex"}));
  WARDIAN_ASSIGN(result.columns, expand_columns());
  if (take_word("limit")) {
    WARDIAN_ASSIGN(result.row_limit, expression_pointer());
  }
  if (take_word("id")) {
    WARDIAN_ASSIGN(Expr context, expression());
    result.context_id = std::move(context);
  }
  WARDIAN_TRY(expect_word("on"));
  WARDIAN_ASSIGN(Expr pipe, bracketed_sub_pipe());
  result.pipe = pointer(std::move(pipe));
  return OperatorNode(std::move(result));
}

}  // namespace wardian::kql::syntax
