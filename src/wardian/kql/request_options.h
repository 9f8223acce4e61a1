#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/base/source_span.h"
#include "wardian/columnar/value.h"

namespace wardian::kql {

/// What `set` says of a request. Source: the language's page "Request properties".
struct RequestOptions {
  std::optional<std::int64_t> take_max_records;        // rows of a result beyond them are left out
  std::optional<std::int64_t> truncation_max_records;  // a result with more rows is an error
  std::optional<std::int64_t> now_ticks;               // what now() is
  std::optional<columnar::Value> bin_auto_size;        // of bin_auto()
  std::optional<columnar::Value> bin_auto_at;          // what bin_auto() leaves as it is; not said: zero
  std::optional<std::int64_t> python_debug;            // which Python call of the query is kept to be debugged, from 1
  bool python_disabled = false;
  std::string python_image;        // for all scripts of the request; empty: not said
  bool python_keep_blobs = false;  // what scripts leave in `blobs` is kept in the database folder
  bool external_data_disabled = false;
  std::string python_dtypes;  // how a script is given its columns; empty: not said. Ours, the language has no such property
};

/// Whether there are such dtypes: default, arrow, nullable, classic. Docs: docs/evaluate_python.md.
bool is_python_dtypes(std::string_view name);

/// `set NAME = VALUE`; names without regard to case. Names that change how a cluster works and no answer of ours, and unknown
/// ones, are accepted and change nothing. Errors: bad_argument for a value of the wrong type; not_supported for a
/// property that would change the answer.
Status set_option(RequestOptions& options, std::string_view name, const columnar::Value& value, SourceSpan span);

}  // namespace wardian::kql
