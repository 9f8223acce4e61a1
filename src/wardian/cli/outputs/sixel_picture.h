#pragma once

#include <string>

#include "wardian/cli/outputs/picture_terminal.h"
#include "wardian/session/instance.h"

namespace wardian::cli {

/// A PNG file as sixels, the one form that has to be drawn anew: by pillow, in a sandbox of its own, as what is drawn was left by a
/// script. What comes back is checked letter by letter, or a terminal could be told other things.
/// Errors: those of the call, among them script_error where the environment has no pillow; bad_result.
Result<std::string> sixel_picture(session::Instance& instance, const session::Request& like, const pyrun::Extra& png,
                                  TerminalSize terminal);

}  // namespace wardian::cli
