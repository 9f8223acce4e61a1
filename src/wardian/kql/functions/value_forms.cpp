#include "wardian/kql/functions/value_forms.h"

#include "wardian/plan/lower.h"

namespace wardian::kql {
namespace {

sql::ExprPtr kernel(const char* name, sql::ExprPtr value) { return sql::call(name, {std::move(value)}); }
sql::ExprPtr truncated(sql::ExprPtr real, const char* type) { return sql::try_cast(kernel("trunc", std::move(real)), type); }

sql::ExprPtr text_to(sql::ExprPtr text, Type to) {
  switch (to) {
    case Type::boolean: return kernel("wardian_text_to_bool", std::move(text));
    case Type::int32: return kernel("wardian_text_to_int", std::move(text));
    case Type::int64: return kernel("wardian_text_to_long", std::move(text));
    case Type::real: return kernel("wardian_text_to_real", std::move(text));
    case Type::decimal: return sql::try_cast(std::move(text), "DECIMAL(38, 17)");
    case Type::datetime: return kernel("wardian_text_to_datetime", std::move(text));
    case Type::timespan: return kernel("wardian_text_to_timespan", std::move(text));
    case Type::guid: return sql::try_cast(kernel("wardian_text_to_guid_text", std::move(text)), "UUID");
    case Type::dynamic: return kernel("wardian_parse_json", std::move(text));
    case Type::string: break;
  }
  return text;
}

sql::ExprPtr dynamic_to(sql::ExprPtr json, Type to) {
  switch (to) {
    case Type::boolean: return kernel("wardian_dynamic_to_bool", std::move(json));
    case Type::int32: return kernel("wardian_dynamic_to_int", std::move(json));
    case Type::int64: return kernel("wardian_dynamic_to_long", std::move(json));
    case Type::real: return kernel("wardian_dynamic_to_real", std::move(json));
    case Type::decimal: return sql::try_cast(kernel("wardian_dynamic_to_decimal_text", std::move(json)), "DECIMAL(38, 17)");
    case Type::datetime: return kernel("wardian_dynamic_to_datetime", std::move(json));
    case Type::timespan: return kernel("wardian_dynamic_to_timespan", std::move(json));
    case Type::guid: return sql::try_cast(kernel("wardian_dynamic_to_guid_text", std::move(json)), "UUID");
    case Type::string:
    case Type::dynamic: break;
  }
  return json;
}

bool is_ticks(Type type) { return type == Type::datetime || type == Type::timespan; }

}  // namespace

sql::ExprPtr to_text(sql::ExprPtr value, Type type) {
  switch (type) {
    case Type::string: return value;
    case Type::real: return kernel("wardian_text_of_real", std::move(value));
    case Type::decimal: return kernel("wardian_text_of_decimal", std::move(value));
    case Type::datetime: return kernel("wardian_text_of_datetime", std::move(value));
    case Type::timespan: return kernel("wardian_text_of_timespan", std::move(value));
    case Type::dynamic:
      if (const auto* call = std::get_if<sql::Call>(&value->node); call != nullptr && call->function == "wardian_split_element") {
        return sql::call("wardian_split_text", call->arguments);
      }
      return kernel("wardian_dynamic_to_text", std::move(value));
    case Type::boolean:
    case Type::int32:
    case Type::int64:
    case Type::guid: break;
  }
  return never_null(sql::cast(std::move(value), "VARCHAR"));
}

sql::ExprPtr to_json(sql::ExprPtr value, Type type) {
  switch (type) {
    case Type::string: return kernel("wardian_json_of_text", std::move(value));
    case Type::real: return kernel("wardian_json_of_real", std::move(value));
    case Type::decimal: return kernel("wardian_json_of_decimal", std::move(value));
    case Type::datetime: return kernel("wardian_json_of_datetime", std::move(value));
    case Type::timespan: return kernel("wardian_json_of_timespan", std::move(value));
    case Type::guid: return kernel("wardian_json_of_text", sql::cast(std::move(value), "VARCHAR"));
    case Type::boolean:
    case Type::int32:
    case Type::int64: return sql::cast(std::move(value), "VARCHAR");
    case Type::dynamic: break;
  }
  return value;
}

sql::ExprPtr to_type(sql::ExprPtr value, Type from, Type to) {
  if (from == to) return value;
  if (to == Type::string) return to_text(std::move(value), from);
  if (to == Type::dynamic && from != Type::string) return to_json(std::move(value), from);
  if (from == Type::string) return text_to(std::move(value), to);
  if (from == Type::dynamic) return dynamic_to(std::move(value), to);
  if (to == Type::guid || from == Type::guid) return sql::cast(sql::null(), std::string(sql::column_type(to)));
  if (to == Type::boolean) return sql::binary("<>", std::move(value), sql::integer(0));
  const std::string type(sql::column_type(to));
  if (is_ticks(to)) {
    if (columnar::is_integer(from) || is_ticks(from)) return sql::cast(std::move(value), "BIGINT");
    if (from == Type::boolean) return sql::cast(sql::null(), type);
    return kernel("wardian_whole_ticks", sql::cast(std::move(value), "DOUBLE"));
  }
  if (columnar::is_integer(to) && (from == Type::real || from == Type::decimal)) {
    return truncated(std::move(value), type.c_str());
  }
  if (from == Type::decimal && to == Type::real) return kernel("wardian_real_of_decimal", std::move(value));
  if (from == Type::real && to == Type::decimal) return kernel("wardian_decimal_of_real", std::move(value));
  return sql::try_cast(std::move(value), type);
}

}  // namespace wardian::kql
