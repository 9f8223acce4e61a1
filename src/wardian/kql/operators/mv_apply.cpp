#include <set>

#include "wardian/kql/operators/expansion.h"
#include "wardian/kql/operators/group_pipe.h"
#include "wardian/plan/lower.h"

namespace wardian::kql {
namespace {

/// Names that no query can write.
constexpr char kRow[] = "#row_id";

/// The columns that are expanded themselves, which the result has no longer.
std::set<std::string, std::less<>> applied_columns(const syntax::MvApplyOperator& node) {
  std::set<std::string, std::less<>> names;
  for (const syntax::ExpandColumn& column : node.columns) {
    if (const auto* name = std::get_if<syntax::Name>(&column.value.node)) names.insert(name->text);
  }
  return names;
}

/// The input's rows, numbered, with the columns of `carried` once more.
NodePtr numbered_rows(const NodePtr& input, const std::vector<std::size_t>& carried) {
  std::vector<plan::NamedExpr> columns = all_columns(*input);
  columns.push_back({kRow, plan::make_expr(plan::WindowCall{"row_number", {"", &plan::row_place}, {}, ""}, Type::int64)});
  for (const std::size_t at : carried) columns.push_back({"#" + input->schema[at].name, input_column(input->schema, at)});
  return project(input, std::move(columns));
}

}  // namespace

/// The arrays of each row are expanded and the pipeline is done over each row's elements; the row's other columns stand
/// before what it gives, or give way to a column of the same name.
OperatorResult bind_operator(Binder& binder, const syntax::MvApplyOperator& node, const OperatorSite& site) {
  const NodePtr source = stand_in(binder, site.input, "mv-apply");
  WARDIAN_ASSIGN(const NodePtr elements,
                 expanded(binder, {"mv-apply", node.parameters, node.columns, node.row_limit.get()}, source, site.env));
  const NodePtr table = stand_in(binder, elements, "elements");
  WARDIAN_ASSIGN(const NodePtr inner, bind_group_pipe(binder, *node.pipe, table, site.env.without_rows()));

  const auto applied = applied_columns(node);
  std::vector<std::size_t> carried;
  std::vector<std::pair<std::string, std::size_t>> outputs;  // where each is among what the groups give
  std::set<std::size_t> taken;
  const std::size_t width = inner->schema.size();
  for (std::size_t at = 0; at < site.input->schema.size(); ++at) {
    const std::string& name = site.input->schema[at].name;
    if (applied.contains(name)) continue;
    if (const auto own = columnar::find_column(inner->schema, name)) {
      taken.insert(*own);
      outputs.emplace_back(name, *own);
      continue;
    }
    outputs.emplace_back(name, width + 1 + carried.size());
    carried.push_back(at);
  }
  for (std::size_t at = 0; at < width; ++at) {
    if (!taken.contains(at)) outputs.emplace_back(inner->schema[at].name, at);
  }

  plan::Groups groups;
  groups.table = std::get<plan::Shared>(source->node).id;
  groups.domain = std::get<plan::Shared>(table->node).id;
  groups.rows = numbered_rows(site.input, carried);
  groups.ids = 1;
  groups.carried = carried.size();
  groups.next_shared_id = [&] { return binder.next_shared_id(); };
  WARDIAN_ASSIGN(NodePtr made, done_per_group(inner, groups, "mv-apply", site.keyword));
  if (site.input->serialized) {
    columnar::Schema schema = made->schema;
    made = plan::make_node(plan::Sort{made, {{input_column(schema, width), false, false}}}, schema, true);
  }
  std::vector<plan::NamedExpr> columns;
  for (auto& [name, at] : outputs) columns.push_back({std::move(name), input_column(made->schema, at)});
  return project(std::move(made), std::move(columns));
}

}  // namespace wardian::kql
