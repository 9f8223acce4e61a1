#include "wardian/cli/outputs/show_outputs.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include "wardian/cli/answer/aligned_rows.h"
#include "wardian/cli/answer/display_width.h"
#include "wardian/process/system_error.h"

namespace wardian::cli {
namespace {

using pyrun::Extra;
using pyrun::ExtraKind;
using session::LeftOutput;

constexpr std::size_t kPathsMax = 50;     // told on standard error
constexpr std::size_t kPicturesMax = 20;  // shown on the terminal

bool is_png(const Extra& extra) { return extra.type == "image/png"; }
/// What a person looks at, with a program for it where the terminal has no means.
bool is_looked_at(const Extra& extra) { return extra.kind == ExtraKind::picture || extra.kind == ExtraKind::page; }

TerminalSize terminal_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_col, size.ws_xpixel};
}

void tell(const std::string& line) { std::fputs((line + "\n").c_str(), stderr); }

/// "saved PATH (picture, 23 KB)" for the first of them.
class ToldPaths {
 public:
  void add(const std::filesystem::path& path, const Extra& extra) {
    if (told_++ < kPathsMax)
      tell("saved " + path.string() + " (" + std::string(extra_kind_name(extra.kind)) + ", " + size_text(extra.bytes) + ")");
  }
  void end() const {
    if (told_ > kPathsMax) tell("and " + std::to_string(told_ - kPathsMax) + " more");
  }

 private:
  std::size_t told_ = 0;
};

Status save_all(std::span<const LeftOutput> outputs, ArtifactFolder& folder) {
  ToldPaths told;
  for (const LeftOutput& output : outputs) {
    WARDIAN_ASSIGN(const std::filesystem::path path, folder.save(output.extra));
    told.add(path, output.extra);
  }
  told.end();
  return {};
}

/// Into a folder that is this user's alone and stays there: a path is all that such a terminal can show.
Status save_to_look_at(std::span<const LeftOutput> outputs) {
  std::error_code code;
  std::string place = (std::filesystem::temp_directory_path(code) / "wardian-pictures-XXXXXX").string();
  if (code || ::mkdtemp(place.data()) == nullptr)
    return process::system_error(ErrorCode::io, "Cannot make a folder for pictures", code ? code.value() : errno);
  WARDIAN_ASSIGN(ArtifactFolder folder, ArtifactFolder::open(place));
  ToldPaths told;
  for (const LeftOutput& output : outputs) {
    if (!is_looked_at(output.extra)) continue;
    WARDIAN_ASSIGN(const std::filesystem::path path, folder.save(output.extra));
    told.add(path, output.extra);
  }
  told.end();
  return {};
}

Result<std::string> picture_text(const Extra& extra, PictureProtocol protocol, const ShowOutputs& how, TerminalSize terminal) {
  if (protocol == PictureProtocol::kitty) return kitty_picture(extra.content(), terminal);
  if (protocol == PictureProtocol::iterm2) return iterm2_picture(extra.content(), extra.name, terminal);
  return how.sixel(extra, terminal);
}

/// False where they could not be.
Result<bool> show_pictures(std::span<const LeftOutput> outputs, PictureProtocol protocol, const ShowOutputs& how,
                           OutputStream& out) {
  const TerminalSize terminal = terminal_size(out.fd());
  std::size_t shown = 0;
  for (const LeftOutput& output : outputs) {
    if (!is_png(output.extra) || shown++ >= kPicturesMax) continue;
    const Result<std::string> text = picture_text(output.extra, protocol, how, terminal);
    if (!text.ok()) {
      // It is saved then, as where a terminal takes no pictures.
      tell("Pictures cannot be drawn for this terminal: " + on_one_line(text.error().message));
      return false;
    }
    WARDIAN_TRY(out.write("\n" + output.extra.name + "\n" + *text + "\n"));
  }
  WARDIAN_TRY(out.flush());
  if (shown > kPicturesMax) tell("and " + std::to_string(shown - kPicturesMax) + " more pictures");
  return true;
}

/// "2 pictures, 1 file"
class Counted {
 public:
  void add(ExtraKind kind) { ++counts_[static_cast<std::size_t>(kind)]; }
  std::size_t total() const { return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0}); }
  std::string text() const {
    std::string made;
    for (std::size_t at = 0; at < counts_.size(); ++at) {
      if (counts_[at] == 0) continue;
      made += (made.empty() ? "" : ", ") + std::to_string(counts_[at]) + " ";
      made += std::string(extra_kind_name(static_cast<ExtraKind>(at))) + (counts_[at] == 1 ? "" : "s");
    }
    return made;
  }

 private:
  std::array<std::size_t, 4> counts_{};
};

PictureProtocol protocol_of(const ShowOutputs& how, int out) {
  if (how.pictures) return *how.pictures;
  const auto told = protocol_told([](const char* name) { return static_cast<const char*>(std::getenv(name)); });
  return told ? *told : protocol_asked(out);
}

}  // namespace

Status show_outputs(std::span<const LeftOutput> outputs, const ShowOutputs& how, OutputStream& out) {
  if (outputs.empty()) return {};
  Counted lost;
  bool pngs = false, looked_at = false;
  for (const LeftOutput& output : outputs) {
    pngs |= is_png(output.extra);
    looked_at |= is_looked_at(output.extra);
    if (output.kept) tell("kept blob " + output.extra.name + " (" + size_text(output.extra.bytes) + ") in the database folder");
  }
  if (how.folder != nullptr) WARDIAN_TRY(save_all(outputs, *how.folder));
  PictureProtocol protocol = how.for_a_person && pngs ? protocol_of(how, out.fd()) : PictureProtocol::none;
  if (protocol != PictureProtocol::none) {
    WARDIAN_ASSIGN(const bool shown, show_pictures(outputs, protocol, how, out));
    if (!shown) protocol = PictureProtocol::none;
  }
  if (how.folder != nullptr) return {};
  // A page or drawing is not shown by any terminal.
  const bool saved = how.for_a_person && looked_at && how.pictures != PictureProtocol::none;
  std::vector<LeftOutput> rest;
  for (const LeftOutput& output : outputs) {
    if (output.kept || (protocol != PictureProtocol::none && is_png(output.extra))) continue;
    if (saved && is_looked_at(output.extra)) {
      rest.push_back(output);
    } else {
      lost.add(output.extra.kind);
    }
  }
  if (!rest.empty()) WARDIAN_TRY(save_to_look_at(rest));
  if (!lost.text().empty())
    tell(std::string(lost.total() < outputs.size() ? "Scripts also left " : "Scripts left ") + lost.text() +
         "; --artifacts FOLDER saves " + (lost.total() == 1 ? "it." : "them."));
  return {};
}

}  // namespace wardian::cli
