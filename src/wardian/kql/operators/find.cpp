#include <set>

#include "wardian/kql/bind_functions.h"
#include "wardian/kql/operators/search_predicate.h"
#include "wardian/kql/operators/united.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

/// A column of the result; `source` is what the tables call it, `type` what it turns into.
struct Wanted {
  std::string name, source;
  Type type;
};

/// The type in which columns of one name meet.
Type met(Type a, Type b) { return a == b ? a : common_type(a, b).value_or(Type::dynamic); }

/// The columns of all tables, one for each name.
columnar::Schema all_columns_of(const std::vector<UnitedInput>& inputs) {
  columnar::Schema made;
  for (const UnitedInput& input : inputs) {
    for (const columnar::Column& column : input.table->schema) {
      const auto at = columnar::find_column(made, column.name);
      if (!at) {
        made.push_back(column);
      } else {
        made[*at].type = met(made[*at].type, column.type);
      }
    }
  }
  return made;
}

class Find {
 public:
  Find(Binder& binder, const syntax::FindOperator& node, const OperatorSite& site) : binder_(binder), node_(node), site_(site) {}

  OperatorResult bind() {
    if (node_.tables.empty()) {
      WARDIAN_ASSIGN(inputs_, tables_in_sight(binder_, site_));
    } else {
      const OperatorSite alone{nullptr, site_.env, site_.span, site_.keyword};  // a table from a pipe has no say
      WARDIAN_ASSIGN(inputs_, united_inputs(binder_, node_.tables, alone, false));
    }
    all_ = all_columns_of(inputs_);
    Environment seen = site_.env.without_rows();
    seen.columns = &all_;
    seen.row = std::make_shared<const char>();
    if (const syntax::Parameter* given = syntax::find_parameter(node_.parameters, "withsource")) {
      if (const auto* name = std::get_if<syntax::Name>(&given->value.node)) source_ = name->text;
    }
    // Also what no table in question can hold must have a meaning.
    WARDIAN_ASSIGN(ExprPtr condition, search_predicate(binder_, *node_.predicate, seen, false));
    choose_tables(seen);
    WARDIAN_TRY(node_.columns.empty() ? smart_columns() : named_columns());
    take_away();
    return rows_of_all();
  }

 private:
  /// Only tables that have a column which the condition names.
  void choose_tables(const Environment& seen) {
    std::vector<std::string> names;
    names_in(*node_.predicate, names);
    for (const std::string& name : names) {
      if (columnar::find_column(all_, name)) named_.push_back(name);
    }
    if (inputs_.size() == 1 || reads_all_columns(*node_.predicate, seen)) {
      chosen_ = inputs_;
      return;
    }
    for (const UnitedInput& input : inputs_) {
      const bool has_one = std::ranges::any_of(
          named_, [&](const std::string& name) { return columnar::find_column(input.table->schema, name).has_value(); });
      if (has_one) chosen_.push_back(input);
    }
  }

  bool is_wanted(std::string_view name) const {
    return std::ranges::any_of(wanted_, [&](const Wanted& each) { return each.source == name; });
  }

  /// What all tables have, then what the condition names; the rest is packed where there is any.
  Status smart_columns() {
    if (!chosen_.empty()) {
      const columnar::Schema joint = all_columns_of(chosen_);
      for (const columnar::Column& column : joint) {
        const bool everywhere = std::ranges::all_of(chosen_, [&](const UnitedInput& input) {
          return columnar::find_column(input.table->schema, column.name).has_value();
        });
        if (everywhere) wanted_.push_back({column.name, column.name, column.type});
      }
    }
    for (const std::string& name : named_) {
      if (!is_wanted(name)) wanted_.push_back({name, name, all_[*columnar::find_column(all_, name)].type});
    }
    packed_ = std::ranges::any_of(chosen_, [&](const UnitedInput& input) {
      return std::ranges::any_of(input.table->schema, [&](const columnar::Column& column) { return !is_wanted(column.name); });
    });
    return {};
  }

  static bool is_pack(const syntax::Expr& expr) {
    const auto* call = std::get_if<syntax::Call>(&expr.node);
    return call != nullptr && (call->function.text == "pack" || call->function.text == "pack_all");
  }

