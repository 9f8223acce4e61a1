#include "wardian/columnar/runtime_type_name.h"

namespace wardian::columnar {

std::string_view runtime_type_name(Type type) {
  switch (type) {
    case Type::boolean: return "System.SByte";
    case Type::int32: return "System.Int32";
    case Type::int64: return "System.Int64";
    case Type::real: return "System.Double";
    case Type::decimal: return "System.Data.SqlTypes.SqlDecimal";
    case Type::string: return "System.String";
    case Type::datetime: return "System.DateTime";
    case Type::timespan: return "System.TimeSpan";
    case Type::dynamic: return "System.Object";
    case Type::guid: return "System.Guid";
  }
  return "System.Object";
}

}  // namespace wardian::columnar
