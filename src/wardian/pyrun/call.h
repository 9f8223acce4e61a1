#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wardian/columnar/frame.h"
#include "wardian/process/cancel_token.h"
#include "wardian/pyrun/extras.h"
#include "wardian/pyrun/file_store.h"
#include "wardian/pyrun/profile.h"
#include "wardian/pyrun/sealed_frame.h"
#include "wardian/sandbox/console.h"
#include "wardian/sandbox/outcome.h"
#include "wardian/sandbox/policy.h"

namespace wardian::pyrun {

/// A table that the script finds in `variable`, as a DataFrame. Either it is in sealed memory already (and may be shared
/// between calls), of which the call sees rows [begin, begin + rows), or it is a stream, which the run drains.
struct FrameInput {
  std::string variable;
  std::shared_ptr<const SealedFrame> frame = {};
  columnar::BatchStream* stream = nullptr;
  std::uint64_t begin = 0;  // a multiple of 64
  std::uint64_t rows = UINT64_MAX;
};

/// A value that the script finds in `variable`: any JSON, as dict, list, number, …
struct Parameter {
  std::string variable;
  std::string json;
};

/// A module that is imported before the script and bound to `variable`.
struct ImportedModule {
  std::string variable;
  std::string module;
};

/// A file that the script finds, read-only, as Temp/`name` in its working folder (and under the other names that
/// docs/evaluate_python.md lists).
using FileInput = FileStore::Shown;

/// Bytes or an object that an earlier call left, which the script finds as kargs[key].
struct BlobInput {
  std::string key;
  std::string name;  // the blob's own, for errors
  std::shared_ptr<const SealedBytes> held;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  bool pickled = false;
};

/// A DataFrame (or what converts to one) left in `variable`. Without a schema it is inferred from what was left.
struct FrameOutput {
  std::string variable;
  std::optional<columnar::Schema> schema;
  bool optional = false;  // the script need not set it
};
/// Bytes left in `variable`; opaque to us, to be opened in another sandbox only.
struct BlobOutput {
  std::string variable;
  bool optional = false;
};
/// All that a script leaves beside: figures, pictures, files, and what it puts into `blobs`.
struct ExtrasOutput {};
using Output = std::variant<FrameOutput, BlobOutput, ExtrasOutput>;

/// One run of a user's Python: what goes in, what comes out, within which limits. The convention of an entry (`df` and
/// `result`, the names of a procedure's variables, …) is which variables an adapter names here.
struct Call {
  std::string script;
  std::vector<FrameInput> frames;
  std::vector<Parameter> parameters;
  std::vector<ImportedModule> modules;
  std::vector<FileInput> files;
  std::vector<BlobInput> blobs;
  std::vector<Output> outputs;
  std::string dtypes = {};  // how columns come: arrow, nullable, classic; empty or default: docs/evaluate_python.md
  /// Where the table comes from, and the result goes to, of a script that takes batches; null for others. The first output is a
  /// frame with a schema then, which the exchange has afterwards: the outcome's is Absent.
  class BatchExchange* batches = nullptr;
  sandbox::Policy policy;
  std::uint64_t output_bytes_max = std::uint64_t{8} << 30;
  std::uint64_t output_rows_max = std::uint64_t{1} << 32;
  std::uint64_t input_bytes_max = std::uint64_t{64} << 30;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const process::CancelToken* cancel = nullptr;
  std::function<void(sandbox::ConsoleStream, std::string_view)> on_console;
  std::function<Status(const struct SentCall&)> on_send = {};  // told the call before it runs; an error stops it
  std::function<void(const Profile&)> on_profile = {};  // told what the call has cost, however it ended; null: nobody counts
};

struct Absent {};
/// What came back for one output: nothing (it was optional, or there are no extras), a frame, a blob, extras.
using OutputValue = std::variant<Absent, std::shared_ptr<const columnar::Frame>, std::string, std::vector<Extra>>;

struct Outcome {
  std::vector<OutputValue> outputs;  // in the order of Call::outputs
  sandbox::ConsoleText standard_output;
  sandbox::ConsoleText standard_error;
  process::ResourceUsage usage;
};

}  // namespace wardian::pyrun
