#pragma once

namespace wardian::cli {

/// A terminal's columns and lines; zeros for what is no terminal, or does not say.
struct ScreenSize {
  int width = 0;
  int height = 0;
};
ScreenSize terminal_size(int fd);

/// Whether text that goes there may have colours: a terminal that can show them, and nobody said NO_COLOR.
/// Source: https://no-color.org
bool takes_colours(int fd);

}  // namespace wardian::cli
