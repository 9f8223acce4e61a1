#include "wardian/pyrun/runner.h"

#include <algorithm>

#include "wardian/base/overloaded.h"
#include "wardian/columnar/frame_decoder.h"
#include "wardian/process/memory_file.h"
#include "wardian/pyrun/batch_exchange.h"
#include "wardian/pyrun/failure.h"
#include "wardian/pyrun/profile.h"
#include "wardian/pyrun/reply.h"
#include "wardian/pyrun/request.h"
#include "wardian/pyrun/sent_call.h"

namespace wardian::pyrun {
namespace {

using columnar::Frame;
using columnar::FrameColumn;
using columnar::Schema;

Error bad_result(std::string message) { return {.code = ErrorCode::bad_result, .message = std::move(message)}; }

Result<std::vector<InputSlice>> take_inputs(const Call& call, const process::MemoryFolder* memory) {
  std::vector<InputSlice> slices;
  for (const FrameInput& input : call.frames) {
    InputSlice slice{input.variable, input.frame, input.begin, 0};
    if (input.stream != nullptr) {
      WARDIAN_ASSIGN(slice.frame,
                     SealedFrame::write(*input.stream, {.memory = memory}, {.data_bytes_max = call.input_bytes_max}));
    }
    slice.rows = std::min(input.rows, slice.frame->rows() - slice.begin);
    slices.push_back(std::move(slice));
  }
  return slices;
}

/// What the dead child left in one output, as bytes that cannot change any more.
Result<std::shared_ptr<process::Mapping>> open_output(process::MemoryFile& file, std::uint64_t bytes, const Call& call) {
  if (bytes > call.output_bytes_max) {
    return Error{.code = ErrorCode::output_limit,
                 .message = "The script's result has " + std::to_string(bytes) + " bytes; the limit is " +
                            std::to_string(call.output_bytes_max)};
  }
  WARDIAN_TRY(file.seal());
  WARDIAN_ASSIGN(process::Mapping mapping, file.map_read_only());
  if (mapping.bytes().size() != bytes) return bad_result("The script's result changed its size");
  return std::make_shared<process::Mapping>(std::move(mapping));
}

/// Joins the columns that were written with those of the inputs that the script passed on unchanged.
Result<std::shared_ptr<const Frame>> assemble(const FrameReply& reply, const Schema& schema, const Frame& written,
                                              std::span<const InputSlice> inputs) {
  std::vector<FrameColumn> columns;
  std::size_t written_next = 0;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const ColumnSource& source = reply.sources[i];
    if (!source.input) {
      if (source.index != written_next) return bad_result("The sandbox answered nonsense: columns out of order");
      columns.push_back(written.columns()[written_next++]);
      continue;
    }
    if (*source.input >= inputs.size()) return bad_result("The sandbox answered nonsense: no such input");
    const InputSlice& input = inputs[*source.input];
    const Schema& known = input.frame->schema();
    if (source.index >= known.size() || known[source.index].type != schema[i].type || input.rows != reply.rows) {
      return bad_result("The sandbox answered nonsense: no such column in the input");
    }
    const std::size_t wanted[] = {source.index};
    WARDIAN_ASSIGN(const Frame mapped, input.frame->map(wanted, input.begin, input.rows));
    columns.push_back(mapped.columns().front());
    columns.back().name = schema[i].name;
  }
  return std::make_shared<const Frame>(reply.rows, std::move(columns));
}

Result<OutputValue> read_frame(const FrameOutput& wanted, const FrameReply& reply, process::MemoryFile& file, std::uint64_t bytes,
                               const Call& call, std::span<const InputSlice> inputs) {
  if (!wanted.schema && !reply.inferred) return bad_result("The sandbox answered nonsense: a frame without columns");
  const Schema& schema = wanted.schema ? *wanted.schema : *reply.inferred;
  if (reply.sources.size() != schema.size()) return bad_result("The sandbox answered nonsense: a wrong number of columns");
  Schema written_schema;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (!reply.sources[i].input) written_schema.push_back(schema[i]);
  }
  WARDIAN_ASSIGN(const std::shared_ptr<process::Mapping> mapping, open_output(file, bytes, call));
  WARDIAN_ASSIGN(const Frame written,
                 columnar::decode_frame(mapping->bytes(), mapping, written_schema, {.rows_max = call.output_rows_max}));
  // Without a column of its own the stream has no rows of its own either.
  if (!written_schema.empty() && written.rows() != reply.rows)
    return bad_result("The sandbox answered nonsense: a wrong number of rows");
  if (reply.rows > call.output_rows_max) {
    return Error{.code = ErrorCode::output_limit,
                 .message = "The script's result has too many rows: " + std::to_string(reply.rows)};
  }
  WARDIAN_ASSIGN(std::shared_ptr<const Frame> frame, assemble(reply, schema, written, inputs));
  return OutputValue(std::move(frame));
}

