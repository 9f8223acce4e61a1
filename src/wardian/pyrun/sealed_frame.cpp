#include "wardian/pyrun/sealed_frame.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "wardian/process/unlinked_file.h"

namespace wardian::pyrun {
namespace {

// Each file is a descriptor of the call, and more writers than this wait for memory rather than for each other.
constexpr std::size_t kPartsMax = 4;
// In large pages each column has a file of its own: a page grows to its full 2 MiB where the file reaches beyond it already, so of
// two columns in one file the first would waste the rest of its last one, as the ends of texts do before the texts.
constexpr std::size_t kLargePartsMax = 32;
constexpr std::ptrdiff_t kLargeTextsMax = 8;
// On disk. A call takes some 240 descriptors.
constexpr std::size_t kDiskPartsMax = 64;

/// Frames are memory that no limit of the engine's own counts: one alone may take half of the machine's.
std::uint64_t frame_bytes_max() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 2;
}

bool suits_large_pages(const columnar::Schema& schema) {
  const auto texts = std::ranges::count_if(
      schema, [](const columnar::Column& column) { return columnar::is_text(columnar::border_type_of(column.type).layout); });
  return schema.size() <= kLargePartsMax && texts <= kLargeTextsMax;
}

/// One file a column: those on disk are no longer than a file system allows, and have a lock each.
Result<std::vector<process::MemoryFile>> open_on_disk(const columnar::Schema& schema, const std::filesystem::path& folder) {
  std::vector<process::MemoryFile> files;
  while (files.size() < std::clamp<std::size_t>(schema.size(), 1, kDiskPartsMax)) {
    WARDIAN_ASSIGN(UniqueFd file, process::unlinked_file(folder));
    files.emplace_back(std::move(file));
  }
  return files;
}

Result<std::vector<process::MemoryFile>> open_files(columnar::FramePlace place, const columnar::Schema& schema,
                                                    const FrameHome& home) {
  if (place == columnar::FramePlace::disk) {
    if (home.may_spill) WARDIAN_TRY(home.may_spill());
    return open_on_disk(schema, home.spill_folder);
  }
  const bool large = place == columnar::FramePlace::large;
  const bool large_pages = large && home.memory != nullptr && suits_large_pages(schema);
  std::size_t count = 1;
  if (large_pages) {
    count = std::max<std::size_t>(1, schema.size());
  } else if (large) {
    // Two files a core: a thread then seldom finds the one it wants taken.
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    count = std::min({kPartsMax, 2 * cores, std::max<std::size_t>(1, schema.size())});
  }
  std::vector<process::MemoryFile> files;
  while (files.size() < count) {
    WARDIAN_ASSIGN(process::MemoryFile file, large_pages ? home.memory->create() : process::MemoryFile::create("wardian-frame"));
    files.push_back(std::move(file));
  }
  return files;
}

/// Says what the disk would hold, with what was written by now.
Error with_room(Error error, const std::filesystem::path& folder, const std::vector<process::MemoryFile>& files) {
  constexpr std::uint64_t kBlock = 512;  // of st_blocks, whatever the file system's own
  struct statvfs system {};
  if (::statvfs(folder.c_str(), &system) != 0) return error;
  std::uint64_t room = static_cast<std::uint64_t>(system.f_bavail) * system.f_frsize;
  for (const process::MemoryFile& file : files) {
    struct stat status {};
    if (::fstat(file.fd(), &status) == 0) room += static_cast<std::uint64_t>(status.st_blocks) * kBlock;
  }
  error.message += "; " + folder.string() + " has room for " + std::to_string(room >> 20) + " MiB";
  error.hint = "Hand it over in batches (hint.batches); TMPDIR names another folder.";
  return error;
}

}  // namespace

Result<std::shared_ptr<const SealedFrame>> SealedFrame::fill(const columnar::Schema& schema, const FrameHome& home,
                                                             const columnar::FrameWriterOptions& options,
                                                             const std::function<Status(columnar::FrameWriter&)>& fill) {
  columnar::FrameWriterOptions bounded = options;
  std::uint64_t& in_memory = home.spill_folder.empty() ? bounded.data_bytes_max : bounded.memory_bytes_max;
  in_memory = std::min(in_memory, frame_bytes_max());
  std::vector<process::MemoryFile> files;
  std::vector<process::MemoryFile> outgrown;
  bool is_large = false;
  const auto open = [&](columnar::FramePlace place) -> Result<std::vector<int>> {
    is_large = place != columnar::FramePlace::small;
    outgrown = std::exchange(files, {});
    WARDIAN_ASSIGN(files, open_files(place, schema, home));
    std::vector<int> descriptors;
    for (const process::MemoryFile& file : files) descriptors.push_back(file.fd());
    return descriptors;
  };
  columnar::FrameWriter writer(open, schema, bounded);
  WARDIAN_TRY(fill(writer));
  auto finished = writer.finish();
  if (!finished.ok() && finished.error().code == ErrorCode::disk_full) {
    return with_room(std::move(finished).error(), home.spill_folder, files);
  }
  WARDIAN_ASSIGN(std::vector<columnar::FrameLayout> layouts, std::move(finished));
  std::vector<FramePart> sealed;
  for (std::size_t part = 0; part < files.size(); ++part) {
    WARDIAN_TRY(files[part].seal());
    sealed.push_back({std::move(files[part]), std::move(layouts[part])});
  }
  return std::shared_ptr<const SealedFrame>(new SealedFrame(schema, std::move(sealed), is_large));
}

Result<std::shared_ptr<const SealedFrame>> SealedFrame::write(columnar::BatchStream& stream, const FrameHome& home,
                                                              const columnar::FrameWriterOptions& options) {
  return fill(stream.schema(), home, options, [&](columnar::FrameWriter& writer) -> Status {
    for (;;) {
      WARDIAN_ASSIGN(const std::optional<columnar::Batch> batch, stream.next());
      if (!batch) return {};
      WARDIAN_TRY(writer.append(*batch));
    }
  });
}

std::shared_ptr<const SealedFrame> SealedFrame::kept_elsewhere(columnar::FrameLayout layout) {
  columnar::Schema schema = layout.schema;
  std::vector<FramePart> parts;
  parts.push_back({process::MemoryFile(), std::move(layout)});
  return std::shared_ptr<const SealedFrame>(new SealedFrame(std::move(schema), std::move(parts), false));
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
