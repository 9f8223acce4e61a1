#include <algorithm>

#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operators/join.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

struct Family {
  std::string_view plugin;
  plan::Lowering network_key, keys_holding;  // kernels; see kernels/ip_lookup_kernels.cpp
  bool extra_keys = false;
  bool networks_first = false;  // in the result, as the plugin's page prints it; the names are the same either way
};
constexpr Family kIpv4 = {"ipv4_lookup", {"wardian_ipv4_network_key"}, {"wardian_ipv4_keys_holding"}, true};
constexpr Family kIpv6 = {"ipv6_lookup", {"wardian_ipv6_network_key"}, {"wardian_ipv6_keys_holding"}, false, true};

sql::ExprPtr joined_lines(const plan::CallSite& site) { return sql::call("string_agg", {site.arguments[0], sql::string("\n")}); }

Result<std::size_t> column_of(const syntax::Expr& argument, const NodePtr& table, const Environment& env) {
  const auto* name = std::get_if<syntax::Name>(&argument.node);
  if (name == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", argument.span);
  const auto at = columnar::find_column(table->schema, name->text);
  if (!at) return unknown_name(name->text, argument.span, env.over(*table));
  return *at;
}

struct Arguments {
  NodePtr networks;
  std::size_t address = 0, network = 0;
  std::vector<std::pair<std::size_t, std::size_t>> extra;  // columns of both tables that must be equal
  bool return_unmatched = false;
};

bool is_literal_bool(const syntax::Expr& expr) {
  const auto* literal = std::get_if<syntax::Literal>(&expr.node);
  return literal != nullptr && literal->value.type == Type::boolean;
}

/// bool(null) says no more than to leave it out.
Result<bool> literal_bool(const syntax::Expr& expr) {
  if (!is_literal_bool(expr)) return error_at(ErrorCode::type_mismatch, "true or false is needed here", expr.span);
  const bool* held = std::get_if<bool>(&std::get<syntax::Literal>(expr.node).value.held);
  return held != nullptr && *held;
}

Result<Arguments> arguments_of(Binder& binder, const Family& family, const syntax::Call& call, const OperatorSite& site) {
  std::span<const syntax::Expr> given = call.arguments;
  Arguments made;
  const std::string counts = family.extra_keys ? "at least 3 arguments" : "3 to 4 arguments";
  if (given.size() < 3 || (!family.extra_keys && given.size() > 4)) {
    return wrong_count(family.plugin, counts, given.size(), call.function.span);
  }
  WARDIAN_ASSIGN(made.networks, binder.table(given[0], site.env.without_rows()));
  WARDIAN_ASSIGN(made.address, column_of(given[1], site.input, site.env));
  WARDIAN_ASSIGN(made.network, column_of(given[2], made.networks, site.env));
  for (std::size_t at = 3; at < given.size(); ++at) {
    const auto* named = std::get_if<syntax::Named>(&given[at].node);
    if (named != nullptr && named->names.front().text != "return_unmatched") {
      return error_at(ErrorCode::bad_argument,
                      std::string(family.plugin) + "() has no parameter of that name: " + named->names.front().text,
                      named->names.front().span, "return_unmatched = true");
    }
    const syntax::Expr& value = named != nullptr ? *named->value : given[at];
    const bool last = at + 1 == given.size();
    if (named != nullptr || (last && is_literal_bool(value)) || !family.extra_keys) {
      WARDIAN_ASSIGN(made.return_unmatched, literal_bool(value));
      continue;
    }
    WARDIAN_ASSIGN(const std::size_t left, column_of(value, site.input, site.env));
    WARDIAN_ASSIGN(const std::size_t right, column_of(value, made.networks, site.env));
    made.extra.emplace_back(left, right);
  }
  return made;
}

/// What must be equal besides, as one array; null where one of them is.
Result<ExprPtr> others(Binder& binder, const std::vector<ExprPtr>& values, SourceSpan span) {
  if (values.empty()) return constant_expr(Value{Type::dynamic, std::string("[]")}, span);
  WARDIAN_ASSIGN(ExprPtr made, binder.built_in("pack_array", values, span));
  for (const ExprPtr& value : values) {
    if (value->type == Type::string) continue;
    WARDIAN_ASSIGN(const ExprPtr present, binder.built_in("isnotnull", {value}, span));
    made = when(present, std::move(made), span);
  }
  return made;
}

ExprPtr kernel(const plan::Lowering& lowering, std::vector<ExprPtr> arguments, Type type, SourceSpan span) {
  return plan::make_expr(plan::Call{lowering.sql, lowering, std::move(arguments)}, type, span);
}

/// The input with one column more, behind the others.
NodePtr with_column(const NodePtr& input, ExprPtr value) {
  std::vector<plan::NamedExpr> columns = all_columns(*input);
  ColumnNames names;
  for (const plan::NamedExpr& column : columns) names.reserve(column.name);
  columns.push_back({names.free_name("key"), std::move(value)});
  return project(input, std::move(columns));
}

/// Networks of all sizes meet their addresses by an equality: the networks' keys, gathered into one text, tell each address
/// the keys of those that hold it, and a hash join finds their rows.
OperatorResult bind_lookup(Binder& binder, const Family& family, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  const SourceSpan span = node.plugin.span;
  WARDIAN_ASSIGN(Arguments arguments, arguments_of(binder, family, node.plugin, site));
  const columnar::Schema& left = site.input->schema;
  const columnar::Schema& right = arguments.networks->schema;

  std::vector<ExprPtr> left_others, right_others;
  std::vector<bool> hidden(right.size(), false);
  for (std::size_t at = 0; at < arguments.extra.size(); ++at) {
    const auto [a, b] = arguments.extra[at];
    const auto type = common_type(left[a].type, right[b].type);
    if (!type) {
      return error_at(ErrorCode::type_mismatch,
                      "The keys' types differ: " + std::string(columnar::type_name(left[a].type)) + " and " +
                          std::string(columnar::type_name(right[b].type)),
                      node.plugin.arguments[at + 3].span, "Convert one of them before the lookup");
    }
    left_others.push_back(cast(input_column(left, a, span), *type));
    right_others.push_back(cast(input_column(right, b, span), *type));
    hidden[b] = true;
  }
  WARDIAN_ASSIGN(ExprPtr of_right, others(binder, right_others, span));
  WARDIAN_ASSIGN(ExprPtr of_left, others(binder, left_others, span));

  // The networks with their keys, read once for both uses.
  ExprPtr network = cast(input_column(right, arguments.network, span), Type::string);
  NodePtr keyed =
      with_column(arguments.networks, kernel(family.network_key, {std::move(network), std::move(of_right)}, Type::string, span));
  columnar::Schema keyed_schema = keyed->schema;
  keyed = plan::make_node(plan::Shared{std::move(keyed), std::string(family.plugin), binder.next_shared_id()},
                          std::move(keyed_schema));
  const std::size_t key_at = right.size();
  NodePtr distinct =
      plan::make_node(plan::Aggregate{keyed, {{"key", input_column(keyed->schema, key_at, span)}}, {}}, {{"key", Type::string}});
  ExprPtr gathered = plan::make_expr(plan::Call{"string_agg", {"", &joined_lines}, {input_column(distinct->schema, 0, span)}},
                                     Type::string, span);
  NodePtr list =
      plan::make_node(plan::Aggregate{std::move(distinct), {}, {{"keys", std::move(gathered)}}}, {{"keys", Type::string}});
  ExprPtr keys = plan::make_expr(plan::ScalarSubquery{std::move(list)}, Type::string, span);

  // Each row of the input once for each network that holds its address; once with an empty key where none does.
  ExprPtr address = cast(input_column(left, arguments.address, span), Type::string);
  NodePtr found = with_column(
      site.input, kernel(family.keys_holding, {std::move(address), std::move(of_left), std::move(keys)}, Type::dynamic, span));
  plan::Expand expand;
  expand.input = found;
  expand.items.push_back({input_column(found->schema, left.size(), span), left.size()});
  columnar::Schema expanded_schema = found->schema;
  NodePtr expanded = plan::make_node(std::move(expand), std::move(expanded_schema));
  std::vector<plan::NamedExpr> columns = all_columns(*expanded);
  columns.back().expr = cast(columns.back().expr, Type::string);
  NodePtr addressed = project(std::move(expanded), std::move(columns));

  // No network has an empty key but those that cannot be read.
  WARDIAN_ASSIGN(ExprPtr readable, binder.built_in("isnotempty", {input_column(keyed->schema, key_at, span)}, span));
  columnar::Schema readable_schema = keyed->schema;
  NodePtr networks = plan::make_node(plan::Filter{std::move(keyed), std::move(readable)}, std::move(readable_schema));
  JoinKeys on;
  on.emplace_back(input_column(addressed->schema, left.size(), span),
                  plan::make_expr(plan::ColumnRef{1, static_cast<std::uint32_t>(key_at)}, Type::string, span));
  columnar::Schema joined = joined_schema(addressed->schema, networks->schema);
  const auto kind = arguments.return_unmatched ? plan::JoinKind::left_outer : plan::JoinKind::inner;
  NodePtr all = plan::make_node(plan::Join{std::move(addressed), std::move(networks), kind, std::move(on)}, std::move(joined));

  columnar::Schema shown_right;
  for (std::size_t at = 0; at < right.size(); ++at) {
    if (!hidden[at]) shown_right.push_back(right[at]);
  }
  const columnar::Schema named = joined_schema(left, shown_right);
  std::vector<plan::NamedExpr> shown;
  for (std::size_t at = 0; at < left.size(); ++at) shown.push_back({named[at].name, input_column(all->schema, at)});
  for (std::size_t at = 0; at < right.size(); ++at) {
    if (!hidden[at]) shown.push_back({named[shown.size()].name, input_column(all->schema, left.size() + 1 + at)});
  }
  if (family.networks_first) std::ranges::rotate(shown, shown.begin() + static_cast<std::ptrdiff_t>(left.size()));
  return project(std::move(all), std::move(shown));
}

}  // namespace

OperatorResult bind_ipv4_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  return bind_lookup(binder, kIpv4, node, site);
}
OperatorResult bind_ipv6_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  return bind_lookup(binder, kIpv6, node, site);
}

}  // namespace wardian::kql