  Status named_columns() {
    for (const syntax::Expr& each : node_.columns) {
      if (is_pack(each)) {
        if (&each != &node_.columns.back()) {
          return error_at(ErrorCode::wrong_context, "pack(*) stands at the end of the list", each.span);
        }
        packed_ = true;
        continue;
      }
      const auto* typed = std::get_if<syntax::Binary>(&each.node);
      if (typed != nullptr && typed->op != syntax::BinaryOp::colon) typed = nullptr;
      const syntax::Expr& named = typed != nullptr ? *typed->left : each;
      const auto* name = std::get_if<syntax::Name>(&named.node);
      if (name == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", named.span);
      const auto at = columnar::find_column(all_, name->text);
      if (!at) {
        Environment seen;
        seen.columns = &all_;
        return unknown_name(name->text, named.span, seen);
      }
      Type type = all_[*at].type;
      if (typed != nullptr) {
        const auto* word = std::get_if<syntax::Name>(&typed->right->node);
        const auto given = word != nullptr ? columnar::type_from_name(word->text) : std::nullopt;
        if (!given) return error_at(ErrorCode::unknown_type, "The name of a type is needed here", typed->right->span);
        type = *given;
      }
      wanted_.push_back({name->text, name->text, type});
    }
    return {};
  }

  void take_away() {
    for (const syntax::Expr& each : node_.columns_away) {
      if (std::holds_alternative<syntax::Star>(each.node)) {
        wanted_.clear();
        packed_ = packed_ && !node_.columns.empty();
        return;
      }
      const auto* name = std::get_if<syntax::Name>(&each.node);
      const auto* pattern = std::get_if<syntax::WildcardName>(&each.node);
      std::erase_if(wanted_, [&](const Wanted& column) {
        return name != nullptr ? column.name == name->text : pattern != nullptr && name_matches(column.name, pattern->pattern);
      });
    }
  }

  OperatorResult rows_of_all() {
    columnar::Schema schema{{source_, Type::string}};
    for (const Wanted& column : wanted_) schema.push_back({column.name, column.type});
    if (packed_) schema.push_back({"pack_", Type::dynamic});
    plan::Union all;
    for (const UnitedInput& input : chosen_) {
      WARDIAN_ASSIGN(NodePtr rows, rows_of(input));
      all.inputs.push_back(std::move(rows));
    }
    if (all.inputs.empty()) return plan::make_node(plan::Rows{{}}, std::move(schema));
    if (all.inputs.size() == 1) return all.inputs.front();
    return plan::make_node(std::move(all), std::move(schema));
  }

  /// The table's columns, then those that others have and it lacks, which are null.
  NodePtr widened(const NodePtr& table) const {
    std::vector<plan::NamedExpr> columns;
    for (const columnar::Column& column : all_) {
      const auto at = columnar::find_column(table->schema, column.name);
      ExprPtr value = at ? input_column(table->schema, *at) : constant_expr(columnar::null_of(column.type));
      if (at && value->type != column.type && column.type != Type::dynamic) value = cast(std::move(value), column.type);
      if (value->type != column.type) value = to_dynamic(std::move(value));
      columns.push_back({column.name, std::move(value)});
    }
    for (std::size_t at = 0; at < table->schema.size(); ++at) columns.push_back({"#own", input_column(table->schema, at)});
    return project(table, std::move(columns));
  }

  Result<NodePtr> rows_of(const UnitedInput& input) {
    NodePtr wide = widened(input.table);
    Environment seen = site_.env.over(*wide);
    seen.columns = &all_;
    seen.table = nullptr;
    WARDIAN_ASSIGN(const ExprPtr condition, search_predicate(binder_, *node_.predicate, seen, false));
    columnar::Schema schema = wide->schema;
    NodePtr found = plan::make_node(plan::Filter{std::move(wide), as_condition(condition)}, std::move(schema));
    // The columns as the table has them follow those that all tables have.
    columnar::Schema own = found->schema;
    for (std::size_t at = 0; at < input.table->schema.size(); ++at) own[all_.size() + at].name = input.table->schema[at].name;
    const auto place = [&](std::string_view name) { return columnar::find_column(input.table->schema, name); };
    std::vector<plan::NamedExpr> columns{{source_, constant_expr(Value{Type::string, input.label})}};
    for (const Wanted& column : wanted_) {
      const auto at = place(column.source);
      ExprPtr value = at ? input_column(found->schema, all_.size() + *at) : constant_expr(columnar::null_of(column.type));
      if (value->type != column.type) {
        value = column.type == Type::dynamic ? to_dynamic(std::move(value)) : cast(std::move(value), column.type);
      }
      columns.push_back({column.name, std::move(value)});
    }
    if (packed_) {
      std::vector<std::size_t> rest;
      for (std::size_t at = 0; at < input.table->schema.size(); ++at) {
        if (!is_wanted(input.table->schema[at].name)) rest.push_back(all_.size() + at);
      }
      ExprPtr bag = constant_expr(Value{Type::dynamic, std::string("{}")});
      if (!rest.empty()) {
        WARDIAN_ASSIGN(bag, bag_of_columns(binder_, own, rest, false, site_.keyword));
      }
      columns.push_back({"pack_", std::move(bag)});
    }
    return project(std::move(found), std::move(columns));
  }

  Binder& binder_;
  const syntax::FindOperator& node_;
  const OperatorSite& site_;
  std::vector<UnitedInput> inputs_, chosen_;
  columnar::Schema all_;
  std::vector<std::string> named_;
  std::vector<Wanted> wanted_;
  bool packed_ = false;
  std::string source_ = "source_";
};

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::FindOperator& node, const OperatorSite& site) {
  return Find(binder, node, site).bind();
}

}  // namespace wardian::kql
