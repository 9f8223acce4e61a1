#include <algorithm>
#include <array>

#include "wardian/kql/functions/value_forms.h"
#include "wardian/plan/lower.h"

namespace wardian::kql {
namespace {

constexpr const char* kToHere = plan::kRowsToHere;

sql::ExprPtr no_restart() { return sql::boolean(false); }
sql::ExprPtr restart_at(const CallSite& site, std::size_t argument) {
  return argument < site.arguments.size() ? site.arguments[argument] : no_restart();
}

sql::ExprPtr row_number(const CallSite& site) {
  sql::ExprPtr start = site.arguments.empty() ? sql::integer(1) : site.arguments[0];
  return sql::call("wardian_row_number", {std::move(start), restart_at(site, 1)});
}

sql::ExprPtr cumulative(const CallSite& site) {
  const char* sum = site.result == Type::decimal ? "wardian_row_cumsum_decimal"
                    : site.result == Type::real  ? "wardian_row_cumsum_real"
                                                 : "wardian_row_cumsum_long";
  sql::ExprPtr made = plan::over_row_order(site, sql::call(sum, {site.arguments[0], restart_at(site, 1)}), kToHere);
  return site.result == Type::int32 ? sql::cast(std::move(made), "INTEGER") : made;
}

/// Neighbours are compared as text, which is one form for all types.
template <const char* function>
sql::ExprPtr rank(const CallSite& site) {
  return sql::call(function, {sql::cast(site.arguments[0], "VARCHAR"), restart_at(site, 1)});
}
sql::ExprPtr rank_of_term(const CallSite& site) {
  return sql::call("wardian_row_rank_dense", {sql::cast(site.arguments[0], "VARCHAR"), no_restart()});
}
constexpr char kDense[] = "wardian_row_rank_dense", kMin[] = "wardian_row_rank_min";

sql::ExprPtr session(const CallSite& site) {
  sql::ExprPtr restart = sql::binary("OR", restart_at(site, 3), plan::is_first_row());
  return sql::call("wardian_row_window_session", {site.arguments[0], site.arguments[1], site.arguments[2], std::move(restart)});
}

/// Where there is no such row: the default, else null, of a string ''.
template <const char* function>
sql::ExprPtr neighbour(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  if (arguments.size() < 2) arguments.push_back(sql::integer(1));
  if (arguments.size() > 2) arguments[2] = to_type(std::move(arguments[2]), site.type(2), site.result);
  if (arguments.size() < 3 && site.result == Type::string) arguments.push_back(sql::string(""));
  return sql::call(function, std::move(arguments));
}
constexpr char kLag[] = "lag", kLead[] = "lead";

constexpr char kNext[] = "The column's value some rows later (one), or the default.";
constexpr char kPrev[] = "The column's value some rows earlier (one), or the default.";
constexpr char kNumber[] = "The row's number, counted from a start (1), again where restart holds.";
constexpr char kCumsum[] = "The sum up to the row, begun anew where restart holds; nulls add nothing.";

constexpr auto kWindowFunctions = std::to_array<KqlWindowFunction>({
    {"next", "(column: T) -> T", {"", &neighbour<kLead>}, "", kNext},
    {"next", "(column: T, offset: long) -> T", {"", &neighbour<kLead>}, "", kNext},
    {"next", "(column: T, offset: long, default_value: const any) -> T", {"", &neighbour<kLead>}, "", kNext},
    {"prev", "(column: T) -> T", {"", &neighbour<kLag>}, "", kPrev},
    {"prev", "(column: T, offset: long) -> T", {"", &neighbour<kLag>}, "", kPrev},
    {"prev", "(column: T, offset: long, default_value: const any) -> T", {"", &neighbour<kLag>}, "", kPrev},
    {"row_cumsum", "(term: N) -> N", {"", &cumulative}, kToHere, kCumsum},
    {"row_cumsum", "(term: timespan) -> timespan", {"", &cumulative}, kToHere, kCumsum},
    {"row_cumsum", "(term: N, restart: bool) -> N", {"", &cumulative}, kToHere, kCumsum},
    {"row_cumsum", "(term: timespan, restart: bool) -> timespan", {"", &cumulative}, kToHere, kCumsum},
    {"row_number", "() -> long", {"", &plan::row_place}, kToHere, kNumber},
    {"row_number", "(start: long, restart: bool = false) -> long", {"", &row_number}, kToHere, kNumber},
    {"row_rank",
     "(term: D, dense: const bool = true) -> long",
     {"", &rank_of_term},
     kToHere,
     "How many different neighbouring values there are up to the row; an older spelling of row_rank_dense()."},
    {"row_rank_dense",
     "(term: D, restart: bool = false) -> long",
     {"", &rank<kDense>},
     kToHere,
     "How many different neighbouring values there are up to the row."},
    {"row_rank_min",
     "(term: D, restart: bool = false) -> long",
     {"", &rank<kMin>},
     kToHere,
     "The number of the first row of the run of equal values that the row is in."},
    {"row_window_session",
     "(time: datetime, maxDistanceFromFirst: timespan, maxDistanceBetweenNeighbors: timespan, restart: bool = false) -> datetime",
     {"", &session},
     kToHere,
     "When the session began that the row belongs to."},
});
static_assert(std::ranges::is_sorted(kWindowFunctions, {}, &KqlWindowFunction::name));

}  // namespace

std::span<const KqlWindowFunction> window_functions() { return kWindowFunctions; }

}  // namespace wardian::kql
