#include "wardian/kql/plugins/plugin_arguments.h"

#include <algorithm>

#include "wardian/base/similar_name.h"
#include "wardian/kql/dynamic_shape.h"
#include "wardian/kql/plugins/plugin.h"

namespace wardian::kql {
namespace {

using Form = PluginParameter::Form;
using Types = PluginParameter::Types;
using Times = PluginParameter::Times;

template <class Meaning>
struct Word {
  std::string_view word;
  Meaning meaning;
};
constexpr Word<Form> kForms[] = {{"aggregate", Form::aggregate},
                                 {"column", Form::column},
                                 {"row", Form::row},
                                 {"schema", Form::schema},
                                 {"table", Form::table}};
constexpr Word<Types> kTypes[] = {{"array", Types::array},     {"bag", Types::bag},          {"bool", Types::boolean},
                                  {"dynamic", Types::dynamic}, {"integer", Types::integer},  {"not_dynamic", Types::not_dynamic},
                                  {"number", Types::number},   {"period", Types::period},    {"real", Types::real},
                                  {"string", Types::string},   {"summable", Types::summable}};
constexpr Word<Times> kMarks[] = {{"?", Times::optional}, {"~", Times::optional_or_tilde}, {"*", Times::any}, {"+", Times::some}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool summable(Type type) { return columnar::is_numeric(type) || type == Type::datetime || type == Type::timespan; }

bool accepts(Types types, Type type) {
  switch (types) {
    case Types::any: return true;
    case Types::not_dynamic: return type != Type::dynamic;
    case Types::summable: return summable(type);
    case Types::period: return summable(type) || type == Type::string;
    case Types::number: return columnar::is_numeric(type);
    case Types::integer: return columnar::is_integer(type);
    case Types::boolean: return type == Type::boolean;
    case Types::real: return columnar::is_numeric(type);
    case Types::string: return type == Type::string;
    case Types::array:
    case Types::bag:
    case Types::dynamic: return type == Type::dynamic;
  }
  return false;
}

/// Of a type that the parameter accepts, and no bag where it takes arrays, no array where it takes bags.
bool accepts(Types types, const plan::Expr& value) {
  if (!accepts(types, value.type)) return false;
  if (types != Types::array && types != Types::bag) return true;
  const Shape shape = dynamic_shape(value).shape;
  return shape == Shape::unknown || shape == (types == Types::array ? Shape::array : Shape::bag);
}

std::string_view described(Types types) {
  switch (types) {
    case Types::not_dynamic: return "A value that is not dynamic";
    case Types::summable: return "A number, datetime or timespan";
    case Types::period: return "A number, timespan or one of 'week', 'month', 'year'";
    case Types::number: return "A number";
    case Types::integer: return "A whole number";
    case Types::boolean: return "A value of type bool";
    case Types::real: return "A number";
    case Types::string: return "A value of type string";
    case Types::array: return "An array";
    case Types::bag: return "A bag";
    case Types::dynamic: return "A value of type dynamic";
    case Types::any: break;
  }
  return "A value";
}

bool is_tilde(const syntax::Expr& expr) {
  const auto* literal = std::get_if<syntax::Literal>(&expr.node);
  const auto* text = literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value.held);
  return text != nullptr && *text == "~";
}

Error wrong_type(const PluginParameter& parameter, std::string_view what, SourceSpan span) {
  return error_at(
      ErrorCode::type_mismatch,
      std::string(described(parameter.types)) + " is needed for " + std::string(parameter.name) + ", not " + std::string(what),
      span);
}

Status of_type(const PluginParameter& parameter, Type type, SourceSpan span) {
  if (accepts(parameter.types, type)) return {};
  return wrong_type(parameter, columnar::type_name(type), span);
}

Status of_type(const PluginParameter& parameter, const plan::Expr& value, SourceSpan span) {
  WARDIAN_TRY(of_type(parameter, value.type, span));
  if (accepts(parameter.types, value)) return {};
  const Shape shape = dynamic_shape(value).shape;
  return wrong_type(parameter, shape == Shape::array ? "an array" : shape == Shape::bag ? "a bag" : "a scalar", span);
}

/// Binds the arguments of one call, left to right.
class ArgumentBinder {
 public:
  ArgumentBinder(Binder& binder, const Plugin& plugin, const syntax::Call& call, const OperatorSite& site)
      : binder_(binder), plugin_(plugin), call_(call), site_(site), env_(site.env.without_rows()) {}

