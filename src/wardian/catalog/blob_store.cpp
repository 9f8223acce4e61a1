#include "wardian/catalog/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "wardian/base/unique_fd.h"
#include "wardian/base/utc_text.h"
#include "wardian/kernels/content_hash.h"
#include "wardian/kernels/json_text.h"
#include "wardian/process/system_error.h"
#include "wardian/process/whole_file.h"

namespace wardian::catalog {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFormat = "wardian blob 1\n";
constexpr std::string_view kEnding = ".blob";
constexpr std::size_t kHeaderBytesMax = 16 << 10;
constexpr std::size_t kReadableBytesMax = 40;

/// A name of its own on any file system, also where case does not count: a part that people can read, and a hash.
std::string file_name(std::string_view name) {
  std::string made;
  for (const char letter : name.substr(0, kReadableBytesMax)) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    made += plain ? letter : '_';
  }
  return made + "-" + kernels::content_hash(name).substr(0, 32) + std::string(kEnding);
}

std::string header_of(const KeptBlob& blob) {
  std::string json;
  kernels::JsonObjectWriter writer(json);
  writer.add_string("name", blob.name);
  writer.add_string("type", blob.type);
  writer.add("size", std::to_string(blob.bytes));
  writer.add_string("sha256", blob.sha256);
  writer.add_string("created", blob.created);
  writer.add_string("database", blob.database);
  writer.close();
  return std::string(kFormat) + json + "\n";
}

Error damaged_file(const fs::path& file, std::string_view why) {
  return {ErrorCode::bad_file,
          "Not a blob that was kept here: " + file.string() + ": " + std::string(why),
          {},
          "Remove the file, or keep the blob again."};
}

std::string text_member(std::string_view json, std::string_view key) {
  const auto literal = kernels::json_member(json, key);
  if (!literal || kernels::json_kind(*literal) != kernels::JsonKind::string) return {};
  return kernels::unescaped(*literal);
}

struct Header {
  KeptBlob about;
  std::uint64_t bytes = 0;  // of the header itself
};

/// `begin` is the file's beginning, kHeaderBytesMax of it or all.
Result<Header> read_header(std::string_view begin, const fs::path& file) {
  if (!begin.starts_with(kFormat)) return damaged_file(file, "another format");
  const std::size_t end = begin.find('\n', kFormat.size());
  if (end == std::string_view::npos) return damaged_file(file, "its beginning is cut off");
  std::string json;
  if (!kernels::append_canonical_json(json, begin.substr(kFormat.size(), end - kFormat.size())) ||
      kernels::json_kind(json) != kernels::JsonKind::object) {
    return damaged_file(file, "its beginning is no JSON");
  }
  Header header;
  header.bytes = end + 1;
  header.about = {.name = text_member(json, "name"),
                  .type = text_member(json, "type"),
                  .bytes = 0,
                  .sha256 = text_member(json, "sha256"),
                  .created = text_member(json, "created"),
                  .database = text_member(json, "database")};
  const std::string_view size = kernels::json_member(json, "size").value_or("");
  const auto [stop, error] = std::from_chars(size.data(), size.data() + size.size(), header.about.bytes);
  if (error != std::errc() || size.empty() || stop != size.data() + size.size() || header.about.name.empty())
    return damaged_file(file, "its beginning does not say what it is");
  return header;
}

/// Invalid where there is no such file.
Result<UniqueFd> open_file(const fs::path& file) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno == ENOENT) return fd;
  if (!fd && errno == ELOOP) return damaged_file(file, "it is a link");
  if (!fd) return process::system_error(ErrorCode::io, "Cannot read " + file.string(), errno);
  struct stat status = {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return damaged_file(file, "it is no ordinary file");
  return fd;
}

Result<std::uint64_t> read_at(int fd, std::span<char> into, std::uint64_t offset, const fs::path& file) {
  std::size_t held = 0;
  while (held < into.size()) {
    const ssize_t got = ::pread(fd, into.data() + held, into.size() - held, static_cast<off_t>(offset + held));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return process::system_error(ErrorCode::io, "Cannot read " + file.string(), errno);
    if (got == 0) break;
    held += static_cast<std::size_t>(got);
  }
  return static_cast<std::uint64_t>(held);
}

