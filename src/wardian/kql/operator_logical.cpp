#include "wardian/kql/operator_table.h"
#include "wardian/sqltree/build.h"

namespace wardian::kql {
namespace {

namespace sql = sqltree;
using plan::CallSite;

sql::ExprPtr both(const CallSite& site) { return sql::binary("AND", site.arguments[0], site.arguments[1]); }
sql::ExprPtr either(const CallSite& site) { return sql::binary("OR", site.arguments[0], site.arguments[1]); }

constexpr KqlOperator kLogical[] = {
    {"and", "(a: bool, b: bool) -> bool", {"", &both}},
    {"or", "(a: bool, b: bool) -> bool", {"", &either}},
};

}  // namespace

std::span<const KqlOperator> logical_operators() { return kLogical; }

}  // namespace wardian::kql
