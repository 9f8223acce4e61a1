#include "wardian/kql/binder.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

constexpr int kCallDepthMax = 64;
constexpr int kCallsMax = 100'000;  // each binds the body anew
const std::string kInStored = "In the stored function ";

struct Depth {
  explicit Depth(int& counter) : counter_(counter) { ++counter_; }
  ~Depth() { --counter_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  int& counter_;
};

/// While the body is bound, the stored tables are those that the function may name.
struct Access {
  Access(Tables*& tables, Tables* own) : tables_(tables), outer_(std::exchange(tables, own)) {}
  ~Access() { tables_ = outer_; }
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

 private:
  Tables*& tables_;
  Tables* outer_;
};

std::string count_of(std::size_t least, std::size_t most) {
  std::string made = least == most ? std::to_string(most) : std::to_string(least) + " to " + std::to_string(most);
  return made + (most == 1 ? " argument" : " arguments");
}

bool is_open(const syntax::Schema& schema) { return schema.columns.empty() || schema.columns.front().star; }

std::optional<std::set<std::string, std::less<>>> declared_columns(const syntax::Schema& schema) {
  if (is_open(schema)) return std::nullopt;
  std::set<std::string, std::less<>> names;
  for (const syntax::SchemaColumn& column : schema.columns) names.insert(column.name.text);
  return names;
}

}  // namespace

Status fits_parameter(const plan::Node& table, const syntax::Schema& schema, SourceSpan span) {
  if (is_open(schema)) return {};
  for (const syntax::SchemaColumn& wanted : schema.columns) {
    const auto at = columnar::find_column(table.schema, wanted.name.text);
    if (!at) {
      return error_at(ErrorCode::bad_argument, "The table has no column that the parameter asks for: " + wanted.name.text, span);
    }
    if (table.schema[*at].type != wanted.type) {
      return error_at(ErrorCode::type_mismatch,
                      "Column " + wanted.name.text + " is " + std::string(columnar::type_name(table.schema[*at].type)) +
                          ", the parameter asks for " + std::string(columnar::type_name(wanted.type)),
                      span);
    }
  }
  return {};
}

Result<Bound> Binder::invoke(const UserFunctionPtr& function, const std::vector<syntax::Expr>& arguments,
                             std::optional<NodePtr> piped_argument, SourceSpan span, const Environment& env) {
  if (depth >= kCallDepthMax) {
    return error_at(ErrorCode::too_deep, "Functions call each other too deeply: " + function->name, span);
  }
  if (++calls > kCallsMax) {
    return error_at(ErrorCode::too_deep, "Functions are called more than " + std::to_string(kCallsMax) + " times in a query",
                    span, "Give a value that is used more than once a name with let");
  }
  const Depth guard(depth);
  const auto& parameters = function->declaration->parameters;
  std::vector<const syntax::Expr*> given(parameters.size(), nullptr);
  std::size_t required = 0;
  for (const syntax::FunctionParameter& parameter : parameters) required += parameter.default_value == nullptr ? 1 : 0;
  const std::size_t count = arguments.size() + (piped_argument ? 1 : 0);
  if (count > parameters.size()) {
    return wrong_count(function->name, count_of(required, parameters.size()), count, span);
  }
  // An argument without a name belongs to the parameter at its own position, also after one with a name.
  for (std::size_t position = 0; position < arguments.size(); ++position) {
    const syntax::Expr& argument = arguments[position];
    if (const auto* named = std::get_if<syntax::Named>(&argument.node)) {
      std::size_t at = 0;
      while (at < parameters.size() && parameters[at].name.text != named->names.front().text) ++at;
      if (at == parameters.size()) {
        return error_at(ErrorCode::unknown_name,
                        function->name + "() has no parameter of that name: " + named->names.front().text,
                        named->names.front().span);
      }
      given[at] = named->value.get();
      continue;
    }
    given[position + (piped_argument ? 1 : 0)] = &argument;
  }

  auto scope = std::make_shared<Scope>(function->declared_in);
  Environment inside;
  inside.row = env.row;
  inside.around = env.around;
  inside.reads_around = env.reads_around;
  inside.serialized = env.serialized;
  for (std::size_t at = 0; at < parameters.size(); ++at) {
    const syntax::FunctionParameter& parameter = parameters[at];
    const std::string& name = parameter.name.text;
    if (const auto* schema = std::get_if<syntax::Schema>(&parameter.type)) {
      NodePtr table;
      SourceSpan place = span;
      if (at == 0 && piped_argument) {
        table = *piped_argument;
      } else if (given[at] != nullptr) {
        Environment around = env.without_rows();
        place = given[at]->span;
        WARDIAN_ASSIGN(table, this->table(*given[at], around));
      } else {
        return wrong_count(function->name, count_of(required, parameters.size()), count, span);
      }
      WARDIAN_TRY(fits_parameter(*table, *schema, place));
      table = std::make_shared<const plan::Node>(*table);  // a node of its own, by which its columns are known in the body
      scope->declare_columns(table, declared_columns(*schema));
      scope->redeclare(name, std::move(table));
      continue;
    }
    if (at == 0 && piped_argument) {
      return error_at(ErrorCode::type_mismatch, "The first parameter is no table: " + name, span);
    }
    const Type type = std::get<columnar::Type>(parameter.type);
    const syntax::Expr* value = given[at] != nullptr ? given[at] : parameter.default_value.get();
    if (value == nullptr) return wrong_count(function->name, count_of(required, parameters.size()), count, span);
    const Environment defaults;  // a default is a literal and sees nothing
    WARDIAN_ASSIGN(ExprPtr bound, scalar(*value, given[at] != nullptr ? env : defaults));
    const Type found = bound->type;
    const auto* constant = std::get_if<plan::Constant>(&bound->node);
    ExprPtr converted = convert(bound, type);
    // 5 is a long wherever it stands; a parameter of type int takes it, one of real takes the whole numbers it means.
    if (!converted && constant != nullptr && columnar::is_integer(found) && type == Type::int32) {
      converted = constant_expr(Value{type, constant->value.held}, bound->span);
    }
    if (!converted && columnar::is_numeric(found) && columnar::is_numeric(type)) {
      converted = cast(bound, type);
    }
    if (!converted) {
      return error_at(ErrorCode::type_mismatch,
                      "A value of type " + std::string(columnar::type_name(type)) + " is needed for " + name + ", not " +
                          std::string(columnar::type_name(found)),
                      value->span);
    }
    const bool free_of_rows = is_constant(*converted);
    scope->redeclare(name, ScalarVariable{std::move(converted), free_of_rows ? nullptr : env.row});
  }

  inside.scope = scope;
  const Access access(context_.tables, function->tables != nullptr ? function->tables : context_.tables);
  if (function->declaration->body.result == nullptr) {
    return error_at(ErrorCode::wrong_context, "The function gives nothing: " + function->name, span);
  }
  if (function->owned == nullptr) return body(function->declaration->body, std::move(inside));
  const Trial of_another_text(*this);
  Result<Bound> made = body(function->declaration->body, std::move(inside));
  if (made.ok() || is_told(made.error()) || undetermined_ || made.error().code >= ErrorCode::execution) return made;
  Error mistake = std::move(made).error();
  if (!mistake.message.starts_with(kInStored)) mistake.message.insert(0, kInStored + function->name + ": ");
  mistake.span = span;
  return mistake;
}

}  // namespace wardian::kql
