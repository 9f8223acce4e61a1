#include "wardian/pyrun/spooled_frames.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "wardian/columnar/file_copy.h"
#include "wardian/process/system_error.h"
#include "wardian/process/unlinked_file.h"

namespace wardian::pyrun {
namespace {

constexpr std::uint64_t kMapBytesMin = 4096;

std::uint64_t to_page(std::uint64_t bytes) {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

Error bad_piece(std::string what) {
  return {.code = ErrorCode::bad_result, .message = "The script tampered with its result: " + std::move(what)};
}

columnar::Frame without_rows(const columnar::Schema& schema) {
  std::vector<columnar::FrameColumn> columns;
  for (const columnar::Column& column : schema)
    columns.push_back({.name = column.name, .type = column.type, .border = columnar::border_type_of(column.type)});
  return {0, std::move(columns)};
}

}  // namespace

Result<SpooledFrames> SpooledFrames::create(const std::filesystem::path& folder, columnar::Schema schema, const Limits& limits) {
  SpooledFrames made(std::move(schema), limits);
  WARDIAN_ASSIGN(made.file_, process::unlinked_file(folder));
  // Of addresses alone; but a process may be short of those too.
  std::uint64_t& length = made.limits_.bytes_max;
  void* at = MAP_FAILED;
  for (; at == MAP_FAILED && length >= kMapBytesMin; length /= 4) {
    at = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, made.file_.get(), 0);
    if (at != MAP_FAILED) break;
  }
  if (at == MAP_FAILED) return process::system_error(ErrorCode::out_of_memory, "cannot map a temporary file", errno);
  made.map_ = {static_cast<const std::byte*>(at),
               [length = length](const std::byte* mapped) { ::munmap(const_cast<std::byte*>(mapped), length); }};
  return made;
}

Status SpooledFrames::append(int from, std::uint64_t bytes) {
  const std::uint64_t begin = to_page(bytes_);  // frames let go of whole pages
  if (bytes > limits_.bytes_max || begin > limits_.bytes_max - bytes || frames_.size() >= limits_.pieces_max) {
    return Error{.code = ErrorCode::output_limit,
                 .message = "The script's result is too large: more than " + std::to_string(limits_.bytes_max) + " bytes or " +
                            std::to_string(limits_.pieces_max) + " pieces"};
  }
  WARDIAN_ASSIGN(const std::uint64_t copied, columnar::copy_bytes(from, 0, file_.get(), begin, bytes));
  if (copied < bytes) return bad_piece("a piece is shorter than was said");
  bytes_ = begin + bytes;
  const std::byte* const place = map_.get() + begin;
  columnar::DecodeLimits limits = limits_.decode;
  limits.rows_max -= rows_;
  Result<columnar::Frame> frame = columnar::decode_frame({place, bytes}, map_, schema_, limits);
  if (!frame.ok()) {
    Error error = std::move(frame).error();
    if (rows_ > 0 && error.code == ErrorCode::bad_result) error.message += " (rows count from row " + std::to_string(rows_) + ")";
    return error;
  }
  if (frame->rows() == 0) return {};
  rows_ += frame->rows();
  auto kept = std::make_shared<columnar::Frame>(std::move(frame).value());
  kept->read_from_file({place, bytes});
  kept->let_go();
  frames_.push_back(std::move(kept));
  return {};
}

std::vector<std::shared_ptr<const columnar::Frame>> SpooledFrames::frames() const {
  if (!frames_.empty()) return frames_;
  return {std::make_shared<const columnar::Frame>(without_rows(schema_))};
}

}  // namespace wardian::pyrun