/// Checks the size on the way.
Result<Header> header_of_file(int fd, const fs::path& file) {
  std::array<char, kHeaderBytesMax> begin{};
  WARDIAN_ASSIGN(const std::uint64_t held, read_at(fd, begin, 0, file));
  WARDIAN_ASSIGN(Header header, read_header({begin.data(), held}, file));
  struct stat status = {};
  if (::fstat(fd, &status) != 0 || header.about.bytes != static_cast<std::uint64_t>(status.st_size) - header.bytes)
    return damaged_file(file, "it has not the size that it had");
  return header;
}

}  // namespace

std::string_view OpenedBlob::content() const {
  const std::span<const std::byte> all = mapping.bytes();
  return std::string_view(reinterpret_cast<const char*>(all.data()), all.size()).substr(offset, about.bytes);
}

Status BlobStore::keep(std::string_view name, std::string_view content, std::string_view type, std::string_view database) const {
  std::error_code code;
  fs::create_directory(folder_, code);
  const UniqueFd folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder)
    return process::system_error(ErrorCode::io, "Cannot keep blobs in " + folder_.string(), code ? code.value() : errno);
  process::remove_left_parts(folder.get());
  const std::string header = header_of({.name = std::string(name),
                                        .type = std::string(type),
                                        .bytes = content.size(),
                                        .sha256 = kernels::content_hash(content),
                                        .created = utc_now(),
                                        .database = std::string(database)});
  const std::string file = file_name(name);
  const std::string_view pieces[] = {header, content};
  WARDIAN_TRY(process::write_whole_file(folder.get(), file, pieces, {.replace = true, .durable = true}, folder_ / file));
  return {};
}

Result<std::optional<OpenedBlob>> BlobStore::find(std::string_view name) const {
  const fs::path file = folder_ / file_name(name);
  WARDIAN_ASSIGN(const UniqueFd fd, open_file(file));
  if (!fd) return std::optional<OpenedBlob>();
  WARDIAN_ASSIGN(const Header header, header_of_file(fd.get(), file));
  OpenedBlob opened{.about = header.about, .file = {}, .mapping = {}, .offset = header.bytes};
  const std::uint64_t bytes = header.bytes + header.about.bytes;
  WARDIAN_ASSIGN(opened.file, process::MemoryFile::create("wardian-blob", bytes));
  {
    WARDIAN_ASSIGN(process::Mapping copy, opened.file.map_shared());
    const std::span<char> into(reinterpret_cast<char*>(copy.bytes().data()), copy.bytes().size());
    WARDIAN_ASSIGN(const std::uint64_t held, read_at(fd.get(), into, 0, file));
    if (held != bytes) return damaged_file(file, "it has not the size that it had");
  }
  WARDIAN_TRY(opened.file.seal());
  WARDIAN_ASSIGN(opened.mapping, opened.file.map_read_only());
  if (opened.about.name != name || kernels::content_hash(opened.content()) != opened.about.sha256)
    return damaged_file(file, "its content is not what was kept");
  return std::optional<OpenedBlob>(std::move(opened));
}

Result<std::vector<KeptBlob>> BlobStore::list(std::vector<Error>& damaged) const {
  std::vector<KeptBlob> blobs;
  std::error_code code;
  if (!fs::exists(folder_, code)) return blobs;
  for (fs::directory_iterator entry(folder_, code), end; !code && entry != end; entry.increment(code)) {
    const fs::path& file = entry->path();
    if (!file.filename().string().ends_with(kEnding)) continue;
    Result<UniqueFd> fd = open_file(file);
    if (fd.ok() && !*fd) continue;  // removed by now
    Result<Header> header = fd.ok() ? header_of_file(fd->get(), file) : Result<Header>(fd.error());
    if (header.ok() && file_name(header->about.name) != file.filename())
      header = damaged_file(file, "it has another blob's name");
    if (header.ok()) {
      blobs.push_back(std::move(header->about));
    } else {
      damaged.push_back(header.error());
    }
  }
  if (code) return Error{ErrorCode::io, "Cannot read " + folder_.string() + ": " + code.message(), {}, {}};
  std::ranges::sort(blobs, {}, &KeptBlob::name);
  return blobs;
}

Result<bool> BlobStore::remove(std::string_view name) const {
  const fs::path file = folder_ / file_name(name);
  if (::unlink(file.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  return process::system_error(ErrorCode::io, "Cannot remove " + file.string(), errno);
}

}  // namespace wardian::catalog
