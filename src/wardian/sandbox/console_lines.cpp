#include "wardian/sandbox/console_lines.h"

#include <algorithm>

namespace wardian::sandbox {
namespace {

// Longer ones are broken: whoever prints no line ends is still shown, and costs no memory.
constexpr std::size_t kLineBytesMax = 8192;

}  // namespace

void ConsoleLines::show_line(std::string_view line) {
  std::string shown = prefix_;
  shown += printable(std::string(line) + "\n");  // which also takes another system's line end for one
  show_(shown);
}

void ConsoleLines::add(ConsoleStream stream, std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  std::string& begun = begun_[static_cast<std::size_t>(stream)];
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::size_t size = std::min(std::min(end, bytes.size()), kLineBytesMax - begun.size());
    begun += bytes.substr(0, size);
    bytes.remove_prefix(size);
    const bool ended = !bytes.empty() && bytes.front() == '\n';
    if (!ended && begun.size() < kLineBytesMax) return;
    if (ended) bytes.remove_prefix(1);
    show_line(begun);
    begun.clear();
  }
}

ConsoleLines::~ConsoleLines() {
  for (const std::string& begun : begun_)
    if (!begun.empty()) show_line(begun);
}

}  // namespace wardian::sandbox
