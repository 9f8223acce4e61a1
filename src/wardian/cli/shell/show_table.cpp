#include "wardian/cli/shell/show_table.h"

#include <array>
#include <cstdio>

namespace wardian::cli {

std::string string_literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          std::array<char, 8> escape{};
          std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
          out += escape.data();
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

void ShowTable::row(const std::vector<std::string>& cells) {
  for (std::size_t at = 0; at < schema_.size(); ++at) {
    if (!values_.empty()) values_ += ", ";
    const std::string name(columnar::type_name(schema_[at].type));
    if (schema_[at].type == columnar::Type::string) {
      values_ += string_literal(cells[at]);
    } else if (cells[at].empty()) {
      values_ += name + "(null)";
    } else {
      values_ += name + "(" + cells[at] + (schema_[at].type == columnar::Type::timespan ? " tick)" : ")");
    }
  }
}

Status ShowTable::show(Shell& shell, const CommandCall& call) const {
  std::string columns;
  for (const columnar::Column& column : schema_)
    columns += (columns.empty() ? "" : ", ") + column.name + ":" + std::string(columnar::type_name(column.type));
  RunnableText query;
  query.prelude = shell.declarations.before(call.operators) + "datatable(" + columns + ")[" + values_ + "]\n";
  query.text = call.operators;
  query.name = call.name;
  query.is_query = false;
  const bool timing = std::exchange(shell.timing, false);
  Status shown = run_query_text(shell, query);
  shell.timing = timing;
  if (shown.ok() || !shown.error().span) return shown;
  // The error's place in the whole command.
  Error error = shown.error();
  const auto shift = static_cast<std::uint32_t>(call.operators.data() - call.whole.data());
  const auto move = [&](Error& one) {
    if (one.span) one.span = SourceSpan{one.span->begin + shift, one.span->end + shift};
  };
  move(error);
  for (Error& each : error.further) move(each);
  return error;
}

}  // namespace wardian::cli
