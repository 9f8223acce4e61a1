#pragma once

#include "wardian/kql/binder.h"

/// One file an operator: each binds one kind of operator over an input that is bound already.
namespace wardian::kql {

/// Where an operator stands.
struct OperatorSite {
  NodePtr input;     // null for an operator that begins a pipeline
  Environment& env;  // of the pipeline; `as` adds to its scope
  SourceSpan span;
  SourceSpan keyword;  // where errors about the whole operator point

  /// What an expression over the input's rows sees.
  Environment rows() const { return env.over(*input); }
};

using OperatorResult = Result<NodePtr>;

OperatorResult bind_operator(Binder&, const syntax::PrintOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::RangeOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::DatatableOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ExternalDataOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::InlineExternalTableOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::UnionOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::EvaluateOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::WhereOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ExtendOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ProjectOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ProjectAwayOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ProjectKeepOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ProjectRenameOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ProjectReorderOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ProjectByNamesOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::SampleOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::SampleDistinctOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::SummarizeOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::DistinctOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::CountOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::TakeOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::SortOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::TopOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::SerializeOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::JoinOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::LookupOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::MvExpandOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ForkOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::MakeSeriesOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ParseOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ParseKvOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::MvApplyOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::PartitionOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::TopHittersOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::TopNestedOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::FacetOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::SearchOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::FindOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::MacroExpandOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ScanOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ReduceOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::AsOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::AssertSchemaOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::InvokeOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::RenderOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::GetSchemaOperator&, const OperatorSite&);
OperatorResult bind_operator(Binder&, const syntax::ConsumeOperator&, const OperatorSite&);

}  // namespace wardian::kql
