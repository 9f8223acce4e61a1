#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wardian/base/result.h"

namespace wardian::cli {

/// Cuts a stream of the Debug Adapter Protocol into messages: a header with the length, then JSON.
class DapReader {
 public:
  void add(std::string_view bytes) { buffer_ += bytes; }
  /// The next whole message's JSON; nullopt where more must come. An error where the bytes are no such stream.
  Result<std::optional<std::string>> next();

 private:
  std::string buffer_;
};

inline constexpr std::size_t kDapMessageBytesMax = std::size_t{64} << 20;

/// With its header.
std::string dap_framed(std::string_view json);

/// The command of a client's request; empty for what is none.
std::string dap_command(const std::string& json);

/// What may be handed to a client of what comes from a script's process, which may be the script itself that speaks: answers, and the
/// events that say how the script stands. Nothing that asks the client to do something (`runInTerminal`, `startDebugging`,
/// `debugpyAttach`), and nothing that two readers could read differently. nullopt: not to be handed on.
std::optional<std::string> dap_from_script(const std::string& json);

}  // namespace wardian::cli
