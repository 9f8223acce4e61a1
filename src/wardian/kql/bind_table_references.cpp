#include <algorithm>

#include "wardian/kql/bind_functions.h"

// Tables by what keeps them.
namespace wardian::kql {
namespace {

Result<Bound> bind_table(Binder& binder, const syntax::Call& call, SourceSpan, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 2));
  WARDIAN_ASSIGN(const std::string name, binder.constant_string(call.arguments.front(), env.without_rows()));
  if (call.arguments.size() > 1) {
    // Hot and cold pieces of a table: tables here are whole.
    WARDIAN_TRY(binder.constant_string(call.arguments[1], env.without_rows()));
  }
  WARDIAN_ASSIGN(NodePtr made, binder.table_named({}, name, call.arguments.front().span, env));
  return Bound(std::move(made));
}

struct Kept {
  const char* what;
  const char* hint;
};
constexpr Kept kExternalTable = {"external table",
                                 "A database here keeps no external tables; externaldata (…) [ … ] reads files"};
constexpr Kept kView = {"materialized view", "A database here keeps no views; a stored function computes its table at each use"};
constexpr Kept kResult = {"stored query result", "Results are not kept here; write them to a table"};
constexpr Kept kGraph = {
    "graph", "Graphs are not kept here; build one from tables: Edges | make-graph source --> target with Nodes on id"};
constexpr Kept kEntityGroup = {"entity group", "Entity groups are not kept here"};

/// A name that nothing can have here: everything but the name is checked first.
template <const Kept& kept, std::size_t most, Type second, Type other>
Result<Bound> none_of(Binder& binder, const syntax::Call& call, SourceSpan, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, most));
  const Environment around = env.without_rows();
  WARDIAN_ASSIGN(const std::string name, binder.constant_string(call.arguments.front(), around));
  if (call.arguments.size() > 1) {
    WARDIAN_ASSIGN(const ExprPtr given, binder.scalar(call.arguments[1], around));
    if (given->type != second && given->type != other) {
      return error_at(ErrorCode::type_mismatch,
                      call.function.text + "() takes no " + std::string(columnar::type_name(given->type)) + " here",
                      call.function.span);
    }
  }
  return error_at(ErrorCode::unknown_table, "Unknown " + std::string(kept.what) + ": " + name, call.arguments.front().span,
                  kept.hint);
}

/// A place where tables are, by itself.
Result<Bound> bind_place(Binder&, const syntax::Call& call, SourceSpan span, const Environment&) {
  return error_at(ErrorCode::wrong_context, "No table is named in the " + call.function.text, span,
                  call.function.text == "cluster" ? R"(cluster("c").database("d").T)" : R"(database("d").T)");
}

constexpr BinderFunction kFunctions[] = {
    {"cluster", "(name).database(name).TABLE", &bind_place, "The cluster of that name, for a table in it: this one alone."},
    {"database", "(name).TABLE", &bind_place, "The database of that name, for a table in it."},
    {"entity_group", "(name) -> entity group", &none_of<kEntityGroup, 1, Type::string, Type::string>,
     "The databases of that name; there are none here."},
    {"external_table", "(name, [mapping or max_age]) -> table", &none_of<kExternalTable, 2, Type::string, Type::timespan>,
     "The external table of that name; there are none here."},
    {"graph", "(name, [snapshot or volatile]) -> graph", &none_of<kGraph, 2, Type::string, Type::boolean>,
     "The stored graph of that name; there are none here."},
    {"materialized_view", "(name, [max_age]) -> table", &none_of<kView, 2, Type::timespan, Type::timespan>,
     "The materialized view of that name; there are none here."},
    {"stored_query_result", "(name, [index or table]) -> table", &none_of<kResult, 2, Type::int64, Type::string>,
     "The stored result of that name; there are none here."},
    {"table", "(name, [scope]) -> table", &bind_table, "The table of that name."},
};
static_assert(std::ranges::is_sorted(kFunctions, {}, &BinderFunction::name));

}  // namespace

std::span<const BinderFunction> table_references() { return kFunctions; }

}  // namespace wardian::kql
