#include "wardian/sqltree/column_type.h"

namespace wardian::sqltree {

std::string_view column_type(columnar::Type type) {
  using columnar::Type;
  switch (type) {
    case Type::boolean: return "BOOLEAN";
    case Type::int32: return "INTEGER";
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return "BIGINT";
    case Type::real: return "DOUBLE";
    case Type::decimal: return "DECIMAL(38, 17)";
    case Type::string:
    case Type::dynamic: return "VARCHAR";
    case Type::guid: return "UUID";
  }
  return "VARCHAR";
}

}  // namespace wardian::sqltree
