#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// A mapping of a file's first bytes; unmapped by the destructor. Empty files map to an empty span.
class Mapping {
 public:
  Mapping() = default;
  Mapping(std::byte* data, std::size_t size_bytes) : data_(data), size_bytes_(size_bytes) {}
  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_bytes_(std::exchange(other.size_bytes_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  std::span<std::byte> bytes() { return {data_, size_bytes_}; }
  std::span<const std::byte> bytes() const { return {data_, size_bytes_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_bytes_ = 0;
};

/// An anonymous file in memory, the one way in which bulk data crosses between processes.
/// Life of an input: create empty, write to `fd()`, `seal`, pass the descriptor.
/// Life of an output: create empty, pass the descriptor, `seal` once nobody can write any more, `map_read_only`.
/// Two kinds: a memfd, which the kernel seals, and a file of a MemoryFolder. A file on disk without a name (unlinked_file) may stand in
/// for the latter, where there is more than memory should hold.
class MemoryFile {
 public:
  /// `name` shows in /proc only. The file is sealable, close-on-exec, not executable where the kernel can say so.
  static Result<MemoryFile> create(const std::string& name, std::uint64_t size_bytes = 0);
  /// A sealed copy of `bytes`.
  static Result<MemoryFile> sealed_copy(const std::string& name, std::span<const std::byte> bytes);

  MemoryFile() = default;
  explicit MemoryFile(UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }
  Result<std::uint64_t> size_bytes() const;
  Status resize(std::uint64_t size_bytes);

  /// Writable, shared: writes land in the file. Fails once sealed.
  Result<Mapping> map_shared();
  /// Read-only, shared.
  Result<Mapping> map_read_only() const;

  /// Forbids every change of content and size, for ever. Fails (EBUSY) while any process holds a writable shared mapping, and
  /// in a MemoryFolder any writable descriptor; there `fd()` is another one afterwards, for reading only.
  Status seal();
  /// The same for a memfd that somebody else owns; false when it could not be had.
  static bool try_seal(int fd);
  /// True when `seal` has succeeded, so that the content can be trusted not to change.
  static bool sealed(int fd);

 private:
  UniqueFd fd_;
};

}  // namespace wardian::process
