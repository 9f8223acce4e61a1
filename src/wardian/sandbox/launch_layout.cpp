#include "wardian/sandbox/launch_layout.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "wardian/base/hexadecimal.h"
#include "wardian/process/beneath.h"
#include "wardian/sandbox/json_text.h"
#include "wardian/sandbox/shown_files.h"

namespace wardian::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kIdBlock = 256;

/// Binds for what must be seen. A link of the host becomes the same link inside; what lies in a shown folder needs no bind of its own.
void show(const std::vector<fs::path>& paths, LaunchPlan& plan) {
  std::vector<fs::path> sorted = paths;
  std::ranges::sort(sorted);  // a folder before what lies in it
  std::vector<fs::path> placed;
  for (const fs::path& path : sorted) {
    if (std::ranges::any_of(placed, [&](const fs::path& folder) { return process::lies_in(path, folder); })) continue;
    std::error_code error;
    if (fs::is_symlink(path, error)) {
      const fs::path target = fs::read_symlink(path, error);
      const fs::path full = (target.is_absolute() ? target : path.parent_path() / target).lexically_normal();
      if (std::ranges::any_of(sorted, [&](const fs::path& other) { return other != path && process::lies_in(full, other); })) {
        plan.links.push_back({path.string(), target.string()});
        continue;
      }
    }
    placed.push_back(path);
    plan.binds.push_back({path.string(), path.string(), false});
  }
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) {
    if (list.size() > 1) list += ", ";
    list += json_string(text);
  }
  return list + "]";
}

/// One letter of meaning before each path; see zygote/landlock.c.
std::vector<std::string> landlock_rules(const LaunchPlan& plan, bool mount_tree, const std::string& files_folder) {
  std::vector<std::string> rules;
  if (!files_folder.empty()) rules.push_back("f" + (mount_tree ? kShownFilesFolder : files_folder));
  for (const Bind& bind : plan.binds)
    if (!bind.device && bind.target != kShownFilesFolder) rules.push_back("x" + bind.target);
  rules.push_back("n/dev/null");
  for (const char* device : {"/dev/zero", "/dev/random", "/dev/urandom"}) rules.push_back(std::string("r") + device);
  // Without a mount tree /proc is the host's: only the child's own part of it.
  rules.push_back(mount_tree ? "r/proc" : "r/proc/self");
  if (mount_tree) rules.push_back("r/etc");
  return rules;
}

bool takes_namespaces(const LaunchInputs& inputs) {
  // A machine that lacks nothing but Landlock stands on the lowest rung, and still hides its files behind a mount tree.
  const bool only_landlock_lacks =
      inputs.level == Level::e && inputs.machine.landlock_abi == 0 && has_all_namespaces(inputs.machine);
  return inputs.level <= Level::c || only_landlock_lacks;
}

int landlock_abi_taken(const LaunchInputs& inputs) {
  return inputs.level == Level::e ? 0 : std::min(inputs.machine.landlock_abi, 7);
}

void synthetic_files(LaunchPlan& plan) {
  std::string users = "root:x:0:0:root:/:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n";
  for (std::uint32_t id = kInnerId; id < kInnerId + kIdBlock; ++id)
    users += "sandbox:x:" + std::to_string(id) + ":" + std::to_string(id) + "::" + kScratchFolder + ":/bin/false\n";
  plan.files.push_back({"/etc/passwd", users});
  plan.files.push_back({"/etc/group", "root:x:0:\nsandbox:x:" + std::to_string(kInnerId) + ":\n"});
  plan.files.push_back({"/etc/hosts", "127.0.0.1 localhost\n"});
}

std::vector<std::string> environment_of(const LaunchInputs& inputs) {
  std::vector<std::string> words = {"LANG=C.UTF-8", "PATH=/usr/bin:/bin", "USER=sandbox", "LOGNAME=sandbox",
                                    std::string("HOME=") + kScratchFolder, std::string("TMPDIR=") + kScratchFolder,
                                    "MPLBACKEND=Agg",
                                    // No processes can be made inside; told so, joblib goes without them quietly.
                                    "JOBLIB_MULTIPROCESSING=0",
                                    // A pool of threads made before the fork would be missing after it.
                                    "JE_ARROW_MALLOC_CONF=background_thread:false", "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1",
                                    "MKL_NUM_THREADS=1", "NUMEXPR_NUM_THREADS=1",
                                    // A set's order is the same in every run, and so is the order of the zygote's allocations.
                                    "PYTHONHASHSEED=0"};
  // Learnt in the environment that holds Wardian: another one's objects are others.
  if (inputs.image.environment_folder.empty()) {
    // Before Python makes its first object, so that it can say where they lie; see zygote/preload.c.
    words.push_back("LD_PRELOAD=" + inputs.parts.extension().string());
    words.push_back("WARDIAN_PLACEMENT=" + inputs.parts.placement(inputs.image.entry_module).string());
  }
  words.insert(words.end(), inputs.image.environment.begin(), inputs.image.environment.end());
  return words;
}

void show_devices(LaunchPlan& plan) {
  // A bare root may lack some of them; the interpreter itself needs none but null.
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"}) {
    std::error_code error;
    if (fs::exists(device, error)) plan.binds.push_back({device, device, true});
  }
  for (const auto& [path, target] :
       std::initializer_list<std::pair<const char*, const char*>>{{"/dev/fd", "/proc/self/fd"},
                                                                  {"/dev/stdin", "/proc/self/fd/0"},
                                                                  {"/dev/stdout", "/proc/self/fd/1"},
                                                                  {"/dev/stderr", "/proc/self/fd/2"}})
    plan.links.push_back({path, target});
}

