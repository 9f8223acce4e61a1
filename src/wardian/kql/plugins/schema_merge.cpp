#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/query_body.h"

namespace wardian::kql {
namespace {

/// A column's place is the last that it has in any schema. Whole numbers become long, and real where one of them is;
/// other types meet in none. What cannot be merged comes last, at -1, with the trouble for a type.
constexpr char kBody[] = R"(
let system = datatable(ColumnType: string, known: string)
    ['bool', 'System.SByte', 'datetime', 'System.DateTime', 'decimal', 'System.Data.SqlTypes.SqlDecimal', 'dynamic', 'System.Object',
     'guid', 'System.Guid', 'int', 'System.Int32', 'long', 'System.Int64', 'real', 'System.Double', 'string', 'System.String',
     'timespan', 'System.TimeSpan'];
T
| serialize row = row_number()
| extend numeric = ColumnType in ('int', 'long', 'real')
| summarize row = min(row), first = min(ColumnOrdinal), last = max(ColumnOrdinal), types = make_set(ColumnType),
    numeric = min(iff(numeric, 1, 0)), real = max(iff(ColumnType == 'real', 1, 0)) by ColumnName
| extend ColumnType = case(
    _ordered and first != last, 'ERROR(columns are out of order)',
    array_length(types) == 1, tostring(types[0]),
    numeric == 1, iff(real == 1, 'real', 'long'),
    strcat('ERROR(types cannot be merged:', strcat_array(array_sort_asc(types), ','), ')'))
| extend bad = ColumnType startswith 'ERROR('
| join kind=leftouter (system) on ColumnType
| sort by bad asc, last asc, row asc
| project ColumnName, ColumnOrdinal = toint(iff(bad, -1, row_number(0))),
    DataType = iff(bad, strcat('ERROR(unknown CSL type:', ColumnType, ')'), known), ColumnType)";

}  // namespace

/// Schemas as getschema gives them, one after the other, merged into one.
OperatorResult bind_schema_merge(Binder& binder, const PluginCall& call) {
  for (const auto& [name, type] :
       {std::pair{"ColumnName", Type::string}, std::pair{"ColumnOrdinal", Type::int32}, std::pair{"ColumnType", Type::string}}) {
    const auto at = columnar::find_column(call.site.input->schema, name);
    const bool number = type == Type::int32 && at && columnar::is_integer(call.site.input->schema[*at].type);
    if (!at || (!number && call.site.input->schema[*at].type != type)) {
      return error_at(ErrorCode::bad_argument, std::string("The input has no column ") + name + " as getschema gives it",
                      call.name().span, "union (T1 | getschema), (T2 | getschema) | evaluate schema_merge()");
    }
  }
  const PluginArgument* const given = call.arguments.find("PreserveOrder");
  const ExprPtr ordered = given != nullptr ? given->value : constant_expr(Value{Type::boolean, true});
  return bind_body(binder, kBody, {{"T", call.site.input}, {"_ordered", ScalarVariable{ordered, nullptr}}}, call.name().span);
}

}  // namespace wardian::kql
