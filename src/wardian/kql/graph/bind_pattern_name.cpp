#include "wardian/kql/graph/bind_pattern_name.h"

#include <algorithm>
#include <array>

#include "wardian/kql/graph/column_shift.h"

namespace wardian::kql {
namespace {

using Kind = PatternElement::Kind;
constexpr auto kPathFunctions = std::to_array<std::string_view>({"all", "any", "map"});
constexpr auto kElementFunctions = std::to_array<std::string_view>({"labels", "node_degree_in", "node_degree_out", "node_id"});

ExprPtr column(std::size_t at, Type type, SourceSpan span) {
  return plan::make_expr(plan::ColumnRef{0, static_cast<std::uint32_t>(at)}, type, span);
}

/// {"name": value, …} of `count` columns from `first` on.
Result<ExprPtr> bag_of(Binder& binder, const columnar::Schema& properties, std::size_t count, std::size_t first,
                       SourceSpan span) {
  if (count == 0) return constant_expr(Value{Type::dynamic, "{}"}, span);
  std::vector<ExprPtr> arguments;
  for (std::size_t at = 0; at < count; ++at) {
    arguments.push_back(constant_expr(Value{Type::string, properties[at].name}, span));
    arguments.push_back(column(first + at, properties[at].type, span));
  }
  return binder.built_in("bag_pack", std::move(arguments), span);
}

/// The element of that name, where no column at hand hides it.
std::optional<std::size_t> element_named(std::string_view name, const Environment& env) {
  if (env.pattern.scope == nullptr) return std::nullopt;
  if (env.columns != nullptr && columnar::find_column(*env.columns, name)) return std::nullopt;
  return env.pattern.scope->find(name);
}

Error nested_path(SourceSpan span) {
  return error_at(ErrorCode::not_supported,
                  "all(), any() and map() over an edge of variable length do not stand within each other", span);
}

Result<ExprPtr> bound_path_bag(Binder& binder, std::size_t path, SourceSpan span, const Environment& env) {
  PatternScope& scope = *env.pattern.scope;
  const std::size_t count = scope.edge_properties();
  if (env.pattern.path == path && !env.pattern.inner) return bag_of(binder, scope.edge_row, count, 0, span);
  if (env.pattern.path) return nested_path(span);
  WARDIAN_ASSIGN(ExprPtr bag, bag_of(binder, scope.edge_row, count, 0, span));
  return element_call(scope, {ElementCall::Kind::map, path, false, std::move(bag)}, span);
}

/// What the first argument of all(), any(), map() means.
struct Domain {
  std::size_t element;
  bool inner = false;
};
Result<Domain> domain_of(const syntax::Call& call, const Environment& env) {
  const syntax::Expr& argument = call.arguments.front();
  const auto* name = std::get_if<syntax::Name>(&argument.node);
  const auto* inner = std::get_if<syntax::Call>(&argument.node);
  if (inner != nullptr && inner->function.text == "inner_nodes") {
    if (inner->arguments.size() != 1)
      return wrong_count("inner_nodes", "1 argument", inner->arguments.size(), inner->function.span);
    name = std::get_if<syntax::Name>(&inner->arguments.front().node);
    const auto at = name == nullptr ? std::nullopt : env.pattern.scope->find(name->text);
    if (!at || env.pattern.scope->elements[*at].kind != Kind::path) {
      return error_at(ErrorCode::bad_argument, "inner_nodes() takes an edge of variable length", inner->arguments.front().span);
    }
    return Domain{*at, true};
  }
  const auto at = name == nullptr ? std::nullopt : env.pattern.scope->find(name->text);
  if (!at) {
    return error_at(ErrorCode::bad_argument, call.function.text + "() takes an element of the pattern first", argument.span,
                    "The name of an edge, or inner_nodes(edge)");
  }
  return Domain{*at, false};
}

/// all(), any(), map()
Result<ExprPtr> over_elements(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  if (call.arguments.size() != 2)
    return wrong_count(call.function.text, "2 arguments", call.arguments.size(), call.function.span);
  PatternScope& scope = *env.pattern.scope;
  WARDIAN_ASSIGN(const Domain domain, domain_of(call, env));
  scope.used.insert(domain.element);
  scope.shown.insert(domain.element);
  const auto kind = call.function.text == "all"   ? ElementCall::Kind::all
                    : call.function.text == "any" ? ElementCall::Kind::any
                                                  : ElementCall::Kind::map;
  const PatternElement& element = scope.elements[domain.element];
  const bool path = element.kind == Kind::path;
  if (path && env.pattern.path) return nested_path(span);
  Environment inside = within_path(env, domain.element, domain.inner || element.kind == Kind::node);
  const bool bound_before = scope.every.has_value();
  WARDIAN_ASSIGN(ExprPtr value, kind == ElementCall::Kind::map ? binder.scalar(call.arguments[1], inside)
                                                               : binder.scalar_of(call.arguments[1], Type::boolean, inside));
  if (path) {
    if (!bound_before && scope.every) return nested_path(span);
    if (domain.inner) scope.inner.insert(domain.element);
    return element_call(scope, {kind, domain.element, domain.inner, std::move(value)}, span);
  }
  // One node or edge is its own only element.
  const std::size_t width = element.kind == Kind::node ? scope.node_row.size() : scope.edge_row.size();
  value =
      with_columns_at(value, [&](std::size_t at) { return at < width ? env.pattern.offset + element.first + at : at - width; });
  if (kind != ElementCall::Kind::map) return value;
  return binder.built_in("pack_array", {std::move(value)}, span);
}

/// labels(), node_degree_in(), node_degree_out(), node_id(), of the element named or of the inner nodes at hand.
Result<ExprPtr> of_element(Binder&, const syntax::Call& call, SourceSpan span, const Environment& env) {
  const std::string& name = call.function.text;
  PatternScope& scope = *env.pattern.scope;
  if (call.arguments.size() > 1) return wrong_count(name, "0 to 1 arguments", call.arguments.size(), call.function.span);
  std::size_t first = 0;
  if (call.arguments.empty()) {
    const bool at_hand = env.columns != nullptr && (env.pattern.inner || name == "labels");
    if (!at_hand) {
      return error_at(ErrorCode::wrong_context, name + "() of which node?", call.function.span,
                      "Without an argument it stands within all(), any() or map() over inner_nodes(…)");
    }
  } else {
    const auto* named = std::get_if<syntax::Name>(&call.arguments.front().node);
    const auto at = named == nullptr ? std::nullopt : scope.find(named->text);
    const bool fits = at && (name == "labels" || scope.elements[*at].kind == Kind::node);
    if (!fits) {
      return error_at(ErrorCode::bad_argument,
                      name + "() takes " + (name == "labels" ? "an element" : "a node") + " of the pattern",
                      call.arguments.front().span);
    }
    scope.used.insert(*at);
    scope.shown.insert(*at);
    first = env.pattern.offset + scope.elements[*at].first;
  }
  // Only stored graphs have labels.
  if (name == "labels") return constant_expr(Value{Type::dynamic, "[]"}, span);
  const std::size_t key = first + scope.node_properties();
  if (name == "node_id") return column(key, Type::string, span);
  scope.degrees = true;
  return column(key + (name == "node_degree_in" ? 1 : 2), Type::int64, span);
}

}  // namespace

ExprPtr element_call(PatternScope& scope, ElementCall call, SourceSpan span) {
  const Type type = call.kind == ElementCall::Kind::map ? Type::dynamic : Type::boolean;
  scope.calls.push_back(std::move(call));
  return column(scope.columns.size() + scope.calls.size() - 1, type, span);
}

Environment within_path(const Environment& env, std::size_t path, bool inner) {
  Environment made = env;
  const PatternScope& scope = *env.pattern.scope;
  const columnar::Schema& row = inner ? scope.node_row : scope.edge_row;
  made.columns = inner ? &scope.node_names : &scope.edge_names;
  made.table = nullptr;
  made.right = nullptr;
  made.row = std::make_shared<const char>();
  made.pattern = {env.pattern.scope, env.pattern.offset + row.size(), path, inner};
  return made;
}

Result<std::optional<Bound>> pattern_name(Binder& binder, std::string_view name, SourceSpan span, const Environment& env) {
  const auto at = element_named(name, env);
  if (!at) return std::optional<Bound>();
  PatternScope& scope = *env.pattern.scope;
  scope.used.insert(*at);
  scope.shown.insert(*at);
  const PatternElement& element = scope.elements[*at];
  if (element.kind == Kind::path) {
    WARDIAN_ASSIGN(ExprPtr made, bound_path_bag(binder, *at, span, env));
    return std::optional<Bound>(std::move(made));
  }
  const bool node = element.kind == Kind::node;
  WARDIAN_ASSIGN(ExprPtr made,
                 bag_of(binder, node ? scope.node_row : scope.edge_row, node ? scope.node_properties() : scope.edge_properties(),
                        env.pattern.offset + element.first, span));
  return std::optional<Bound>(std::move(made));
}

Result<std::optional<Bound>> pattern_member(Binder&, const syntax::Member& member, SourceSpan span, const Environment& env) {
  const auto* source = std::get_if<syntax::Name>(&member.source->node);
  const auto at = source == nullptr ? std::nullopt : element_named(source->text, env);
  if (!at) return std::optional<Bound>();
  PatternScope& scope = *env.pattern.scope;
  scope.used.insert(*at);
  scope.shown.insert(*at);
  const PatternElement& element = scope.elements[*at];
  const columnar::Schema& names = element.kind == Kind::node ? scope.node_names : scope.edge_names;
  const auto property = columnar::find_column(names, member.member.text);
  if (!property) {
    Environment properties;
    properties.columns = &names;
    return unknown_name(member.member.text, member.member.span, properties);
  }
  const Type type = names[*property].type;
  if (element.kind != Kind::path) return std::optional<Bound>(column(env.pattern.offset + element.first + *property, type, span));
  if (env.pattern.path == *at && !env.pattern.inner) return std::optional<Bound>(column(*property, type, span));
  if (env.pattern.path) return nested_path(span);
  // The expression is about every edge of the path: its binding begins anew within the path.
  if (scope.every && scope.every != *at) {
    return error_at(ErrorCode::not_supported, "One expression names properties of two edges of variable length", span,
                    "Use all(), any() or map() for each of them");
  }
  scope.every = *at;
  return std::optional<Bound>(constant_expr(columnar::null_of(type), span));
}

Result<std::optional<Bound>> pattern_call(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  if (env.pattern.scope == nullptr) return std::optional<Bound>();
  const std::string& name = call.function.text;
  if (std::ranges::find(kPathFunctions, name) != kPathFunctions.end()) {
    WARDIAN_ASSIGN(ExprPtr made, over_elements(binder, call, span, env));
    return std::optional<Bound>(std::move(made));
  }
  if (std::ranges::find(kElementFunctions, name) != kElementFunctions.end()) {
    WARDIAN_ASSIGN(ExprPtr made, of_element(binder, call, span, env));
    return std::optional<Bound>(std::move(made));
  }
  if (name == "inner_nodes") {
    return error_at(ErrorCode::wrong_context, "inner_nodes() stands in all(), any() or map() alone", call.function.span,
                    "map(inner_nodes(path), name)");
  }
  return std::optional<Bound>();
}

std::span<const PatternFunction> pattern_functions() {
  static constexpr auto kFunctions = std::to_array<PatternFunction>({
      {"all", "(edge or inner_nodes(edge), condition) -> bool",
       "Whether the condition holds for each edge, or inner node, of a path."},
      {"any", "(edge or inner_nodes(edge), condition) -> bool",
       "Whether the condition holds for an edge, or inner node, of a path."},
      {"inner_nodes", "(edge)", "The nodes between both ends of a path, for all(), any() and map()."},
      {"labels", "([element]) -> dynamic", "The labels of a node or edge, an empty array: tables give none."},
      {"map", "(edge or inner_nodes(edge), expression) -> dynamic",
       "The expression's value for each edge, or inner node, of a path."},
      {"node_degree_in", "([node]) -> long", "How many edges lead to the node."},
      {"node_degree_out", "([node]) -> long", "How many edges lead away from the node."},
      {"node_id", "([node]) -> string", "The node's key."},
  });
  static_assert(std::ranges::is_sorted(kFunctions, {}, &PatternFunction::name));
  return kFunctions;
}

}  // namespace wardian::kql