/// What the zygote is told, JSON.
std::string config_of(const LaunchInputs& inputs, const LaunchPlan& plan, int landlock_abi) {
  std::vector<std::string> module_paths;
  for (const fs::path& path : inputs.image.module_paths) module_paths.push_back(path.string());
  std::string config = "{\"folder\": " + json_string(inputs.parts.folder.string());
  config += ", \"prefix\": " + json_string(inputs.layout.prefix);
  config += ", \"module_paths\": " + json_list(module_paths);
  config += ", \"search_path\": " + json_list(inputs.layout.search_path);
  config += ", \"entry_module\": " + json_string(inputs.image.entry_module);
  const std::pair<const char*, long> numbers[] = {{"mount_namespace", plan.mount_namespace},
                                                  {"ipc_namespace", plan.ipc_namespace},
                                                  {"pid_namespace", plan.pid_namespace},
                                                  {"own_proc", plan.proc},
                                                  {"drop_capabilities", takes_namespaces(inputs)},
                                                  {"landlock_abi", landlock_abi},
                                                  {"self_id", kInnerId}};
  for (const auto& [name, number] : numbers) config += ", " + json_string(name) + ": " + std::to_string(number);
  config += ", \"landlock_rules\": " + json_list(landlock_rules(plan, takes_namespaces(inputs), inputs.files_folder));
  config += ", \"filter\": \"" + hexadecimal(std::as_bytes(std::span(inputs.filter))) + "\"}";
  return config;
}

}  // namespace

IdBlock choose_ids(std::string_view uid_map, std::uint32_t pid) {
  unsigned long long inside = 0, outside = 0, count = 0;
  IdBlock best;
  while (!uid_map.empty()) {
    const std::size_t end = uid_map.find('\n');
    const std::string line(uid_map.substr(0, end));
    uid_map.remove_prefix(end == std::string_view::npos ? uid_map.size() : end + 1);
    if (std::sscanf(line.c_str(), "%llu %llu %llu", &inside, &outside, &count) != 3) continue;
    // A host's full range: a block of its own for each engine, in a region that no distribution hands out.
    if (inside == 0 && count >= 0x80000000ULL) return {0x60000000U + (pid % 65536U) * kIdBlock, kIdBlock};
    // A container's range: its last ids but the 65534 that stands for nobody.
    if (count >= 4096) best = {static_cast<std::uint32_t>(inside + count - 4096 + (pid % 8) * kIdBlock), kIdBlock};
  }
  return best;
}

FilterSurroundings filter_surroundings(const LaunchInputs& inputs) {
  return {takes_namespaces(inputs), landlock_abi_taken(inputs)};
}

Launch lay_out(const LaunchInputs& inputs) {
  Launch launch;
  LaunchPlan& plan = launch.plan;
  const bool namespaces = takes_namespaces(inputs);
  // Root without CAP_SYS_ADMIN goes the way of an ordinary user, under another id if it may.
  const bool root = inputs.own_uid == 0 && inputs.machine.root && inputs.machine.can_map_ids && inputs.id_count > 0;
  if (namespaces) {
    plan.ids = root ? IdMapping::range : IdMapping::self;
    plan.mount_namespace = plan.pid_namespace = plan.network_namespace = plan.ipc_namespace = plan.uts_namespace = true;
    plan.proc = inputs.machine.proc_mount;
  }
  plan.host_id_first = inputs.id_first;
  plan.host_id_count = inputs.id_count;
  plan.scratch = kScratchFolder;

  std::vector<fs::path> shown = inputs.layout.shown_paths;
  shown.push_back(inputs.parts.folder);
  // What runs inside lies beside them, and in an image of its own nowhere else.
  for (const char* modules : {"_inside", "_debug"}) {
    std::error_code missing;
    if (const fs::path folder = inputs.parts.folder.parent_path() / modules; fs::exists(folder, missing)) shown.push_back(folder);
  }
  show(shown, plan);
  const bool tmp_is_free =
      std::ranges::none_of(plan.binds, [](const Bind& bind) { return process::lies_in(bind.target, "/tmp"); });
  if (namespaces && !inputs.files_folder.empty()) plan.binds.push_back({inputs.files_folder, kShownFilesFolder, false});
  if (namespaces) {
    show_devices(plan);
    // Scripts write to /tmp by habit; an image that lives below the host's /tmp must not be hidden by that.
    if (tmp_is_free) plan.links.push_back({"/tmp", kScratchFolder});
    synthetic_files(plan);
  }
  plan.executable = inputs.layout.executable.string();
  // Not -I, which would keep out the one variable for Python that we set: there is no other in this environment, nor a user's folder.
  plan.arguments = {"-s", "-S", "-B", inputs.parts.zygote().string()};
  plan.environment = environment_of(inputs);
  const int landlock_abi = landlock_abi_taken(inputs);
  // Files there have no seals: what keeps a script from opening its input anew for writing is Landlock, truncation included (ABI 3).
  plan.memory_mount = plan.mount_namespace && landlock_abi >= 3;
  launch.config = config_of(inputs, plan, landlock_abi);
  return launch;
}

}  // namespace wardian::sandbox
