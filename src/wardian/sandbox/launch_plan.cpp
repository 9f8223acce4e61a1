#include "wardian/sandbox/launch_plan.h"

#include <charconv>

namespace wardian::sandbox {
namespace {

class Writer {
 public:
  void field(std::string_view value) {
    text_.append(value);
    text_.push_back('\0');
  }
  void number(std::uint64_t value) { field(std::to_string(value)); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool at_end() const { return text_.empty(); }
  bool ok() const { return ok_; }
  std::string field() {
    const std::size_t end = text_.find('\0');
    if (end == std::string_view::npos) {
      ok_ = false;
      text_ = {};
      return {};
    }
    std::string value(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return value;
  }
  std::uint32_t number() {
    const std::string value = field();
    std::uint32_t result = 0;
    const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), result);
    if (error != std::errc() || rest != value.data() + value.size()) ok_ = false;
    return result;
  }

 private:
  std::string_view text_;
  bool ok_ = true;
};

constexpr std::string_view kMagic = "wardian-launch-plan-1";

}  // namespace

std::string encode(const LaunchPlan& plan) {
  Writer out;
  out.field(kMagic);
  out.field("ids"), out.number(static_cast<std::uint32_t>(plan.ids));
  out.number(plan.host_id_first), out.number(plan.host_id_count);
  out.field("namespaces");
  for (const bool flag : {plan.mount_namespace, plan.pid_namespace, plan.network_namespace, plan.ipc_namespace,
                          plan.uts_namespace, plan.proc, plan.memory_mount})
    out.number(flag);
  out.field("scratch"), out.field(plan.scratch);
  for (const Bind& bind : plan.binds) out.field("bind"), out.field(bind.source), out.field(bind.target), out.number(bind.device);
  for (const SymbolicLink& link : plan.links) out.field("link"), out.field(link.path), out.field(link.points_to);
  for (const TextFile& file : plan.files) out.field("file"), out.field(file.path), out.field(file.content);
  out.field("executable"), out.field(plan.executable);
  for (const std::string& argument : plan.arguments) out.field("argument"), out.field(argument);
  for (const std::string& variable : plan.environment) out.field("environment"), out.field(variable);
  for (const std::string& cgroup : plan.cgroups) out.field("cgroup"), out.field(cgroup);
  out.field("leaf"), out.field(plan.cgroup_leaf.home), out.field(plan.cgroup_leaf.leaf);
  for (const std::string& path : plan.cleanup_paths) out.field("cleanup"), out.field(path);
  out.field("record"), out.field(plan.record);
  return out.take();
}

std::optional<LaunchPlan> decode(std::string_view text) {
  Reader in(text);
  if (in.field() != kMagic) return std::nullopt;
  LaunchPlan plan;
  while (in.ok() && !in.at_end()) {
    const std::string verb = in.field();
    if (verb == "ids") {
      const std::uint32_t kind = in.number();
      if (kind > 2) return std::nullopt;
      plan.ids = static_cast<IdMapping>(kind);
      plan.host_id_first = in.number();
      plan.host_id_count = in.number();
    } else if (verb == "namespaces") {
      for (bool* flag : {&plan.mount_namespace, &plan.pid_namespace, &plan.network_namespace, &plan.ipc_namespace,
                         &plan.uts_namespace, &plan.proc, &plan.memory_mount})
        *flag = in.number() != 0;
    } else if (verb == "scratch") {
      plan.scratch = in.field();
    } else if (verb == "bind") {
      Bind bind;
      bind.source = in.field();
      bind.target = in.field();
      bind.device = in.number() != 0;
      plan.binds.push_back(std::move(bind));
    } else if (verb == "link") {
      SymbolicLink link;
      link.path = in.field();
      link.points_to = in.field();
      plan.links.push_back(std::move(link));
    } else if (verb == "file") {
      TextFile file;
      file.path = in.field();
      file.content = in.field();
      plan.files.push_back(std::move(file));
    } else if (verb == "executable") {
      plan.executable = in.field();
    } else if (verb == "argument") {
      plan.arguments.push_back(in.field());
    } else if (verb == "environment") {
      plan.environment.push_back(in.field());
    } else if (verb == "cgroup") {
      plan.cgroups.push_back(in.field());
    } else if (verb == "leaf") {
      plan.cgroup_leaf.home = in.field();
      plan.cgroup_leaf.leaf = in.field();
    } else if (verb == "cleanup") {
      plan.cleanup_paths.push_back(in.field());
    } else if (verb == "record") {
      plan.record = in.field();
    } else {
      return std::nullopt;
    }
  }
  if (!in.ok()) return std::nullopt;
  return plan;
}

}  // namespace wardian::sandbox
