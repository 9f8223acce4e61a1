#include "wardian/base/similar_name.h"
#include "wardian/kql/operators/join.h"

namespace wardian::kql {
namespace {

using plan::JoinKind;

struct KindRow {
  std::string_view name;
  JoinKind kind;
};
constexpr KindRow kKinds[] = {
    {"anti", JoinKind::left_anti},           {"fullouter", JoinKind::full_outer},   {"inner", JoinKind::inner},
    {"innerunique", JoinKind::inner_unique}, {"leftanti", JoinKind::left_anti},     {"leftantisemi", JoinKind::left_anti},
    {"leftouter", JoinKind::left_outer},     {"leftsemi", JoinKind::left_semi},     {"rightanti", JoinKind::right_anti},
    {"rightantisemi", JoinKind::right_anti}, {"rightouter", JoinKind::right_outer}, {"rightsemi", JoinKind::right_semi},
};

Result<JoinKind> kind_of(const syntax::Parameters& parameters, JoinKind usual) {
  const syntax::Parameter* given = syntax::find_parameter(parameters, "kind");
  if (given == nullptr) return usual;
  const auto* word = std::get_if<syntax::Name>(&given->value.node);
  const std::string_view name = word != nullptr ? std::string_view(word->text) : std::string_view();
  std::vector<std::string_view> names;
  for (const KindRow& row : kKinds) {
    if (row.name == name) return row.kind;
    names.push_back(row.name);
  }
  std::string hint = name == "left" || name == "right"   ? "Did you mean " + std::string(name) + "outer?"
                     : name == "outer" || name == "full" ? "Did you mean fullouter?"
                                                         : did_you_mean(name, names);
  if (hint.empty()) hint = "inner, innerunique, leftouter, rightouter, fullouter, leftsemi, leftanti, rightsemi or rightanti";
  return error_at(ErrorCode::bad_argument, "Unknown kind of join: " + std::string(name), given->value.span, std::move(hint));
}

}  // namespace

std::span<const std::string_view> join_kinds() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const KindRow& row : kKinds) names.push_back(row.name);
    return names;
  }();
  return kNames;
}

OperatorResult bind_operator(Binder& binder, const syntax::JoinOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const JoinKind kind, kind_of(node.parameters, JoinKind::inner_unique));
  WARDIAN_ASSIGN(NodePtr right, binder.table(*node.right, site.env.without_rows()));
  WARDIAN_ASSIGN(JoinKeys keys, join_keys(binder, node.on, site.input, right, site.env));
  ExprPtr condition;
  if (node.where != nullptr) {
    Environment sides = site.env.over(*site.input);
    sides.right = &right->schema;
    WARDIAN_ASSIGN(condition, binder.scalar_of(*node.where, Type::boolean, sides));
  } else if (keys.empty() && node.on.empty()) {
    return error_at(ErrorCode::argument_count, "A join needs a key", site.keyword, "join (…) on a");
  }
  const bool left_only = kind == JoinKind::left_semi || kind == JoinKind::left_anti;
  const bool right_only = kind == JoinKind::right_semi || kind == JoinKind::right_anti;
  columnar::Schema schema = left_only    ? site.input->schema
                            : right_only ? right->schema
                                         : joined_schema(site.input->schema, right->schema);
  plan::Join join{site.input, std::move(right), kind, std::move(keys), {}, std::move(condition)};
  if (join.condition && kind == JoinKind::inner_unique) join.kind = JoinKind::inner;  // unique by no key
  return plan::make_node(std::move(join), std::move(schema));
}

/// A left outer (or inner) join whose right keys are not shown.
OperatorResult bind_operator(Binder& binder, const syntax::LookupOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const JoinKind kind, kind_of(node.parameters, JoinKind::left_outer));
  if (kind != JoinKind::left_outer && kind != JoinKind::inner) {
    return error_at(ErrorCode::bad_argument, "lookup is leftouter or inner",
                    syntax::find_parameter(node.parameters, "kind")->value.span);
  }
  WARDIAN_ASSIGN(NodePtr right, binder.table(*node.right, site.env.without_rows()));
  WARDIAN_ASSIGN(JoinKeys keys, join_keys(binder, node.on, site.input, right, site.env));
  if (keys.empty() && node.on.empty())
    return error_at(ErrorCode::argument_count, "lookup needs a key", SourceSpan{site.span.end, site.span.end}, "lookup T on a");
  std::vector<bool> is_key(right->schema.size(), false);
  for (const auto& [left_key, right_key] : keys) {
    const ExprPtr* bare = &right_key;
    if (const auto* call = std::get_if<plan::Call>(&right_key->node); call != nullptr && call->arguments.size() == 1) {
      bare = &call->arguments.front();  // under the conversion to the common type
    }
    if (const auto* ref = std::get_if<plan::ColumnRef>(&(*bare)->node)) is_key[ref->index] = true;
  }
  columnar::Schema shown;
  for (std::size_t at = 0; at < is_key.size(); ++at) {
    if (!is_key[at]) shown.push_back(right->schema[at]);
  }
  const columnar::Schema names = joined_schema(site.input->schema, shown);
  columnar::Schema joined = joined_schema(site.input->schema, right->schema);
  const std::size_t width = site.input->schema.size();
  NodePtr join = plan::make_node(plan::Join{site.input, std::move(right), kind, std::move(keys)}, std::move(joined));
  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < join->schema.size(); ++at) {
    if (at >= width && is_key[at - width]) continue;
    columns.push_back({names[columns.size()].name, input_column(join->schema, at)});
  }
  return project(std::move(join), std::move(columns));
}

}  // namespace wardian::kql
