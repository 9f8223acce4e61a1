#include "wardian/pyrun/reply.h"

#include <simdjson.h>

#include <array>

namespace wardian::pyrun {
namespace {

using simdjson::dom::element;

constexpr std::size_t kEntriesMax = 100'000;

Error nonsense(std::string_view what) {
  return {.code = ErrorCode::bad_result, .message = "The sandbox answered nonsense: " + std::string(what)};
}

std::string text_at(const element& object, std::string_view key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

std::optional<std::uint64_t> number_at(const element& object, std::string_view key) {
  std::uint64_t number = 0;
  if (object[key].get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

ErrorCode code_named(std::string_view name) {
  // What the entry module may claim; all else would be ours to say.
  static constexpr std::pair<std::string_view, ErrorCode> kCodes[] = {
      {"script_error", ErrorCode::script_error},   {"memory_limit", ErrorCode::memory_limit},
      {"no_result", ErrorCode::no_result},         {"bad_result", ErrorCode::bad_result},
      {"scratch_limit", ErrorCode::scratch_limit}, {"output_limit", ErrorCode::output_limit},
  };
  for (const auto& [spelling, code] : kCodes) {
    if (spelling == name) return code;
  }
  return ErrorCode::script_error;
}

FailureReply read_failure(const element& failure) {
  FailureReply reply{.code = code_named(text_at(failure, "code")),
                     .message = text_at(failure, "message"),
                     .hint = text_at(failure, "hint"),
                     .line = {},
                     .report = text_at(failure, "report")};
  if (const auto line = number_at(failure, "line"); line && *line < 100'000'000) {
    reply.line = static_cast<std::uint32_t>(*line);
  }
  return reply;
}

Result<FrameReply> read_frame(const element& output) {
  FrameReply reply;
  const std::optional<std::uint64_t> rows = number_at(output, "rows");
  simdjson::dom::array sources;
  if (!rows || output["sources"].get(sources) != simdjson::SUCCESS || sources.size() > kEntriesMax) {
    return nonsense("a frame without rows or columns");
  }
  reply.rows = *rows;
  for (const element source : sources) {
    const std::uint64_t count = number_at(source, "count").value_or(1);
    if (count > kEntriesMax - reply.sources.size()) return nonsense("more columns than a table has");
    const auto written = number_at(source, "written");
    const auto input = number_at(source, "input");
    const auto column = written ? written : number_at(source, "column");
    if (!column || (!written && !input)) return nonsense("a column from nowhere");
    for (std::uint64_t next = *column; next < *column + count; ++next) {
      reply.sources.push_back({written ? std::nullopt : std::optional<std::size_t>(*input), next});
    }
  }
  simdjson::dom::array columns;
  if (output["columns"].get(columns) == simdjson::SUCCESS) {
    reply.inferred.emplace();
    for (const element column : columns) {
      const std::optional<columnar::Type> type = columnar::type_from_name(text_at(column, "type"));
      if (!type) return nonsense("a column of an unknown type");
      reply.inferred->push_back({text_at(column, "name"), *type});
    }
  }
  return reply;
}

Result<OutputReply> read_output(const element& output) {
  bool absent = false;
  if (output["absent"].get(absent) == simdjson::SUCCESS) return OutputReply(AbsentReply{});
  if (const auto bytes = number_at(output, "bytes")) return OutputReply(BlobReply{*bytes});
  if (const auto index_bytes = number_at(output, "extras")) return OutputReply(ExtrasReply{*index_bytes});
  WARDIAN_ASSIGN(FrameReply frame, read_frame(output));
  return OutputReply(std::move(frame));
}

}  // namespace

Result<Reply> decode_reply(std::string_view json) {
  simdjson::dom::parser parser;
  element reply;
  if (parser.parse(json.data(), json.size(), true).get(reply) != simdjson::SUCCESS) return nonsense("no JSON");
  element failure;
  if (reply["failure"].get(failure) == simdjson::SUCCESS) return Reply(read_failure(failure));
  simdjson::dom::array outputs;
  if (reply["outputs"].get(outputs) != simdjson::SUCCESS) return nonsense("no outputs");
  std::vector<OutputReply> read;
  for (const element output : outputs) {
    WARDIAN_ASSIGN(OutputReply one, read_output(output));
    read.push_back(std::move(one));
  }
  return Reply(std::move(read));
}

}  // namespace wardian::pyrun