  Result<PluginArguments> bind() {
    WARDIAN_ASSIGN(made_.parameters, parse_plugin_signature(plugin_.signature));
    const auto [least, most] = argument_counts(made_.parameters);
    if (call_.arguments.size() < least || (most && call_.arguments.size() > *most)) return count_error();
    for (const syntax::Expr& argument : call_.arguments) WARDIAN_TRY(take(argument));
    for (const PluginParameter& parameter : made_.parameters) {
      if (!parameter.may_be_left_out() && made_.find(parameter.name) == nullptr) return count_error();
    }
    return std::move(made_);
  }

 private:
  Error count_error() const {
    const auto [least, most] = argument_counts(made_.parameters);
    std::string expected = std::to_string(least);
    if (!most) {
      expected = "at least " + expected;
    } else if (*most != least) {
      expected += " to " + std::to_string(*most);
    }
    if (most == 0) expected = "no";
    const bool one = most == 1 || (!most && least == 1);
    return wrong_count(plugin_.name, expected + (one ? " argument" : " arguments"), call_.arguments.size(), call_.function.span);
  }

  Status take(const syntax::Expr& argument) {
    const auto* named = std::get_if<syntax::Named>(&argument.node);
    if (named != nullptr) {
      const std::string& name = named->names.front().text;
      const auto row = std::ranges::find(made_.parameters, name, &PluginParameter::name);
      if (row != made_.parameters.end()) return bind_as(*row, *named->value, nullptr);
    }
    const syntax::Expr& value = named != nullptr ? *named->value : argument;
    while (next_ < made_.parameters.size()) {
      const PluginParameter& parameter = made_.parameters[next_];
      if (named != nullptr && parameter.form != Form::row) {
        std::vector<std::string_view> names;
        for (const PluginParameter& each : made_.parameters) names.push_back(each.name);
        const std::string& name = named->names.front().text;
        return error_at(ErrorCode::unknown_name, std::string(plugin_.name) + "() has no parameter of that name: " + name,
                        named->names.front().span, did_you_mean(name, names));
      }
      // One that may be left out, or be there already, gives way to a later parameter that the argument fits.
      const bool enough = parameter.may_be_left_out() || (parameter.repeated() && made_.find(parameter.name) != nullptr);
      if (parameter.times != Times::optional_or_tilde && enough && !fits(parameter, value) && later_fits(value)) {
        ++next_;
        continue;
      }
      if (!parameter.repeated()) ++next_;
      if (parameter.times == Times::optional_or_tilde && is_tilde(value)) return {};
      return bind_as(parameter, value, named);
    }
    if (!argument_counts(made_.parameters).second) {
      std::string names;
      for (const PluginParameter& each : made_.parameters) names += (names.empty() ? "" : ", ") + std::string(each.name);
      return error_at(ErrorCode::bad_argument, std::string(plugin_.name) + "() takes no further argument like this one",
                      value.span, "Its parameters: " + names);
    }
    return count_error();
  }

  bool later_fits(const syntax::Expr& value) const {
    for (std::size_t at = next_ + 1; at < made_.parameters.size(); ++at) {
      if (fits(made_.parameters[at], value)) return true;
    }
    return false;
  }

  std::optional<std::size_t> column_named(const syntax::Expr& expr) const {
    const auto* name = std::get_if<syntax::Name>(&expr.node);
    return name == nullptr || site_.input == nullptr ? std::nullopt : columnar::find_column(site_.input->schema, name->text);
  }

  bool fits(const PluginParameter& parameter, const syntax::Expr& value) const {
    const Binder::Trial trial(binder_);
    const bool column = column_named(value).has_value();
    if (parameter.form == Form::column) return column;
    if (parameter.form == Form::aggregate || parameter.form == Form::schema) return true;
    if (parameter.form == Form::row) {
      const Result<ExprPtr> bound = binder_.scalar(value, site_.rows());
      return bound.ok() && accepts(parameter.types, **bound);
    }
    if (column) return false;
    if (parameter.form == Form::table) return binder_.table(value, env_).ok();
    const Result<ExprPtr> bound = binder_.scalar(value, env_);
    return bound.ok() && accepts(parameter.types, **bound);
  }