Result<OutputValue> take_extras(const ExtrasReply& reply, process::MemoryFile& file, std::uint64_t bytes, const Call& call) {
  auto held = std::make_shared<SealedBytes>();
  WARDIAN_ASSIGN(const std::shared_ptr<process::Mapping> mapping, open_output(file, bytes, call));
  held->mapping = std::move(*mapping);
  held->file = std::move(file);
  WARDIAN_ASSIGN(std::vector<Extra> extras, read_extras(std::move(held), reply.index_bytes));
  return OutputValue(std::move(extras));
}

Result<OutputValue> read_output(const Output& wanted, const OutputReply& reply, process::MemoryFile& file, std::uint64_t bytes,
                                const Call& call, std::span<const InputSlice> inputs) {
  if (std::holds_alternative<AbsentReply>(reply)) {
    const bool optional =
        std::visit(overloaded{[](const FrameOutput& frame) { return frame.optional; },
                              [](const BlobOutput& blob) { return blob.optional; }, [](const ExtrasOutput&) { return true; }},
                   wanted);
    if (!optional) return bad_result("The sandbox answered nonsense: an output is absent");
    return OutputValue(Absent{});
  }
  if (const auto* frame = std::get_if<FrameOutput>(&wanted)) {
    if (const auto* described = std::get_if<FrameReply>(&reply)) return read_frame(*frame, *described, file, bytes, call, inputs);
    return bad_result("The sandbox answered nonsense: no frame where one was asked for");
  }
  if (std::holds_alternative<ExtrasOutput>(wanted)) {
    if (const auto* described = std::get_if<ExtrasReply>(&reply)) return take_extras(*described, file, bytes, call);
    return bad_result("The sandbox answered nonsense: something else where outputs were asked for");
  }
  WARDIAN_ASSIGN(const std::shared_ptr<process::Mapping> mapping, open_output(file, bytes, call));
  return OutputValue(std::string(reinterpret_cast<const char*>(mapping->bytes().data()), mapping->bytes().size()));
}

/// What a call costs, counted where somebody asked: told when it goes out of scope, however the call ended.
class Account {
 public:
  Account(const Call& call, std::span<const InputSlice> inputs) : call_(call) {
    if (!call_.on_profile) return;
    begun_ = std::chrono::steady_clock::now();
    profile_.calls = 1;
    for (const InputSlice& slice : inputs) profile_.rows_in += slice.rows;
  }
  ~Account() {
    if (!call_.on_profile || !ran_) return;
    profile_.output_checked = std::chrono::steady_clock::now() - *ran_;
    call_.on_profile(profile_);
  }
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  void ran(const sandbox::Outcome& outcome) {
    if (!call_.on_profile) return;
    ran_ = std::chrono::steady_clock::now();
    const auto lines = static_cast<std::size_t>(std::ranges::count(call_.script, '\n')) + 1;
    read_account(outcome.reply, lines, *ran_ - begun_, profile_);
    profile_.memory_bytes_peak = outcome.usage.memory_bytes_peak;
  }
  void answered(std::uint64_t rows) { profile_.rows_out += rows; }
  void batched(const BatchExchange& batches) {
    profile_.rows_in += batches.rows_given();
    profile_.rows_out += batches.pieces().rows();
  }

 private:
  const Call& call_;
  std::chrono::steady_clock::time_point begun_;
  std::optional<std::chrono::steady_clock::time_point> ran_;
  Profile profile_;
};

}  // namespace

