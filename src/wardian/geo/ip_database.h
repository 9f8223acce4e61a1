#pragma once

#include <memory>

struct MMDB_s;

namespace wardian::geo {

/// The environment variable that names a MaxMind DB file (GeoLite2-City and its like). None is shipped.
inline constexpr char kIpDatabaseVariable[] = "WARDIAN_GEO_IP_DATABASE";

/// The file that tells where IP addresses are, mapped once for the process.
class IpDatabase {
 public:
  /// Null when no file is named. Throws what the engine reports as the query's error when it cannot be read.
  const MMDB_s* get();

 private:
  std::shared_ptr<const MMDB_s> database_;
};

}  // namespace wardian::geo
