#include "wardian/pyrun/debug_call.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "wardian/columnar/file_copy.h"
#include "wardian/columnar/frame_copy.h"
#include "wardian/kernels/json_text.h"
#include "wardian/process/system_error.h"
#include "wardian/process/whole_file.h"
#include "wardian/pyrun/batch_exchange.h"

namespace wardian::pyrun {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kBlockBytes = std::uint64_t{16} << 20;

constexpr std::string_view kReadMe = R"(# A Python call of a query

Kept by `wardian query --debug-python`, to be run again:

- `wardian debug .` runs it in the environment that the query used; `--confined` in a sandbox, as the query did.
- `wardian debug . --listen 5678` waits for a debugger first: open this folder in VS Code, set a breakpoint in script.py, press F5.
- `python run.py` runs it with any Python that has numpy, pandas, pyarrow and wardian.

| file | what it is |
|---|---|
| script.py | the script; its line numbers are those of the query's literal. Change it and run again |
| *.arrow | the table that the script finds as `df`: an Arrow IPC stream |
| batches/ | instead of it, of a script that takes batches: those that it took, each an Arrow IPC stream |
| kargs.json | what the script finds as `kargs` |
| artifacts/ | the files that the script was given, if any |
| blobs/ | what `kargs` holds by reference, if anything: opened by the script's own process only |
| call.json | how the files above are handed to the script, which columns are wanted back, within which limits |
| result.arrow | the result of the last run, once there was one |
| 2/, 3/, … | further calls of the same query |

No table in here is pickled; a blob is what its script left, which may be a pickle.
)";

constexpr std::string_view kLaunch = R"({
  "version": "0.2.0",
  "configurations": [
    {
      "name": "Attach to: wardian debug . --listen 5678",
      "type": "debugpy",
      "request": "attach",
      "connect": {"host": "127.0.0.1", "port": 5678},
      "pathMappings": [{"localRoot": "${workspaceFolder}", "remoteRoot": "${workspaceFolder}"}],
      "redirectOutput": true,
      "justMyCode": true
    },
    {
      "name": "Run without a sandbox: run.py",
      "type": "debugpy",
      "request": "launch",
      "program": "${workspaceFolder}/run.py",
      "python": @PYTHON@,
      "console": "internalConsole",
      "justMyCode": true
    }
  ]
}
)";

Error cannot_write(const fs::path& path, int number) { return process::file_error("Cannot write " + path.string(), number); }

Result<UniqueFd> create(const fs::path& path) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file) return cannot_write(path, errno);
  return file;
}

Status go_on(const Call& call) { return process::may_go_on(call.cancel, call.deadline, "while a Python call was kept"); }

Status copy_file(const fs::path& from, const fs::path& path, const Call& call) {
  const UniqueFd source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return process::system_error(ErrorCode::io, "Cannot read a file of the call", errno);
  WARDIAN_ASSIGN(const UniqueFd file, create(path));
  for (std::uint64_t at = 0;;) {
    WARDIAN_TRY(go_on(call));
    WARDIAN_ASSIGN(const std::uint64_t copied, columnar::copy_bytes(source.get(), at, file.get(), at, kBlockBytes));
    if (copied < kBlockBytes) return {};
    at += copied;
  }
}

/// A variable is a plain word in every convention that there is; a file name must be one.
std::string frame_file_name(const std::string& variable, std::size_t at) {
  const bool plain = !variable.empty() && std::ranges::all_of(variable, [](char sign) {
    return sign == '_' || (sign >= '0' && sign <= '9') || (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z');
  });
  return (plain ? variable : "input_" + std::to_string(at + 1)) + ".arrow";
}

/// The rows that the call sees, in one file; the slice that says where they lie in it.
Result<InputSlice> keep_frame(const InputSlice& slice, const fs::path& path, const Call& call) {
  std::vector<columnar::WrittenColumn> columns;
  for (std::size_t at = 0; at < slice.frame->schema().size(); ++at) {
    const FramePart& part = slice.frame->part_of(at);
    columns.push_back({part.file.fd(), &part.layout, slice.frame->place_in_part(at)});
  }
  WARDIAN_ASSIGN(const UniqueFd file, create(path));
  WARDIAN_ASSIGN(columnar::FrameLayout layout,
                 columnar::copy_frame(columns, slice.begin, slice.rows, file.get(), [&] { return go_on(call); }));
  return InputSlice{slice.variable, SealedFrame::kept_elsewhere(std::move(layout)), 0, slice.rows};
}

std::string limits_json(const sandbox::Policy& policy) {
  std::string json;
  kernels::JsonObjectWriter limits(json);
  limits.add("memory_bytes", std::to_string(policy.memory_bytes_max));
  limits.add("wall_time_ms", std::to_string(policy.wall_time_max.count()));
  limits.add("cpu_percent", std::to_string(policy.cpu_percent_max));
  limits.add("scratch_bytes", std::to_string(policy.scratch_bytes_max));
  limits.close();
  return json;
}

std::string origin_json(const DebugOrigin& origin) {
  std::string json;
  kernels::JsonObjectWriter image(json);
  image.add_string("name", origin.image);
  image.add_string("python", origin.python.string());
  image.add_string("package", origin.package.string());
  image.close();
  return json;
}

}  // namespace

