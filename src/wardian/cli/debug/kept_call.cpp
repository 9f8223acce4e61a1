#include "wardian/cli/debug/kept_call.h"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "wardian/columnar/file_copy.h"
#include "wardian/process/system_error.h"
#include "wardian/pyrun/debug_folder.h"

namespace wardian::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextBytesMax = std::size_t{64} << 20;
constexpr std::size_t kInputsMax = 1000;

Error no_call(const fs::path& folder, std::string_view what) {
  return {.code = ErrorCode::bad_file,
          .message = folder.string() + " holds no Python call that can be run: " + std::string(what),
          .hint = "wardian query --debug-python FOLDER … makes such a folder."};
}

/// A file of the folder. A folder may come from a stranger: its names must not lead out of it.
Result<UniqueFd> open_inside(const fs::path& folder, const fs::path& name) {
  for (const fs::path& part : name)
    if (part == ".." || part.is_absolute()) return no_call(folder, "it names a file outside: " + name.string());
  std::error_code error;
  const fs::path whole = folder / name;
  if (fs::canonical(whole, error) != whole && !error) return no_call(folder, "a link stands for " + name.string());
  UniqueFd file(::open(whole.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!file) return process::system_error(ErrorCode::file_not_found, "Cannot read " + whole.string(), errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return no_call(folder, name.string() + " is no ordinary file");
  return file;
}

Result<std::string> read_text(const fs::path& folder, const fs::path& name) {
  WARDIAN_ASSIGN(const UniqueFd file, open_inside(folder, name));
  std::string text;
  std::string block(std::size_t{1} << 16, '\0');
  while (true) {
    const ssize_t size = ::read(file.get(), block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return process::system_error(ErrorCode::bad_file, "Cannot read " + (folder / name).string(), errno);
    if (size == 0) return text;
    text.append(block, 0, static_cast<std::size_t>(size));
    if (text.size() > kTextBytesMax) return no_call(folder, name.string() + " is too long");
  }
}

std::uint64_t number_at(const simdjson::dom::element& object, std::string_view key, std::uint64_t otherwise) {
  std::uint64_t number = 0;
  return object[key].get(number) == simdjson::SUCCESS ? number : otherwise;
}

sandbox::Policy read_limits(const simdjson::dom::element& call) {
  sandbox::Policy policy;
  simdjson::dom::element limits;
  if (call["limits"].get(limits) != simdjson::SUCCESS) return policy;
  sandbox::Policy kept = policy;
  kept.memory_bytes_max = number_at(limits, "memory_bytes", policy.memory_bytes_max);
  kept.cpu_percent_max = static_cast<std::uint32_t>(std::min<std::uint64_t>(number_at(limits, "cpu_percent", 50), 1000));
  kept.scratch_bytes_max = number_at(limits, "scratch_bytes", policy.scratch_bytes_max);
  return sandbox::check(kept).ok() ? kept : policy;
}

bool is_json(const std::string& text) {
  simdjson::dom::parser parser;
  return parser.parse(text).error() == simdjson::SUCCESS;
}

}  // namespace

Result<KeptCall> read_kept_call(const fs::path& folder) {
  KeptCall call;
  std::error_code error;
  call.folder = fs::canonical(folder, error);
  if (error) return Error{.code = ErrorCode::file_not_found, .message = "No such folder: " + folder.string(), .hint = ""};
  if (!fs::is_directory(call.folder, error)) return no_call(call.folder, "it is no folder");
  if (!fs::exists(call.folder / pyrun::kDebugCallFile, error)) return no_call(call.folder, "there is no call.json");
  WARDIAN_ASSIGN(call.description, read_text(call.folder, pyrun::kDebugCallFile));
  WARDIAN_ASSIGN(call.script, read_text(call.folder, "script.py"));
  if (!simdjson::validate_utf8(call.script)) return no_call(call.folder, "script.py is not in UTF-8");
  call.arguments = "null";
  if (fs::exists(call.folder / "kargs.json", error)) {
    WARDIAN_ASSIGN(call.arguments, read_text(call.folder, "kargs.json"));
    if (!is_json(call.arguments)) return no_call(call.folder, "kargs.json is no JSON");
  }
  simdjson::dom::parser parser;
  simdjson::dom::element root, request;
  if (parser.parse(call.description).get(root) != simdjson::SUCCESS) return no_call(call.folder, "call.json is no JSON");
  std::uint64_t format = 0;
  if (root["wardian_debug"].get(format) != simdjson::SUCCESS) return no_call(call.folder, "call.json says nothing of a call");
  if (format != 1) return no_call(call.folder, "another version of wardian wrote it");
  simdjson::dom::array names, outputs;
  if (root["inputs"].get(names) != simdjson::SUCCESS || names.size() > kInputsMax ||
      root["request"].get(request) != simdjson::SUCCESS || request["outputs"].get(outputs) != simdjson::SUCCESS ||
      outputs.size() > kInputsMax)
    return no_call(call.folder, "call.json lacks a part");
  for (const simdjson::dom::element name : names) {
    std::string_view text;
    if (name.get(text) != simdjson::SUCCESS || text.empty()) return no_call(call.folder, "call.json names no file");
    WARDIAN_ASSIGN(UniqueFd file, open_inside(call.folder, fs::path(text)));
    call.inputs.push_back(std::move(file));
  }
  call.outputs = outputs.size();
  call.takes_batches = request["batches"].error() == simdjson::SUCCESS;
  std::string_view image;
  if (root["image"]["name"].get(image) == simdjson::SUCCESS) call.image = image;
  std::string_view python;
  if (root["image"]["python"].get(python) == simdjson::SUCCESS) call.python = python;
  simdjson::dom::array files;
  if (request["files"].get(files) != simdjson::SUCCESS || files.size() > kInputsMax)
    return no_call(call.folder, "call.json lacks a part");
  for (const simdjson::dom::element name : files) {
    std::string_view text;
    if (name.get(text) != simdjson::SUCCESS || text.empty() || text.find('/') != std::string_view::npos)
      return no_call(call.folder, "call.json names no file");
    WARDIAN_ASSIGN(UniqueFd file, open_inside(call.folder, fs::path("artifacts") / text));
    call.files.push_back({std::string(text), std::move(file)});
  }
  call.limits = read_limits(root);
  return call;
}

Result<process::MemoryFile> sealed_copy(const UniqueFd& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0)
    return process::system_error(ErrorCode::bad_file, "Cannot read a file of the call", errno);
  WARDIAN_ASSIGN(process::MemoryFile copy, process::MemoryFile::create("wardian-kept"));
  WARDIAN_TRY(columnar::copy_bytes(file.get(), 0, copy.fd(), 0, static_cast<std::uint64_t>(status.st_size)));
  WARDIAN_TRY(copy.seal());
  return copy;
}

Result<process::MemoryFile> sealed_copy_inside(const fs::path& folder, const fs::path& name) {
  WARDIAN_ASSIGN(const UniqueFd file, open_inside(folder, name));
  return sealed_copy(file);
}

}  // namespace wardian::cli
