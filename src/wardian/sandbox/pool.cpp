#include "wardian/sandbox/pool.h"

#include <sys/stat.h>

#include "wardian/process/memory_file.h"
#include "wardian/sandbox/keeper.h"
#include "wardian/sandbox/slot_run.h"

namespace wardian::sandbox {
namespace {

Error bad_call(std::string what) {
  return Error{ErrorCode::bad_argument, "The sandbox call is wrong: " + std::move(what), {}, {}};
}

Status check_call(const Call& call) {
  WARDIAN_TRY(check(call.policy));
  if (call.request.size() > kRequestBytesMax)
    return bad_call("the request is longer than " + std::to_string(kRequestBytesMax) + " bytes");
  if (call.inputs.size() + call.outputs.size() > kCallDescriptorsMax) return bad_call("too many inputs and outputs");
  for (const int fd : call.inputs)
    if (!process::MemoryFile::sealed(fd)) return bad_call("an input is not sealed");
  for (const int fd : call.outputs) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size != 0)
      return bad_call("an output is not an empty memory file");
  }
  if (call.pipes.size() > kCallPipesMax) return bad_call("too many pipes");
  for (const int fd : call.pipes) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISFIFO(status.st_mode)) return bad_call("what should be a pipe is none");
  }
  return {};
}

}  // namespace

Pool::Pool(PoolConfig config) : keeper_(std::make_unique<Keeper>(std::move(config))) {}

Pool::~Pool() = default;

Status Pool::start() { return keeper_->start(); }

void Pool::warm() { keeper_->warm(); }

PoolStatus Pool::status() const { return keeper_->status(); }

std::shared_ptr<const process::MemoryFolder> Pool::memory() const { return keeper_->memory(); }

Result<std::shared_ptr<const ShownFiles>> Pool::shown_files() { return keeper_->shown_files(); }
Result<bool> Pool::guards_files() const { return keeper_->guards_files(); }

Result<Outcome> Pool::run(const Call& call) {
  WARDIAN_TRY(check_call(call));
  // A child may have died while it waited (its zygote did, say). It saw nothing of the call, so another one may have it.
  constexpr int kTriesMax = 3;
  for (int tries = 1;; ++tries) {
    WARDIAN_ASSIGN(std::shared_ptr<Slot> slot, keeper_->acquire(call));
    Result<Outcome> outcome = run_in_slot(*slot, call);
    slot->kill();
    keeper_->give_up(std::move(slot));
    if (outcome.ok() || tries == kTriesMax) return outcome;
  }
}

}  // namespace wardian::sandbox
