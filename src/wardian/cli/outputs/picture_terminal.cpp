#include "wardian/cli/outputs/picture_terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>

#include "wardian/base/unique_fd.h"
#include "wardian/kernels/base64.h"

namespace wardian::cli {
namespace {

constexpr std::size_t kChunkBytesMax = 4096;  // of base64, as kitty's protocol has it
constexpr std::chrono::milliseconds kAnswerWaitMax{200};
constexpr std::size_t kAnswerBytesMax = 4096;

/// Of a file that is_whole_png: its first chunk.
std::uint32_t png_width(std::string_view png) {
  std::uint32_t width = 0;
  if (png.size() < 24) return 0;
  for (const char byte : png.substr(16, 4)) width = width << 8 | static_cast<unsigned char>(byte);
  return width;
}

bool too_wide(std::string_view png, TerminalSize terminal) {
  return terminal.pixels_wide > 0 && png_width(png) > static_cast<std::uint32_t>(terminal.pixels_wide);
}

std::string base64(std::string_view bytes) {
  std::string text;
  kernels::append_base64(text, bytes);
  return text;
}

/// Keys arrive one by one and unseen while it lives.
class RawInput {
 public:
  explicit RawInput(int fd) : fd_(fd) {
    if (::tcgetattr(fd, &before_) != 0) return;
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    set_ = ::tcsetattr(fd, TCSANOW, &raw) == 0;
  }
  ~RawInput() {
    if (set_) ::tcsetattr(fd_, TCSANOW, &before_);
  }
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;
  bool ok() const { return set_; }

 private:
  int fd_;
  termios before_{};
  bool set_ = false;
};

/// Up to the answer that every terminal gives to the question for its attributes: ESC [ ? 6 2 ; 4 c.
std::string answer_of(int fd) {
  std::string answer;
  const auto end = std::chrono::steady_clock::now() + kAnswerWaitMax;
  while (answer.size() < kAnswerBytesMax) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd watched = {fd, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) <= 0) break;
    std::array<char, 256> bytes{};
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    if (got <= 0) break;
    answer.append(bytes.data(), static_cast<std::size_t>(got));
    const std::size_t attributes = answer.find("\x1b[?");
    if (attributes != std::string::npos && answer.find('c', attributes) != std::string::npos) break;
  }
  return answer;
}

}  // namespace

std::optional<PictureProtocol> picture_protocol(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, PictureProtocol>, 4> kNames = {{{"none", PictureProtocol::none},
                                                                                          {"kitty", PictureProtocol::kitty},
                                                                                          {"iterm2", PictureProtocol::iterm2},
                                                                                          {"sixel", PictureProtocol::sixel}}};
  for (const auto& [known, protocol] : kNames) {
    if (known == name) return protocol;
  }
  return std::nullopt;
}

std::optional<PictureProtocol> protocol_told(const std::function<const char*(const char*)>& variable) {
  const auto value = [&](const char* name) {
    const char* held = variable(name);
    return held == nullptr ? std::string_view() : std::string_view(held);
  };
  const std::string_view term = value("TERM"), program = value("TERM_PROGRAM");
  if (term.empty() || term == "dumb" || term == "linux") return PictureProtocol::none;
  // Within these the variables tell of a terminal around them, which sees nothing of what is written here.
  if (!value("TMUX").empty() || !value("STY").empty() || term.starts_with("screen") || term.starts_with("tmux"))
    return std::nullopt;
  if (!value("KITTY_WINDOW_ID").empty() || term == "xterm-kitty" || term == "xterm-ghostty" || program == "ghostty")
    return PictureProtocol::kitty;
  if (program == "iTerm.app" || value("LC_TERMINAL") == "iTerm2" || program == "WezTerm" || program == "mintty")
    return PictureProtocol::iterm2;
  return std::nullopt;
}

PictureProtocol protocol_asked(int out) {
  // Standard input may be the query's text.
  const UniqueFd keyboard(::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC));
  if (!keyboard || ::isatty(out) == 0 || ::tcgetpgrp(keyboard.get()) != ::getpgrp()) return PictureProtocol::none;
  const RawInput raw(keyboard.get());
  if (!raw.ok()) return PictureProtocol::none;
  // A picture of one point, to be looked at and not shown; then the attributes, which end the answer.
  static constexpr std::string_view kQuestion = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c";
  if (::write(out, kQuestion.data(), kQuestion.size()) != static_cast<ssize_t>(kQuestion.size())) return PictureProtocol::none;
  const std::string answer = answer_of(keyboard.get());
  if (answer.find("\x1b_Gi=31;OK") != std::string::npos) return PictureProtocol::kitty;
  const std::size_t begin = answer.find("\x1b[?");
  if (begin == std::string::npos) return PictureProtocol::none;
  const std::size_t end = answer.find('c', begin);
  const std::string attributes = ";" + answer.substr(begin + 3, end - begin - 3) + ";";
  return attributes.find(";4;") != std::string::npos ? PictureProtocol::sixel : PictureProtocol::none;
}

std::string kitty_picture(std::string_view png, TerminalSize terminal) {
  const std::string data = base64(png);
  std::string text;
  for (std::size_t at = 0; at < data.size(); at += kChunkBytesMax) {
    const bool more = data.size() - at > kChunkBytesMax;
    text += "\x1b_G";
    // q=2: no answer, which nobody would read.
    if (at == 0) text += "a=T,f=100,q=2,";
    if (at == 0 && too_wide(png, terminal)) text += "c=" + std::to_string(terminal.columns) + ",";
    text += more ? "m=1;" : "m=0;";
    text.append(data, at, kChunkBytesMax);
    text += "\x1b\\";
  }
  return text;
}

std::string iterm2_picture(std::string_view png, std::string_view name, TerminalSize terminal) {
  return "\x1b]1337;File=name=" + base64(name) + ";size=" + std::to_string(png.size()) + ";inline=1" +
         (too_wide(png, terminal) ? ";width=100%" : "") + ":" + base64(png) + "\a";
}

}  // namespace wardian::cli
