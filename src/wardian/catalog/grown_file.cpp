#include "wardian/catalog/grown_file.h"

#include <fstream>
#include <utility>

namespace wardian::catalog {
namespace {

// The engine's own: a main header, and two that name the blocks in use, of 4 KiB each.
constexpr std::size_t kHeaderBytes = 3 * 4096;

std::string header_of(const std::filesystem::path& file) {
  std::string header(kHeaderBytes, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(header.data(), static_cast<std::streamsize>(header.size()));
  header.resize(static_cast<std::size_t>(in.gcount()));
  return header;
}

}  // namespace

GrownFile::GrownFile(std::filesystem::path file) : file_(std::move(file)), header_(header_of(file_)) {
  std::error_code code;
  bytes_ = std::filesystem::file_size(file_, code);
}

void GrownFile::shrink() const {
  std::error_code code;
  if (header_.size() != kHeaderBytes || header_of(file_) != header_) return;
  const std::uintmax_t now = std::filesystem::file_size(file_, code);
  if (!code && now > bytes_) std::filesystem::resize_file(file_, bytes_, code);
}

}  // namespace wardian::catalog
