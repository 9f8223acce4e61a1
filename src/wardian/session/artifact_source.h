#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "wardian/base/result.h"
#include "wardian/process/cancel_token.h"

namespace wardian::session {

/// One artifact, opened where it comes from: bytes to be read once, from the front. Whatever it is read from, the limits of the
/// request hold for each step.
class ArtifactSource {
 public:
  virtual ~ArtifactSource() = default;

  /// Text that is equal as long as the bytes are: they need not be read again. nullopt where nobody can tell.
  virtual const std::optional<std::string>& identity() const = 0;
  /// How many bytes there will be; nullopt where only reading tells.
  virtual std::optional<std::uint64_t> bytes() const = 0;
  /// 0 at the end. Errors name the place.
  virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
  /// Whether all that was read is one state of the artifact, asked at the end.
  virtual Result<bool> unchanged() const = 0;
};

/// Until when a source may take its time.
struct FetchLimits {
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  const process::CancelToken* cancel = nullptr;
  std::uint64_t bytes_max = UINT64_MAX;
};

}  // namespace wardian::session
