#include "wardian/cli/shell/console_text.h"

namespace wardian::cli {

std::function<void(sandbox::ConsoleStream, std::string_view)> ConsoleText::taker() {
  return [lines = lines_](sandbox::ConsoleStream stream, std::string_view bytes) { lines->add(stream, bytes); };
}

void ConsoleText::show(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (cut_) return;
  cut_ = text_.size() + line.size() > kBytesMax;
  text_ += cut_ ? std::string_view("[the scripts print more than 1 MiB; the rest is not shown]\n") : line;
}

std::string ConsoleText::take() {
  lines_.reset();
  const std::lock_guard lock(mutex_);
  return std::move(text_);
}

}  // namespace wardian::cli