std::string script_file_text(std::string_view script) {
  const std::string whole(script);
  // A string over several lines would lose what is its own, and a continued line may be within one.
  for (const std::string_view sign : {"\"\"\"", "'''", "\\\n", "\\\r"})
    if (script.find(sign) != std::string_view::npos) return whole;
  std::optional<std::string_view> common;
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= script.size();) {
    const std::size_t end = std::min(script.find('\n', begin), script.size());
    const std::string_view line = script.substr(begin, end - begin);
    lines.push_back(line);
    begin = end + 1;
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line.substr(first) == "\r") continue;
    const std::string_view margin = line.substr(0, first);
    if (!common) common = margin;
    const auto [same, other] = std::ranges::mismatch(*common, margin);
    common = common->substr(0, static_cast<std::size_t>(same - common->begin()));
  }
  if (!common || common->empty()) return whole;
  std::string text;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (at > 0) text += '\n';
    // A line of blanks may have fewer of them.
    const std::size_t margin = std::min(lines[at].find_first_not_of(" \t"), lines[at].size());
    text += lines[at].substr(std::min(margin, common->size()));
  }
  return text;
}

Status write_debug_call(const fs::path& folder, const DebugOrigin& origin, std::uint64_t number, const SentCall& sent) {
  WARDIAN_TRY(process::write_text_file(folder / "script.py", script_file_text(sent.call.script)));
  // What may be changed by hand stands in files of its own; the request is the production's in all else.
  Call call = sent.call;
  call.script.clear();
  call.on_profile = {};
  for (Parameter& parameter : call.parameters) {
    if (parameter.variable != "kargs") continue;
    WARDIAN_TRY(process::write_text_file(folder / "kargs.json", (parameter.json.empty() ? "null" : parameter.json) + "\n"));
    parameter.json = "null";
  }
  std::string files;
  kernels::JsonArrayWriter names(files);
  std::vector<InputSlice> slices;
  for (std::size_t at = 0; at < sent.inputs.size(); ++at) {
    const std::string name = frame_file_name(sent.inputs[at].variable, at);
    WARDIAN_ASSIGN(InputSlice slice, keep_frame(sent.inputs[at], folder / name, call));
    slices.push_back(std::move(slice));
    names.add_string(name);
  }
  std::error_code error;
  if (!call.files.empty() && !fs::create_directory(folder / "artifacts", error))
    return cannot_write(folder / "artifacts", error.value());
  for (const FileInput& given : call.files) {
    const fs::path name = given.name;
    if (name.empty() || name != name.filename() || name == "." || name == "..")
      return Error{.code = ErrorCode::bad_argument, .message = "A file of a call has a name that no file has: " + name.string()};
    WARDIAN_TRY(copy_file(given.file->path(), folder / "artifacts" / name, call));
  }
  if (!call.blobs.empty() && !fs::create_directory(folder / "blobs", error)) return cannot_write(folder / "blobs", error.value());
  for (std::size_t at = 0; at < call.blobs.size(); ++at) {
    // Numbered: their names are those of a script, and may be anything.
    BlobInput& blob = call.blobs[at];
    const std::string name = "blobs/" + std::to_string(at + 1);
    const auto bytes = blob.held->mapping.bytes().subspan(blob.offset, blob.bytes);
    WARDIAN_TRY(process::write_text_file(folder / name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    blob.offset = 0;
    names.add_string(name);
  }
  names.close();
  if (call.batches != nullptr && !fs::create_directory(folder / kDebugBatchesFolder, error))
    return cannot_write(folder / kDebugBatchesFolder, error.value());
  std::string json(kDebugCallStart);
  json += ",\n\"call\":" + std::to_string(number) + ",\n\"image\":" + origin_json(origin) +
          ",\n\"limits\":" + limits_json(call.policy) + ",\n\"inputs\":" + files +
          ",\n\"request\":" + encode_request(call, slices, "artifacts") + "}\n";
  WARDIAN_TRY(process::write_text_file(folder / kDebugCallFile, json));
  if (!fs::copy_file(origin.package / "_debug" / "run.py", folder / "run.py", error))
    return cannot_write(folder / "run.py", error.value());
  if (!fs::create_directory(folder / ".vscode", error)) return cannot_write(folder / ".vscode", error.value());
  std::string python;
  kernels::append_json_string(python, origin.python.string());
  std::string launch(kLaunch);
  launch.replace(launch.find("@PYTHON@"), 8, python);
  WARDIAN_TRY(process::write_text_file(folder / ".vscode" / "launch.json", launch));
  return process::write_text_file(folder / "README.md", kReadMe);
}

Status write_debug_batch(const fs::path& folder, std::uint64_t number, const std::shared_ptr<const SealedFrame>& batch,
                         const Call& call) {
  const fs::path place = folder / kDebugBatchesFolder / std::to_string(number);
  WARDIAN_ASSIGN(const InputSlice slice,
                 keep_frame({call.batches->variable(), batch, 0, batch->rows()}, fs::path(place) += ".arrow", call));
  return process::write_text_file(fs::path(place) += ".json", encode_input(slice) + "\n");
}

}  // namespace wardian::pyrun
