#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wardian::cli {

/// How a terminal takes pictures.
enum class PictureProtocol : std::uint8_t { none, kitty, iterm2, sixel };
/// "none", "kitty", "iterm2", "sixel".
std::optional<PictureProtocol> picture_protocol(std::string_view name);

/// What the terminal says of itself in the environment; nullopt where it says nothing, and must be asked.
std::optional<PictureProtocol> protocol_told(const std::function<const char*(const char*)>& variable);

/// Asks the terminal, by escape sequences that all of them answer or ignore; waits a fifth of a second at most. none where `out` is no
/// terminal, or the program has none to read from or runs in its background.
PictureProtocol protocol_asked(int out);

struct TerminalSize {
  int columns = 0;
  int pixels_wide = 0;  // 0: it does not say
};

/// A PNG file as text for the terminal, without a line end; no wider than the terminal where that says how wide it is.
std::string kitty_picture(std::string_view png, TerminalSize terminal);
std::string iterm2_picture(std::string_view png, std::string_view name, TerminalSize terminal);

}  // namespace wardian::cli
