#include <maxminddb.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "wardian/geo/geojson.h"
#include "wardian/geo/ip_database.h"
#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/json_text.h"

namespace wardian::geo {
namespace {

std::shared_ptr<const MMDB_s> open_database(const std::string& path) {
  static std::mutex mutex;
  static std::weak_ptr<const MMDB_s> open;
  const std::lock_guard lock(mutex);
  if (auto held = open.lock()) return held;
  auto made = std::make_unique<MMDB_s>();
  const int status = ::MMDB_open(path.c_str(), MMDB_MODE_MMAP, made.get());
  if (status != MMDB_SUCCESS) {
    throw std::runtime_error("geo_info_from_ip_address() cannot read the file that " + std::string(kIpDatabaseVariable) +
                             " names, " + path + ": " + ::MMDB_strerror(status));
  }
  std::shared_ptr<const MMDB_s> held(made.release(), [](const MMDB_s* database) {
    ::MMDB_close(const_cast<MMDB_s*>(database));
    delete database;
  });
  open = held;
  return held;
}

/// The value at a path; nullopt when there is none of that kind.
template <class... Keys>
std::optional<MMDB_entry_data_s> value_at(MMDB_lookup_result_s& found, std::uint32_t type, Keys... keys) {
  MMDB_entry_data_s data;
  const int status = ::MMDB_get_value(&found.entry, &data, keys..., static_cast<const char*>(nullptr));
  if (status != MMDB_SUCCESS || !data.has_data || data.type != type) return std::nullopt;
  return data;
}

}  // namespace

const MMDB_s* IpDatabase::get() {
  if (database_ == nullptr) {
    const char* const path = std::getenv(kIpDatabaseVariable);
    if (path == nullptr || *path == '\0') return nullptr;
    database_ = open_database(path);
  }
  return database_.get();
}

bool info_from_ip_address(IpDatabase& database, Text address, std::string& out) {
  const MMDB_s* const file = database.get();
  if (file == nullptr) return false;
  int address_error = 0, file_error = MMDB_SUCCESS;
  // The library's parser takes no host names; a text of another form is an address error.
  MMDB_lookup_result_s found = ::MMDB_lookup_string(file, std::string(address).c_str(), &address_error, &file_error);
  if (address_error != 0 || file_error != MMDB_SUCCESS || !found.found_entry) return false;
  kernels::JsonObjectWriter bag(out);
  const auto name = [&](const char* key, const std::optional<MMDB_entry_data_s>& value) {
    if (value) bag.add_string(key, {value->utf8_string, value->data_size});
  };
  name("country", value_at(found, MMDB_DATA_TYPE_UTF8_STRING, "country", "names", "en"));
  name("state", value_at(found, MMDB_DATA_TYPE_UTF8_STRING, "subdivisions", "0", "names", "en"));
  name("city", value_at(found, MMDB_DATA_TYPE_UTF8_STRING, "city", "names", "en"));
  for (const char* const key : {"latitude", "longitude"}) {
    if (const auto value = value_at(found, MMDB_DATA_TYPE_DOUBLE, "location", key)) {
      std::string number;
      write_number(number, value->double_value);
      bag.add(key, number);
    }
  }
  bag.close();
  return true;
}

}  // namespace wardian::geo
