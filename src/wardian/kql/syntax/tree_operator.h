#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wardian/kql/syntax/tree_expression.h"
#include "wardian/kql/syntax/tree_graph_operator.h"
#include "wardian/kql/syntax/tree_scan_operator.h"

namespace wardian::kql::syntax {

struct FunctionBody;

// --- sources ------------------------------------------------------------------------------------------------------
struct PrintOperator {
  std::vector<Expr> columns;
};
struct RangeOperator {
  Identifier column;
  ExprPtr from, to, step;
};
/// `values` in row order; binding checks that their number fits the schema.
struct DatatableOperator {
  Parameters parameters;
  Schema schema;
  std::vector<Expr> values;
};
struct ExternalDataOperator {
  Parameters parameters;
  Schema schema;
  std::vector<Expr> locations;
  Parameters properties;  // with (format="csv", …)
};
/// inline_external_table (schema) kind=storage [partition by (…)] [pathformat = (…)] dataformat=csv (locations) [with (…)]
struct InlineExternalTableOperator {
  Schema schema;
  Identifier kind;
  std::optional<SourceSpan> partitions;  // partition by or pathformat
  Identifier format;                     // of kind=storage
  std::vector<Expr> locations;
  Parameters properties;
};
/// Also written after a pipe; the input is then the first table.
struct UnionOperator {
  Parameters parameters;  // kind, withsource, isfuzzy
  std::vector<Expr> tables;
};
/// find [withsource=c] [in (tables)] where predicate [project …] [project-smart]
struct FindOperator {
  Parameters parameters;
  std::vector<Expr> tables;
  ExprPtr predicate;
  bool smart = false;
  std::vector<Expr> columns;  // project: names, name: type as FindColumn
  std::vector<Expr> columns_away;
};
struct SearchOperator {
  Parameters parameters;
  std::vector<Expr> tables;
  ExprPtr predicate;
};
/// evaluate [hints] plugin(arguments) [: (schema)]
struct EvaluateOperator {
  Parameters parameters;
  Call plugin;
  std::optional<Schema> schema;
};
struct MacroExpandOperator {
  Parameters parameters;
  ExprPtr group;  // a name, or entity_group [ … ] as a Call of that name
  Identifier scope;
  std::shared_ptr<const FunctionBody> body;
};

// --- rows and columns ---------------------------------------------------------------------------------------------
struct WhereOperator {
  Parameters parameters;
  ExprPtr predicate;
};
struct ExtendOperator {
  std::vector<Expr> columns;
};
struct ProjectOperator {
  std::vector<Expr> columns;
};
struct ProjectAwayOperator {
  std::vector<Expr> columns;
};  // Name or WildcardName
struct ProjectKeepOperator {
  std::vector<Expr> columns;
};  // Name or WildcardName
struct ProjectRenameOperator {
  std::vector<Expr> columns;
};  // Named whose value is a Name
struct ProjectByNamesOperator {
  std::vector<Expr> columns;
};
enum class SortOrder : std::uint8_t { ascending, descending, granny_ascending, granny_descending };
struct ReorderKey {
  Expr column;  // Name, WildcardName or Star
  std::optional<SortOrder> order;
};
struct ProjectReorderOperator {
  std::vector<ReorderKey> columns;
};

struct SummarizeOperator {
  Parameters parameters;  // hint.strategy, hint.shufflekey, hint.num_partitions
  std::vector<Expr> aggregates;
  std::vector<Expr> keys;
  bool has_by = false;
};
struct DistinctOperator {
  Parameters parameters;
  std::vector<Expr> columns;
};
struct CountOperator {
  Parameters parameters;
  std::optional<Identifier> as;
};
struct TakeOperator {
  Parameters parameters;
  ExprPtr count;
};

/// Without `order` the order is descending; without `nulls_first` nulls are first when ascending, last when descending.
struct SortKey {
  Expr key;
  std::optional<SortOrder> order;
  std::optional<bool> nulls_first;
};
struct SortOperator {
  Parameters parameters;
  std::vector<SortKey> keys;
};
struct TopOperator {
  Parameters parameters;
  ExprPtr count;
  std::vector<SortKey> keys;  // one
};
struct TopHittersOperator {
  ExprPtr count;
  ExprPtr of;
  ExprPtr by;  // may be null
};
struct TopNestedLevel {
  ExprPtr count;  // may be null: all
  ExprPtr of;
  ExprPtr others;  // with others = …; may be null
  SortKey by;
};
struct TopNestedOperator {
  std::vector<TopNestedLevel> levels;
};
struct SampleOperator {
  Parameters parameters;
  ExprPtr count;
};
struct SampleDistinctOperator {
  Parameters parameters;
  ExprPtr count;
  ExprPtr of;
};
struct SerializeOperator {
  Parameters parameters;
  std::vector<Expr> columns;
};
struct ReduceOperator {
  Parameters parameters;
  ExprPtr by;
  Parameters properties;  // with threshold = …, characters = …
};

// --- several tables -----------------------------------------------------------------------------------------------
struct JoinOperator {
  Parameters parameters;  // kind, hints
  ExprPtr right;
  std::vector<Expr> on;  // names, `$left.a == $right.b`
  ExprPtr where;         // `where` instead of `on`; may be null
  SourceSpan kind_span;
};
struct LookupOperator {
  Parameters parameters;
  ExprPtr right;
  std::vector<Expr> on;
};
struct ForkBranch {
  std::optional<Identifier> name;
  Expr pipe;  // Pipe without a source
};
struct ForkOperator {
  std::vector<ForkBranch> branches;
};
struct FacetOperator {
  std::vector<Expr> columns;
  ExprPtr with;  // Pipe without a source; may be null
};
/// partition by key (pipe), or by key { whole query }
struct PartitionOperator {
  Parameters parameters;
  ExprPtr by;
  ExprPtr scope;  // `in (…)`; may be null
  ExprPtr pipe;   // Pipe without a source; null with a body
  std::shared_ptr<const FunctionBody> body;
};

// --- arrays and series --------------------------------------------------------------------------------------------
struct ExpandColumn {
  Expr value;  // possibly Named
  std::optional<columnar::Type> to_type;
};
struct MvExpandOperator {
  Parameters parameters;  // bagexpansion, kind, with_itemindex
  std::vector<ExpandColumn> columns;
  ExprPtr row_limit;  // may be null
};
struct MvApplyOperator {
  Parameters parameters;
  std::vector<ExpandColumn> columns;
  ExprPtr row_limit;  // may be null
  std::optional<Expr> context_id;
  ExprPtr pipe;  // Pipe without a source
};
struct SeriesAggregate {
  Expr value;        // possibly Named
  ExprPtr default_;  // may be null
};
struct MakeSeriesOperator {
  Parameters parameters;
  std::vector<SeriesAggregate> aggregates;
  ExprPtr on;
  ExprPtr from, to, step;  // `from` and `to` may be null; `in range(a, b, c)` fills all three
  bool in_range = false;   // written as `in range(…)`, whose end is included
  std::vector<Expr> keys;
};

// --- text ---------------------------------------------------------------------------------------------------------
struct ParseStar {};
struct ParseText {
  Literal text;
};
struct ParseColumn {
  Identifier name;
  std::optional<columnar::Type> type;
};
struct ParsePart {
  std::variant<ParseStar, ParseText, ParseColumn> node;
  SourceSpan span;
};
/// parse and parse-where [kind=simple|regex|relaxed flags=…] source with pattern
struct ParseOperator {
  Parameters parameters;
  ExprPtr source;
  std::vector<ParsePart> pattern;
  bool drop_unmatched = false;  // parse-where
};
struct ParseKvOperator {
  Parameters parameters;
  ExprPtr source;
  Schema keys;
  Parameters properties;  // with (pair_delimiter=…, …)
};

// --- the rest -----------------------------------------------------------------------------------------------------
struct AsOperator {
  Parameters parameters;
  Identifier name;
};
struct InvokeOperator {
  Expr function;
};  // Call or MemberCall; the input is its first argument
struct RenderOperator {
  Identifier chart;
  Parameters properties;
};
struct GetSchemaOperator {
  bool as_text = false;  // kind=csl: one row, the schema as the language writes it
};
struct ConsumeOperator {
  Parameters parameters;
};
struct ExecuteAndCacheOperator {};
struct AssertSchemaOperator {
  Schema schema;
};

struct Operator {
  std::variant<PrintOperator, RangeOperator, DatatableOperator, ExternalDataOperator, InlineExternalTableOperator, UnionOperator,
               FindOperator, SearchOperator, EvaluateOperator, MacroExpandOperator, WhereOperator, ExtendOperator,
               ProjectOperator, ProjectAwayOperator, ProjectKeepOperator, ProjectRenameOperator, ProjectByNamesOperator,
               ProjectReorderOperator, SummarizeOperator, DistinctOperator, CountOperator, TakeOperator, SortOperator,
               TopOperator, TopHittersOperator, TopNestedOperator, SampleOperator, SampleDistinctOperator, SerializeOperator,
               ReduceOperator, JoinOperator, LookupOperator, ForkOperator, FacetOperator, PartitionOperator, MvExpandOperator,
               MvApplyOperator, MakeSeriesOperator, ParseOperator, ParseKvOperator, ScanOperator, AsOperator, InvokeOperator,
               RenderOperator, GetSchemaOperator, ConsumeOperator, ExecuteAndCacheOperator, AssertSchemaOperator,
               MakeGraphOperator, GraphMatchOperator, GraphShortestPathsOperator, GraphToTableOperator,
               GraphMarkComponentsOperator, GraphWhereOperator, Unreadable>
      node;
  SourceSpan span;
  SourceSpan keyword;  // where errors about the operator as a whole point
};

/// The operator's usual spelling: "where", "mv-expand", "sort".
std::string_view operator_name(const Operator& operation);
/// Of an alternative of `node`, by its place.
std::string_view operator_name(std::size_t alternative);

}  // namespace wardian::kql::syntax
