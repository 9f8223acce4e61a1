#include "wardian/engine/frame_scan.h"

#include <atomic>
#include <mutex>

#include "wardian/engine/connection_handle.h"
#include "wardian/engine/frame_registration.h"
#include "wardian/engine/frame_vector.h"
#include "wardian/engine/handles.h"
#include "wardian/engine/table_function.h"

namespace wardian::engine {
namespace {

using Frames = std::vector<std::shared_ptr<const columnar::Frame>>;

// One thread takes this many rows at a time: DuckDB's own row group, a multiple of the vector size.
constexpr std::uint64_t kMorselRows = 122'880;

/// Frames by the connection that may see them and the name under which its SQL asks for them.
class FrameRegistry {
 public:
  static FrameRegistry& instance() {
    static FrameRegistry registry;
    return registry;
  }
  void add(const FrameName& name, Frames frames) {
    const std::lock_guard lock(mutex_);
    frames_[name] = std::make_shared<const Frames>(std::move(frames));
  }
  std::shared_ptr<const Frames> find(const FrameName& name) {
    const std::lock_guard lock(mutex_);
    const auto found = frames_.find(name);
    return found == frames_.end() ? nullptr : found->second;
  }
  void remove(const FrameName& name) {
    const std::lock_guard lock(mutex_);
    frames_.erase(name);
  }

 private:
  std::mutex mutex_;
  std::map<FrameName, std::shared_ptr<const Frames>> frames_;
};

struct BindData {
  std::shared_ptr<const Frames> frames;
};

struct Morsel {
  std::size_t frame = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Shared by the threads of one scan.
struct ScanState {
  std::shared_ptr<const Frames> frames;
  std::vector<std::size_t> columns;  // that the query asks for, in its order
  std::vector<Morsel> morsels;
  std::vector<std::atomic<std::size_t>> unread;  // morsels of each frame
  std::atomic<std::size_t> next{0};
};

/// Of one thread.
struct LocalState {
  Morsel morsel;
};

template <class T>
void destroy(void* object) {
  delete static_cast<T*>(object);
}

void bind(duckdb_bind_info info) {
  const OwnedValue parameter(duckdb_bind_get_parameter(info, 0));
  duckdb_client_context context = nullptr;
  duckdb_table_function_get_client_context(info, &context);
  char* const text = duckdb_get_varchar(parameter.get());
  const std::shared_ptr<const Frames> frames =
      FrameRegistry::instance().find({duckdb_client_context_get_connection_id(context), text});
  duckdb_free(text);
  duckdb_destroy_client_context(&context);
  if (frames == nullptr) {
    duckdb_bind_set_error(info, "a frame that is no longer there");
    return;
  }
  std::uint64_t rows = 0;
  for (const auto& frame : *frames) rows += frame->rows();
  const columnar::Schema& schema = frames->front()->schema();
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const OwnedType type(engine_type(schema[i].type));
    duckdb_bind_add_result_column(info, ("c" + std::to_string(i)).c_str(), type.get());
  }
  duckdb_bind_set_cardinality(info, rows, true);
  duckdb_bind_set_bind_data(info, new BindData{frames}, &destroy<BindData>);
}

void start(duckdb_init_info info) {
  auto state = std::make_unique<ScanState>();
  state->frames = static_cast<const BindData*>(duckdb_init_get_bind_data(info))->frames;
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
    state->columns.push_back(duckdb_init_get_column_index(info, i));
  }
  state->unread = std::vector<std::atomic<std::size_t>>(state->frames->size());
  for (std::size_t frame = 0; frame < state->frames->size(); ++frame) {
    const std::uint64_t rows = (*state->frames)[frame]->rows();
    for (std::uint64_t begin = 0; begin < rows; begin += kMorselRows) {
      state->morsels.push_back({frame, begin, std::min(rows, begin + kMorselRows)});
      ++state->unread[frame];
    }
  }
  duckdb_init_set_max_threads(info, std::max<std::size_t>(1, state->morsels.size()));
  duckdb_init_set_init_data(info, state.release(), &destroy<ScanState>);
}

void start_thread(duckdb_init_info info) { duckdb_init_set_init_data(info, new LocalState, &destroy<LocalState>); }

void scan(duckdb_function_info info, duckdb_data_chunk output) {
  auto& state = *static_cast<ScanState*>(duckdb_function_get_init_data(info));
  auto& local = *static_cast<LocalState*>(duckdb_function_get_local_init_data(info));
  if (local.morsel.begin == local.morsel.end) {
    const std::size_t taken = state.next.fetch_add(1);
    if (taken >= state.morsels.size()) {
      duckdb_data_chunk_set_size(output, 0);
      return;
    }
    local.morsel = state.morsels[taken];
  }
  const columnar::Frame& frame = *(*state.frames)[local.morsel.frame];
  const std::size_t rows = std::min<std::uint64_t>(duckdb_vector_size(), local.morsel.end - local.morsel.begin);
  // A position past the last column asks for no column at all but for the count of rows.
  std::vector<std::size_t> wanted;
  std::vector<idx_t> places;
  for (std::size_t i = 0; i < state.columns.size(); ++i) {
    if (state.columns[i] >= frame.columns().size()) continue;
    wanted.push_back(state.columns[i]);
    places.push_back(i);
  }
  const columnar::Batch batch = frame.read(local.morsel.begin, rows, wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Status filled = fill_vector(duckdb_data_chunk_get_vector(output, places[i]), batch.columns[i], rows);
    if (!filled.ok()) {
      duckdb_function_set_error(info, filled.error().message.c_str());
      return;
    }
  }
  local.morsel.begin += rows;
  if (local.morsel.begin == local.morsel.end && --state.unread[local.morsel.frame] == 0) frame.let_go();
  duckdb_data_chunk_set_size(output, rows);
}

}  // namespace

Status register_frame_scan(duckdb_connection connection) {
  return register_table_function(connection, {"wardian_frame", "frames", &bind, &start, &start_thread, &scan});
}

ShownFrames::ShownFrames(ShownFrames&& other) noexcept : name_(std::exchange(other.name_, {})) {}

ShownFrames& ShownFrames::operator=(ShownFrames&& other) noexcept {
  std::swap(name_, other.name_);
  return *this;
}

ShownFrames::~ShownFrames() {
  if (!name_.text.empty()) FrameRegistry::instance().remove(name_);
}

ShownFrames show_frames(Connection& connection, const std::string& name, Frames frames) {
  duckdb_client_context context = nullptr;
  duckdb_connection_get_client_context(connection.handle().connection.get(), &context);
  FrameName full{duckdb_client_context_get_connection_id(context), name};
  duckdb_destroy_client_context(&context);
  FrameRegistry::instance().add(full, std::move(frames));
  return ShownFrames(std::move(full));
}

}  // namespace wardian::engine