  Status bind_as(const PluginParameter& parameter, const syntax::Expr& value, const syntax::Named* named) {
    if (!parameter.repeated() && made_.find(parameter.name) != nullptr) {
      return error_at(ErrorCode::bad_argument,
                      std::string(plugin_.name) + "() is given its " + std::string(parameter.name) + " twice", value.span);
    }
    PluginArgument made;
    made.parameter = &parameter;
    made.written = &value;
    made.named = named;
    switch (parameter.form) {
      case Form::column: {
        const auto at = column_named(value);
        const auto* name = std::get_if<syntax::Name>(&value.node);
        if (!at && name != nullptr && site_.input != nullptr) return unknown_name(name->text, value.span, site_.rows());
        if (!at) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", value.span);
        made.column = *at;
        WARDIAN_TRY(of_type(parameter, site_.input->schema[*at].type, value.span));
        break;
      }
      case Form::row: {
        WARDIAN_ASSIGN(made.value, binder_.scalar(value, site_.rows()));
        WARDIAN_TRY(of_type(parameter, *made.value, value.span));
        break;
      }
      case Form::table: {
        WARDIAN_ASSIGN(made.table, binder_.table(value, env_));
        break;
      }
      case Form::constant: {
        const auto* name = std::get_if<syntax::Name>(&value.node);
        const bool variable = name != nullptr && env_.scope && env_.scope->find(name->text) != nullptr;
        if (column_named(value) && !variable) return constant_expected(value.span);
        WARDIAN_ASSIGN(made.value, binder_.scalar_without_columns(value, env_, site_.input));
        WARDIAN_TRY(of_type(parameter, *made.value, value.span));
        break;
      }
      case Form::aggregate:
      case Form::schema: break;  // the plugin reads them as they are written
    }
    made_.given.push_back(std::move(made));
    return {};
  }

  Binder& binder_;
  const Plugin& plugin_;
  const syntax::Call& call_;
  const OperatorSite& site_;
  const Environment env_;
  PluginArguments made_;
  std::size_t next_ = 0;
};

}  // namespace

Result<std::vector<PluginParameter>> parse_plugin_signature(std::string_view text) {
  const auto wrong = [&] {
    return Error{ErrorCode::bad_argument, "Not the signature of a plugin: " + std::string(text), {}, {}};
  };
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return wrong();
  std::string_view rest = trimmed(text.substr(1, text.size() - 2));
  std::vector<PluginParameter> made;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view one = trimmed(rest.substr(0, comma));
    rest = trimmed(rest.substr(std::min(comma + 1, rest.size())));
    PluginParameter parameter;
    for (const auto& mark : kMarks) {
      if (!one.ends_with(mark.word)) continue;
      parameter.times = mark.meaning;
      one.remove_suffix(1);
      break;
    }
    const std::size_t colon = std::min(one.find(':'), one.size());
    parameter.name = one.substr(0, colon);
    if (parameter.name.empty()) return wrong();
    std::string_view words = trimmed(one.substr(std::min(colon + 1, one.size())));
    while (!words.empty()) {
      const std::size_t space = std::min(words.find(' '), words.size());
      const std::string_view word = words.substr(0, space);
      words = trimmed(words.substr(space));
      const auto* const form = std::ranges::find(kForms, word, &Word<Form>::word);
      const auto* const types = std::ranges::find(kTypes, word, &Word<Types>::word);
      if (form != std::end(kForms)) {
        parameter.form = form->meaning;
      } else if (types != std::end(kTypes)) {
        parameter.types = types->meaning;
      } else {
        return wrong();
      }
    }
    made.push_back(parameter);
  }
  return made;
}

std::pair<std::size_t, std::optional<std::size_t>> argument_counts(const std::vector<PluginParameter>& parameters) {
  std::size_t least = 0;
  std::optional<std::size_t> most = parameters.size();
  for (const PluginParameter& parameter : parameters) {
    if (!parameter.may_be_left_out()) ++least;
    if (parameter.repeated()) most.reset();
  }
  return {least, most};
}

const PluginArgument* PluginArguments::find(std::string_view parameter) const {
  for (const PluginArgument& each : given) {
    if (each.parameter->name == parameter) return &each;
  }
  return nullptr;
}

std::vector<const PluginArgument*> PluginArguments::all(std::string_view parameter) const {
  std::vector<const PluginArgument*> made;
  for (const PluginArgument& each : given) {
    if (each.parameter->name == parameter) made.push_back(&each);
  }
  return made;
}

Result<PluginArguments> bind_plugin_arguments(Binder& binder, const Plugin& plugin, const syntax::Call& call,
                                              const OperatorSite& site) {
  return ArgumentBinder(binder, plugin, call, site).bind();
}

}  // namespace wardian::kql
