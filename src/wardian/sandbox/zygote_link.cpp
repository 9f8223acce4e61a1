#include "wardian/sandbox/zygote_link.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "wardian/process/memory_file.h"
#include "wardian/process/system_error.h"

namespace wardian::sandbox {
namespace {

constexpr std::size_t kComplaintsBytesMax = 8192;

}  // namespace

Result<ZygoteLink> ZygoteLink::start(const Parts& parts, const Launch& launch) {
  ZygoteLink link;
  WARDIAN_ASSIGN(auto launcher_ends, process::MessageSocket::pair());
  WARDIAN_ASSIGN(auto zygote_ends, process::MessageSocket::pair());
  const std::string plan_text = encode(launch.plan);
  WARDIAN_ASSIGN(process::MemoryFile plan_file,
                 process::MemoryFile::sealed_copy("launch-plan", std::as_bytes(std::span(plan_text))));
  WARDIAN_ASSIGN(process::MemoryFile config_file,
                 process::MemoryFile::sealed_copy("zygote-config", std::as_bytes(std::span(launch.config))));
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return process::system_error(ErrorCode::sandbox_unavailable, "cannot make a pipe", errno);
  link.complaints_ = UniqueFd(ends[0]);
  const UniqueFd complaints_end(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);

  process::SpawnPlan spawn;
  spawn.executable = parts.launcher();
  spawn.arguments = {"--serve"};
  spawn.new_session = true;
  spawn.descriptors = {{complaints_end.get(), 2},
                       {launcher_ends.second.fd(), kLauncherControlFd},
                       {plan_file.fd(), kLauncherPlanFd},
                       {zygote_ends.second.fd(), kLauncherZygoteFd},
                       {config_file.fd(), kLauncherConfigFd}};
  WARDIAN_ASSIGN(link.launcher_, process::Child::spawn(spawn));
  link.launcher_socket_ = std::move(launcher_ends.first);
  link.zygote_socket_ = std::move(zygote_ends.first);
  return link;
}

void ZygoteLink::keep() const { (void)launcher_socket_.send(kSayKeep); }

std::string ZygoteLink::complaints() {
  char part[4096];
  ssize_t size = -1;
  while (complaints_ && (size = ::read(complaints_.get(), part, sizeof part)) > 0) {
    complaints_text_.append(part, static_cast<std::size_t>(size));
    if (complaints_text_.size() > 2 * kComplaintsBytesMax)
      complaints_text_.erase(0, complaints_text_.size() - kComplaintsBytesMax);
  }
  if (size == 0) complaints_.reset();
  return complaints_text_;
}

void ZygoteLink::hang_up() {
  zygote_socket_.reset();
  launcher_socket_.reset();
}

bool ZygoteLink::ended() { return launcher_.wait(std::chrono::milliseconds(0)).has_value(); }

void ZygoteLink::stop(std::chrono::milliseconds wait_max) {
  hang_up();
  if (!launcher_.valid()) return;
  // One that hangs is left to itself rather than killed: it is the only one who can still clean up.
  if (!launcher_.wait(wait_max)) launcher_.disown();
}

ZygoteLink::~ZygoteLink() { stop(std::chrono::milliseconds(5000)); }

}  // namespace wardian::sandbox
