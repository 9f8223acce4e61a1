#include <algorithm>

#include "wardian/base/similar_name.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {
namespace {

/// A table without columns is nothing that could be shown or stored.
OperatorResult some_columns(const OperatorSite& site, std::vector<plan::NamedExpr> columns) {
  if (columns.empty()) return error_at(ErrorCode::bad_argument, "No column is left", site.keyword);
  return project(site.input, std::move(columns));
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::ProjectOperator& node, const OperatorSite& site) {
  const Environment rows = site.rows();
  ColumnNames names;
  names.count_from(site.input->schema);
  std::vector<plan::NamedExpr> columns;
  bool wrong_name = false;
  for (const syntax::Expr& each : node.columns) {
    WARDIAN_ASSIGN(Entry entry, bind_entry(binder, each, rows));
    wrong_name = wrong_name || entry.wrong_name;
    for (std::size_t at = 0; at < entry.columns.size(); ++at) {
      plan::NamedExpr& column = entry.columns[at];
      if (entry.named != nullptr && at < entry.named->names.size()) {
        WARDIAN_ASSIGN(column.name, names.claim(entry.named->names[at]));
      } else if (const auto* name = std::get_if<syntax::Name>(&entry.value->node)) {
        // A column as it stands keeps its name, and may stand there once.
        WARDIAN_ASSIGN(column.name, names.claim({name->text, entry.value->span, name->quoted}));
      } else {
        column.name = entry.several ? names.free_name(std::move(column.name)) : names.generated(*entry.value);
      }
      columns.push_back(std::move(column));
    }
  }
  if (wrong_name) add_names_of(columns, site.input->schema);
  return some_columns(site, std::move(columns));
}

OperatorResult bind_operator(Binder& binder, const syntax::ProjectAwayOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const auto away, columns_named(binder, node.columns, site.input->schema, site.env));
  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < site.input->schema.size(); ++at) {
    if (std::find(away.begin(), away.end(), at) != away.end()) continue;
    columns.push_back({site.input->schema[at].name, input_column(site.input->schema, at)});
  }
  return some_columns(site, std::move(columns));
}

OperatorResult bind_operator(Binder& binder, const syntax::ProjectKeepOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(auto kept, columns_named(binder, node.columns, site.input->schema, site.env));
  std::sort(kept.begin(), kept.end());  // in the input's order
  std::vector<plan::NamedExpr> columns;
  for (const std::size_t at : kept) columns.push_back({site.input->schema[at].name, input_column(site.input->schema, at)});
  return some_columns(site, std::move(columns));
}

OperatorResult bind_operator(Binder&, const syntax::ProjectRenameOperator& node, const OperatorSite& site) {
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  const columnar::Schema& schema = site.input->schema;
  for (const syntax::Expr& each : node.columns) {
    const auto* named = std::get_if<syntax::Named>(&each.node);
    const syntax::Name* old = named == nullptr ? nullptr : std::get_if<syntax::Name>(&named->value->node);
    if (old == nullptr) {
      return error_at(ErrorCode::wrong_context, "project-rename takes new = old", each.span);
    }
    const auto at = columnar::find_column(schema, old->text);
    if (!at) {
      Environment rows = site.rows();
      rows.scope = nullptr;
      return unknown_name(old->text, named->value->span, rows);
    }
    if (columns[*at].name == schema[*at].name) columns[*at].name = named->names.front().text;  // the first name stays
  }
  for (const syntax::Expr& each : node.columns) {
    const syntax::Identifier& name = std::get<syntax::Named>(each.node).names.front();
    const auto same = std::ranges::count(columns, name.text, &plan::NamedExpr::name);
    if (same > 1) return duplicate_column(name);
  }
  return some_columns(site, std::move(columns));
}

namespace {

std::string in_lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

/// As people order names with numbers in them: a2 before a10.
bool granny_less(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      while (i < a.size() && a[i] == '0') ++i;
      while (j < b.size() && b[j] == '0') ++j;
      const std::size_t i0 = i, j0 = j;
      while (i < a.size() && digit(a[i])) ++i;
      while (j < b.size() && digit(b[j])) ++j;
      if (i - i0 != j - j0) return i - i0 < j - j0;
      const int order = a.substr(i0, i - i0).compare(b.substr(j0, j - j0));
      if (order != 0) return order < 0;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

}  // namespace

OperatorResult bind_operator(Binder&, const syntax::ProjectReorderOperator& node, const OperatorSite& site) {
  const columnar::Schema& schema = site.input->schema;
  std::vector<std::size_t> order;
  std::vector<bool> placed(schema.size(), false);
  for (const syntax::ReorderKey& key : node.columns) {
    const auto* name = std::get_if<syntax::Name>(&key.column.node);
    if (name != nullptr && !columnar::find_column(schema, name->text))
      return unknown_name(name->text, key.column.span, site.rows());
    const auto* wild = std::get_if<syntax::WildcardName>(&key.column.node);
    const auto fits = [&](const columnar::Column& column) { return name_matches(column.name, wild->pattern); };
    if (wild != nullptr && std::ranges::none_of(schema, fits)) return no_column_fits(wild->pattern, key.column.span);
  }
  for (const syntax::ReorderKey& key : node.columns) {
    std::vector<std::size_t> found;
    for (std::size_t at = 0; at < schema.size(); ++at) {
      if (placed[at]) continue;
      bool fits = std::holds_alternative<syntax::Star>(key.column.node);
      if (const auto* name = std::get_if<syntax::Name>(&key.column.node)) fits = name->text == schema[at].name;
      if (const auto* wild = std::get_if<syntax::WildcardName>(&key.column.node)) {
        fits = name_matches(schema[at].name, wild->pattern);
      }
      if (fits) found.push_back(at);
    }
    if (key.order) {
      const bool granny = *key.order == syntax::SortOrder::granny_ascending || *key.order == syntax::SortOrder::granny_descending;
      const bool down = *key.order == syntax::SortOrder::descending || *key.order == syntax::SortOrder::granny_descending;
      std::stable_sort(found.begin(), found.end(), [&](std::size_t x, std::size_t y) {
        const std::string a = in_lower_case(schema[down ? y : x].name);
        const std::string b = in_lower_case(schema[down ? x : y].name);
        return granny ? granny_less(a, b) : a < b;
      });
    }
    for (const std::size_t at : found) {
      placed[at] = true;
      order.push_back(at);
    }
  }
  for (std::size_t at = 0; at < schema.size(); ++at) {
    if (!placed[at]) order.push_back(at);
  }
  std::vector<plan::NamedExpr> columns;
  for (const std::size_t at : order) columns.push_back({schema[at].name, input_column(schema, at)});
  return some_columns(site, std::move(columns));
}

}  // namespace wardian::kql
