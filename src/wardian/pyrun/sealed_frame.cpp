#include "wardian/pyrun/sealed_frame.h"

#include <unistd.h>

#include <thread>

namespace wardian::pyrun {
namespace {

// Each file is a descriptor of the call, and more writers than this wait for memory rather than for each other.
constexpr std::size_t kPartsMax = 4;

/// Frames are memory that no limit of the engine's own counts: one alone may take half of the machine's.
std::uint64_t frame_bytes_max() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 2;
}

}  // namespace

Result<std::shared_ptr<const SealedFrame>> SealedFrame::fill_parts(std::size_t parts, const columnar::Schema& schema,
                                                                   const columnar::FrameWriterOptions& options,
                                                                   const std::function<Status(columnar::FrameWriter&)>& fill) {
  columnar::FrameWriterOptions bounded = options;
  bounded.data_bytes_max = std::min(bounded.data_bytes_max, frame_bytes_max());
  std::vector<process::Memfd> files;
  std::vector<int> descriptors;
  for (std::size_t part = 0; part < parts; ++part) {
    WARDIAN_ASSIGN(process::Memfd file, process::Memfd::create("wardian-frame"));
    descriptors.push_back(file.fd());
    files.push_back(std::move(file));
  }
  WARDIAN_ASSIGN(columnar::FrameWriter writer, columnar::FrameWriter::create(descriptors, schema, bounded));
  WARDIAN_TRY(fill(writer));
  WARDIAN_ASSIGN(std::vector<columnar::FrameLayout> layouts, writer.finish());
  std::vector<FramePart> sealed;
  for (std::size_t part = 0; part < parts; ++part) {
    WARDIAN_TRY(files[part].seal());
    sealed.push_back({std::move(files[part]), std::move(layouts[part])});
  }
  return std::shared_ptr<const SealedFrame>(new SealedFrame(schema, std::move(sealed)));
}

Result<std::shared_ptr<const SealedFrame>> SealedFrame::write(columnar::BatchStream& stream,
                                                              const columnar::FrameWriterOptions& options) {
  return fill_parts(1, stream.schema(), options, [&](columnar::FrameWriter& writer) -> Status {
    for (;;) {
      WARDIAN_ASSIGN(const std::optional<columnar::Batch> batch, stream.next());
      if (!batch) return {};
      WARDIAN_TRY(writer.append(*batch));
    }
  });
}

Result<std::shared_ptr<const SealedFrame>> SealedFrame::fill(const columnar::Schema& schema,
                                                             const columnar::FrameWriterOptions& options,
                                                             const std::function<Status(columnar::FrameWriter&)>& fill) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  // Two files a core: a thread then seldom finds the one it wants taken.
  const std::size_t parts = std::min({kPartsMax, 2 * cores, std::max<std::size_t>(1, schema.size())});
  return fill_parts(parts, schema, options, fill);
}

Result<columnar::Frame> SealedFrame::map(std::span<const std::size_t> columns, std::uint64_t begin, std::uint64_t rows) const {
  std::vector<columnar::FrameColumn> mapped;
  for (const std::size_t column : columns) {
    const FramePart& part = part_of(column);
    const std::size_t wanted[] = {place_in_part(column)};
    WARDIAN_ASSIGN(const columnar::Frame one, columnar::map_frame(part.file.fd(), part.layout, wanted));
    mapped.push_back(one.columns().front());
  }
  columnar::Frame whole(this->rows(), std::move(mapped));
  return begin == 0 && rows == whole.rows() ? std::move(whole) : columnar::slice(whole, begin, rows);
}

}  // namespace wardian::pyrun
