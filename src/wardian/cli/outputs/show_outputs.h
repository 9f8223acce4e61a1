#pragma once

#include <functional>
#include <optional>
#include <span>

#include "wardian/cli/answer/output_stream.h"
#include "wardian/cli/outputs/artifact_folder.h"
#include "wardian/cli/outputs/picture_terminal.h"
#include "wardian/session/answer.h"

namespace wardian::cli {

struct ShowOutputs {
  ArtifactFolder* folder = nullptr;         // null: nothing is saved
  std::optional<PictureProtocol> pictures;  // how the terminal takes them; nullopt: to be found out
  bool for_a_person = false;                // the answer's rows go to a terminal as a table
  /// A PNG file as the terminal's text for sixels, by a sandbox.
  std::function<Result<std::string>(const pyrun::Extra&, TerminalSize)> sixel;
};

/// After the answer: saves outputs where there is a folder, shows pictures where a person reads on a terminal that takes them, and says
/// on standard error where the rest is. Errors: those of ArtifactFolder, and of writing to `out`.
Status show_outputs(std::span<const session::LeftOutput> outputs, const ShowOutputs& how, OutputStream& out);

}  // namespace wardian::cli