Status Runner::may_lie_on_disk() const {
  WARDIAN_ASSIGN(const bool guarded, pool_->guards_files());
  if (guarded) return {};
  return Error{.code = ErrorCode::result_too_large,
               .message =
                   "The table handed to Python is larger than the sandbox's memory, and nothing on this machine would keep a "
                   "script from changing it on disk",
               .hint = "Hand it over in batches (hint.batches), or raise --sandbox-memory. wardian doctor says what is missing."};
}

Result<Outcome> Runner::run(const Call& call) const {
  const std::shared_ptr<const process::MemoryFolder> memory = pool_->memory();
  WARDIAN_ASSIGN(const std::vector<InputSlice> inputs, take_inputs(call, memory.get()));
  sandbox::Call inner{.request = {},
                      .inputs = {},
                      .outputs = {},
                      .policy = call.policy,
                      .deadline = call.deadline,
                      .cancel = call.cancel,
                      .on_console = call.on_console};
  for (const InputSlice& slice : inputs) {
    for (const FramePart& part : slice.frame->parts()) inner.inputs.push_back(part.file.fd());
  }
  sandbox::ShownCall shown;
  if (!call.files.empty()) {
    WARDIAN_ASSIGN(shown, files_->show(call.files));
    for (const FileInput& file : call.files) inner.shown_bytes += file.file->bytes();
  }
  for (const BlobInput& blob : call.blobs) inner.inputs.push_back(blob.held->file.fd());
  // What comes out of much is expected to be much.
  const bool large =
      memory != nullptr && std::ranges::any_of(inputs, [](const InputSlice& slice) { return slice.frame->large(); });
  std::vector<process::MemoryFile> outputs;
  for (std::size_t i = 0; i < call.outputs.size(); ++i) {
    // Extras may go into another call, and only what the kernel seals does.
    const bool in_folder = large && !std::holds_alternative<ExtrasOutput>(call.outputs[i]);
    WARDIAN_ASSIGN(process::MemoryFile file, in_folder ? memory->create() : process::MemoryFile::create("wardian-result"));
    inner.outputs.push_back(file.fd());
    outputs.push_back(std::move(file));
  }
  if (call.batches != nullptr) call.batches->read_pieces_from(outputs.front().fd());
  inner.dialogue = call.batches;
  const std::string request = encode_request(call, inputs, shown.folder());
  inner.request = std::as_bytes(std::span(request));
  if (call.on_send) WARDIAN_TRY(call.on_send({call, inputs}));
  Account account(call, inputs);
  WARDIAN_ASSIGN(sandbox::Outcome ran, pool_->run(inner));
  account.ran(ran);
  // Of the query below, or of our own disk: what the script printed says nothing about it.
  if (const auto* refused = std::get_if<sandbox::Refused>(&ran.end);
      refused != nullptr && refused->error.code != ErrorCode::bad_result) {
    return refused->error;
  }
  if (!ran.replied()) return with_console(sandbox::error_of(ran), ran);

  const Result<Reply> reply = decode_reply(ran.reply);
  if (!reply.ok()) return with_console(reply.error(), ran);
  if (const auto* failure = std::get_if<FailureReply>(&*reply)) return error_of(*failure, ran);
  const auto& described = std::get<std::vector<OutputReply>>(*reply);
  if (described.size() != call.outputs.size() || ran.output_bytes.size() != call.outputs.size()) {
    return with_console(bad_result("The sandbox answered nonsense: a wrong number of outputs"), ran);
  }
  Outcome outcome{
      .outputs = {}, .standard_output = ran.standard_output, .standard_error = ran.standard_error, .usage = ran.usage};
  for (std::size_t i = 0; i < call.outputs.size(); ++i) {
    if (call.batches != nullptr && i == 0) {
      account.batched(*call.batches);
      outcome.outputs.emplace_back(Absent{});
      continue;
    }
    Result<OutputValue> value = read_output(call.outputs[i], described[i], outputs[i], ran.output_bytes[i], call, inputs);
    if (!value.ok()) return with_console(std::move(value).error(), ran);
    if (const auto* frame = std::get_if<std::shared_ptr<const Frame>>(&*value)) account.answered((*frame)->rows());
    outcome.outputs.push_back(std::move(value).value());
  }
  return outcome;
}

}  // namespace wardian::pyrun
