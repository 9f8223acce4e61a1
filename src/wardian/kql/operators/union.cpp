#include "wardian/kql/operators/united.h"

namespace wardian::kql {
namespace {

using Input = UnitedInput;

std::string_view word(const syntax::Parameters& parameters, std::string_view name) {
  const syntax::Parameter* given = syntax::find_parameter(parameters, name);
  if (given == nullptr) return {};
  if (const auto* held = std::get_if<syntax::Name>(&given->value.node)) return held->text;
  if (const auto* literal = std::get_if<syntax::Literal>(&given->value.node)) {
    if (const auto* text = std::get_if<std::string>(&literal->value.held)) return *text;
    if (const auto* truth = std::get_if<bool>(&literal->value.held)) return *truth ? "true" : "false";
  }
  return {};
}

/// What `withsource` calls a leg: the name of a stored table or a view, or the name that `as` gave it last. Other legs
/// have none and are numbered.
std::string label_of(const syntax::Expr& leg, const plan::Node& table, const Environment& env) {
  if (const auto* name = std::get_if<syntax::Name>(&leg.node)) {
    if (std::holds_alternative<plan::Scan>(table.node)) return name->text;
    const Meaning* meaning = env.scope ? env.scope->find(name->text) : nullptr;
    const auto* function = meaning != nullptr ? std::get_if<UserFunctionPtr>(meaning) : nullptr;
    return function != nullptr && (*function)->declaration->view ? name->text : "";
  }
  const auto* pipe = std::get_if<syntax::Pipe>(&leg.node);
  if (pipe == nullptr || pipe->operators.empty()) return "";
  const auto* as = std::get_if<syntax::AsOperator>(&pipe->operators.back().node);
  return as != nullptr ? as->name.text : "";
}

/// The same for the table that the pipeline brings: a stored table, or what `as` has just named.
std::string label_of_piped(const plan::Node& table, const Environment& env) {
  if (const auto* scan = std::get_if<plan::Scan>(&table.node)) return scan->label;
  const auto* shared = std::get_if<plan::Shared>(&table.node);
  if (shared == nullptr || !env.scope) return "";
  const Meaning* meaning = env.scope->find(shared->name);
  const auto* named = meaning != nullptr ? std::get_if<NodePtr>(meaning) : nullptr;
  return named != nullptr && named->get() == &table ? shared->name : "";
}

}  // namespace

Result<std::vector<UnitedInput>> united_inputs(Binder& binder, const std::vector<syntax::Expr>& tables, const OperatorSite& site,
                                               bool fuzzy) {
  std::vector<Input> made;
  const auto add = [&](std::string label, NodePtr table) {
    if (label.empty()) label = "union_arg" + std::to_string(made.size());
    made.push_back({std::move(label), std::move(table)});
  };
  if (site.input != nullptr) add(label_of_piped(*site.input, site.env), site.input);
  const Environment env = site.env.without_rows();
  Error first;
  for (const syntax::Expr& each : tables) {
    if (std::holds_alternative<syntax::WildcardName>(each.node) || std::holds_alternative<syntax::Star>(each.node)) {
      const auto* pattern = std::get_if<syntax::WildcardName>(&each.node);
      WARDIAN_ASSIGN(auto fitting, binder.tables_like(pattern != nullptr ? pattern->pattern : "*", env));
      if (fitting.empty() && !fuzzy) {
        return error_at(ErrorCode::unknown_table, "No table has a name that fits", each.span);
      }
      for (auto& [name, table] : fitting) add(std::move(name), std::move(table));
      continue;
    }
    std::optional<Binder::Trial> trial;
    if (fuzzy) trial.emplace(binder);
    Result<NodePtr> table = binder.table(each, env);
    if (!table.ok()) {
      // What is left out is a table that is not there, not one that is asked for wrongly.
      const ErrorCode code = table.error().code;
      const bool at_source = table.error().span && table.error().span->begin <= each.span.begin + 1;
      const bool absent = code == ErrorCode::unknown_table || (code == ErrorCode::unknown_function && at_source);
      if (!fuzzy || !absent) return std::move(table).error();
      if (first.message.empty()) first = std::move(table).error();
      continue;
    }
    std::string label = label_of(each, **table, env);
    add(std::move(label), std::move(*table));
  }
  if (made.empty()) return first.message.empty() ? table_expected(site.keyword) : first;
  return made;
}

namespace {

/// A column of the result and where each input has it.
struct Wanted {
  std::string name, source;  // the inputs call it `source`
  Type type;
};

std::vector<Wanted> wanted_columns(const std::vector<Input>& inputs, bool inner) {
  std::vector<Wanted> made;
  for (const Input& input : inputs) {
    for (const columnar::Column& column : input.table->schema) {
      const auto same = [&](const Wanted& known) { return known.source == column.name && known.type == column.type; };
      if (std::find_if(made.begin(), made.end(), same) != made.end()) continue;
      if (inner) {
        const bool everywhere = std::all_of(inputs.begin(), inputs.end(), [&](const Input& other) {
          const auto at = columnar::find_column(other.table->schema, column.name);
          return at && other.table->schema[*at].type == column.type;
        });
        if (!everywhere) continue;
      }
      // Columns of one name and several types stand side by side, where the first of them stood.
      auto place = made.end();
      for (auto at = made.begin(); at != made.end(); ++at) {
        if (at->source == column.name) place = at + 1;
      }
      made.insert(place, {column.name, column.name, column.type});
    }
  }
  // A column of several types is named with its type; names that meet are numbered, from left to right.
  const auto several_types = [&](const Wanted& column) {
    return std::count_if(made.begin(), made.end(), [&](const Wanted& other) { return other.source == column.source; }) > 1;
  };
  ColumnNames names;
  for (Wanted& column : made) {
    const bool typed = several_types(column);
    column.name = names.free_name(typed ? column.source + "_" + std::string(columnar::type_name(column.type)) : column.source);
  }
  return made;
}

}  // namespace

Result<std::vector<UnitedInput>> tables_in_sight(Binder& binder, const OperatorSite& site) {
  std::vector<UnitedInput> made;
  if (Tables* tables = binder.context().tables) {
    for (const std::string& name : tables->table_names({})) {
      WARDIAN_ASSIGN(auto table, tables->find({}, name));
      if (table) made.push_back({name, std::move(*table)});
    }
  }
  std::vector<UserFunctionPtr> views;
  if (site.env.scope) {
    site.env.scope->for_each([&](std::string_view, const Meaning& meaning) {
      const auto* function = std::get_if<UserFunctionPtr>(&meaning);
      if (function != nullptr && (*function)->declaration->view) views.push_back(*function);
    });
  }
  for (const UserFunctionPtr& view : views) {
    WARDIAN_ASSIGN(Bound bound, binder.invoke(view, {}, std::nullopt, site.keyword, site.env.without_rows()));
    if (auto* table = std::get_if<NodePtr>(&bound)) made.push_back({view->name, std::move(*table)});
  }
  if (made.empty()) {
    return error_at(ErrorCode::unknown_table, "There is no table to look in", site.keyword, "Name tables: in (T, …)");
  }
  return made;
}

Result<NodePtr> united(const std::vector<UnitedInput>& inputs, const std::string& source, bool inner, SourceSpan keyword) {
  const std::vector<Wanted> wanted = wanted_columns(inputs, inner);
  const auto nobody_knows = [](const UnitedInput& input) { return is_open(input.table->schema); };
  if (wanted.empty() && std::ranges::any_of(inputs, nobody_knows)) return told();
  if (wanted.empty()) {
    return error_at(ErrorCode::bad_argument, "The tables have no column in common", keyword,
                    "kind=outer takes the columns of all");
  }
  columnar::Schema schema;
  if (!source.empty()) schema.push_back({source, Type::string});
  for (const Wanted& column : wanted) schema.push_back({column.name, column.type});
  plan::Union all;
  for (const Input& input : inputs) {
    std::vector<plan::NamedExpr> columns;
    if (!source.empty()) columns.push_back({source, constant_expr(Value{Type::string, input.label})});
    for (const Wanted& column : wanted) {
      const auto at = columnar::find_column(input.table->schema, column.source);
      const bool has = at && input.table->schema[*at].type == column.type;
      columns.push_back(
          {column.name, has ? input_column(input.table->schema, *at) : constant_expr(columnar::null_of(column.type))});
    }
    all.inputs.push_back(project(input.table, std::move(columns)));
  }
  if (all.inputs.size() == 1) return all.inputs.front();
  return plan::make_node(std::move(all), std::move(schema));
}

OperatorResult bind_operator(Binder& binder, const syntax::UnionOperator& node, const OperatorSite& site) {
  const std::string_view kind = word(node.parameters, "kind");
  if (!kind.empty() && kind != "inner" && kind != "outer") {
    return error_at(ErrorCode::bad_argument, "Unknown kind of union: " + std::string(kind),
                    syntax::find_parameter(node.parameters, "kind")->value.span, "inner or outer");
  }
  if (const syntax::Parameter* fuzzy = syntax::find_parameter(node.parameters, "isfuzzy")) {
    const auto* literal = std::get_if<syntax::Literal>(&fuzzy->value.node);
    if (literal == nullptr || literal->value.type != Type::boolean) {
      return error_at(ErrorCode::bad_argument, "true or false is needed here", fuzzy->value.span, "isfuzzy = true");
    }
  }
  const std::string source(word(node.parameters, "withsource"));
  WARDIAN_ASSIGN(const std::vector<Input> inputs,
                 united_inputs(binder, node.tables, site, word(node.parameters, "isfuzzy") == "true"));
  return united(inputs, source, kind == "inner", site.keyword);
}

}  // namespace wardian::kql
