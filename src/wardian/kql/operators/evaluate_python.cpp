#include <algorithm>

#include "wardian/kql/blob_reference.h"
#include "wardian/kql/operators/operators.h"
#include "wardian/kql/operators/python_artifacts.h"

namespace wardian::kql {
namespace {

/// typeof(*, y: real): the input's columns where the star stands; one named again takes the type given there.
Result<columnar::Schema> output_schema(const syntax::Expr& expr, const NodePtr& input) {
  const auto* type_of = std::get_if<syntax::TypeOf>(&expr.node);
  if (type_of == nullptr) {
    return error_at(ErrorCode::bad_argument, "The first argument of python() is typeof(…), the columns of the result", expr.span,
                    "typeof(*, y: real) adds a column to those of the input");
  }
  columnar::Schema made;
  for (const syntax::SchemaColumn& column : type_of->schema.columns) {
    if (column.star) {
      made.insert(made.end(), input->schema.begin(), input->schema.end());
      continue;
    }
    if (column.name.text.empty()) {
      return error_at(ErrorCode::bad_argument, "A column of the result needs a name", column.type_span, "name: type");
    }
    const auto named_here = [&](const syntax::SchemaColumn& other) {
      return &other != &column && !other.star && other.name.text == column.name.text;
    };
    if (std::ranges::any_of(type_of->schema.columns, named_here)) {
      return error_at(ErrorCode::duplicate_name, "Two columns of typeof() have the same name: " + column.name.text,
                      column.name.span);
    }
    if (const auto at = columnar::find_column(made, column.name.text)) {
      made[*at].type = column.type;
    } else {
      made.push_back({column.name.text, column.type});
    }
  }
  if (made.empty()) {
    return error_at(ErrorCode::bad_argument, "The result has no columns", expr.span,
                    "typeof(*, y: real) adds a column to those of the input");
  }
  return made;
}

/// Where the script's literal stands, also when the call names a variable that holds it.
SourceSpan script_place(const syntax::Expr& expr, const Environment& env) {
  if (const auto* name = std::get_if<syntax::Name>(&expr.node); name != nullptr && env.scope) {
    const Meaning* meaning = env.scope->find(name->text);
    if (const auto* variable = meaning == nullptr ? nullptr : std::get_if<ScalarVariable>(meaning)) {
      return variable->expr->span;
    }
  }
  return expr.span;
}

struct Arguments {
  const syntax::Expr* schema = nullptr;
  const syntax::Expr* script = nullptr;
  const syntax::Expr* kargs = nullptr;
  const syntax::Expr* artifacts = nullptr;
  const syntax::Expr* spill = nullptr;
};

Result<Arguments> sorted_arguments(const syntax::Call& call) {
  Arguments made;
  const syntax::Expr** const places[] = {&made.schema, &made.script, &made.kargs, &made.artifacts, &made.spill};
  constexpr std::string_view kNames[] = {"output_schema", "script", "script_parameters", "external_artifacts", "spill_to_disk"};
  std::size_t next = 0;
  for (const syntax::Expr& argument : call.arguments) {
    const auto* named = std::get_if<syntax::Named>(&argument.node);
    if (named == nullptr) {
      if (next == 5) return wrong_count("python", "2 to 5 arguments", call.arguments.size(), call.function.span);
      *places[next++] = &argument;
      continue;
    }
    std::string_view name = named->names.front().text;
    if (name == "kwargs" || name == "kargs") name = "script_parameters";
    std::size_t at = 0;
    while (at < 5 && kNames[at] != name) ++at;
    if (at == 5) {
      return error_at(ErrorCode::unknown_name, "python() has no parameter of that name: " + std::string(name),
                      named->names.front().span);
    }
    if (*places[at] != nullptr) {
      return error_at(ErrorCode::bad_argument, "python() is given its " + std::string(kNames[at]) + " twice",
                      named->names.front().span, "Leave one out");
    }
    *places[at] = named->value.get();
  }
  if (made.schema == nullptr || made.script == nullptr)
    return wrong_count("python", "2 to 5 arguments", call.arguments.size(), call.function.span);
  return made;
}

constexpr std::int64_t kBatchRowsMax = 100'000'000;

/// hint.batches = N: how many rows a batch has.
Result<std::optional<std::uint64_t>> batch_rows(Binder& binder, const syntax::EvaluateOperator& node, const Environment& env,
                                                bool per_node) {
  const syntax::Parameter* const hint = syntax::find_parameter(node.parameters, "hint.batches");
  if (hint == nullptr) return std::optional<std::uint64_t>();
  if (per_node) {
    return error_at(ErrorCode::bad_argument, "hint.batches and hint.distribution=per_node exclude each other", hint->name.span,
                    "Batches go to one script, in order");
  }
  const auto* literal = std::get_if<syntax::Literal>(&hint->value.node);
  const auto bad = [&] {
    return error_at(ErrorCode::bad_argument, "hint.batches is a number of rows from 1 to " + std::to_string(kBatchRowsMax),
                    hint->value.span, "hint.batches = 100000");
  };
  if (literal == nullptr) return bad();
  WARDIAN_ASSIGN(const Value value, binder.constant(hint->value, env));
  const auto* rows = std::get_if<std::int64_t>(&value.held);
  if (rows == nullptr || (value.type != Type::int64 && value.type != Type::int32) || *rows < 1 || *rows > kBatchRowsMax)
    return bad();
  return std::optional(static_cast<std::uint64_t>(*rows));
}

}  // namespace

OperatorResult bind_python(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  const syntax::Call& call = node.plugin;
  if (binder.options().python_disabled)
    return error_at(ErrorCode::access_denied, "The request bars Python: set request_sandboxed_execution_disabled", call.span);
  const Environment env = site.env.without_rows();
  WARDIAN_ASSIGN(const Arguments arguments, sorted_arguments(call));
  WARDIAN_ASSIGN(columnar::Schema schema, output_schema(*arguments.schema, site.input));

  plan::PythonCall made;
  made.input = site.input;
  made.span = call.span;
  made.image = binder.options().python_image;
  const std::uint64_t number = binder.next_python_call();
  made.debug = binder.options().python_debug == static_cast<std::int64_t>(number);
  made.dtypes = binder.options().python_dtypes;
  for (const syntax::Expr* each : {arguments.script, arguments.kargs, arguments.artifacts}) {
    if (each == nullptr) continue;
    WARDIAN_ASSIGN(const ExprPtr value, binder.scalar_without_columns(*each, env, site.input));
    if (each == arguments.script && value->type != Type::string) return wrong_type(Type::string, value->type, each->span);
  }
  WARDIAN_ASSIGN(made.script, binder.or_stand_in(binder.constant_string(*arguments.script, env), "(?)"));
  const SourceSpan place = script_place(*arguments.script, env);
  if (place.begin < binder.context().text.size()) made.script_line = line_column(binder.context().text, place.begin).line;
  made.arguments_json = "{}";
  if (arguments.kargs != nullptr) {
    WARDIAN_ASSIGN(made.arguments_json, binder.or_stand_in(constant_bag(binder, *arguments.kargs, env), "(?)"));
    WARDIAN_ASSIGN(made.blobs, take_blob_references(made.arguments_json, arguments.kargs->span));
  }
  if (arguments.artifacts != nullptr) {
    WARDIAN_ASSIGN(made.artifacts, python_artifacts(binder, *arguments.artifacts, env));
  }
  if (arguments.spill != nullptr) {
    WARDIAN_ASSIGN(const Value value, binder.constant(*arguments.spill, env));
    const bool* const spills = std::get_if<bool>(&value.held);
    if (spills == nullptr) return error_at(ErrorCode::type_mismatch, "true or false is needed here", arguments.spill->span);
    made.spills = *spills;
  }
  if (const syntax::Parameter* hint = syntax::find_parameter(node.parameters, "hint.distribution")) {
    const auto* word = std::get_if<syntax::Name>(&hint->value.node);
    const std::string_view value = word != nullptr ? std::string_view(word->text) : std::string_view();
    if (value != "single" && value != "per_node" && value != "per_shard") {
      return error_at(ErrorCode::bad_argument, "Unknown distribution: " + std::string(value), hint->value.span,
                      "hint.distribution is single or per_node");
    }
    made.per_node = value != "single";
  }
  WARDIAN_ASSIGN(made.batch_rows, batch_rows(binder, node, env, made.per_node));
  return plan::make_node(std::move(made), std::move(schema), true);
}

}  // namespace wardian::kql
