// wardian-sandbox-probe: runs scripts in a pool of sandboxes, one for each order on standard input, and prints each outcome as a JSON line.
//   run [key=value]... bytes=N\n<N bytes of script>     keys: memory time cpu cpu-seconds scratch inodes tasks deadline cancel inputs outputs large disk
//                                                      answers answers-after
//   bench count=N bytes=N\n<script>                     one after the other; prints quantiles of the times
//   status\n
// With --doctor words or --doctor json: what the machine holds, instead.
#include <fcntl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <map>
#include <thread>

#include "wardian/base/error_codes.h"
#include "wardian/process/memory_file.h"
#include "wardian/process/unlinked_file.h"
#include "wardian/sandbox/doctor.h"
#include "wardian/sandbox/json_text.h"
#include "wardian/sandbox/pool.h"

namespace {

using namespace wardian;
using Settings = std::map<std::string, std::string, std::less<>>;

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  char pair[3];
  for (const char byte : bytes) {
    std::snprintf(pair, sizeof pair, "%02x", static_cast<unsigned char>(byte));
    text += pair;
  }
  return "\"" + text + "\"";
}

std::uint64_t number(const Settings& settings, std::string_view name, std::uint64_t otherwise) {
  const auto found = settings.find(name);
  if (found == settings.end()) return otherwise;
  std::uint64_t value = otherwise;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
  return value;
}

Settings parse_order(const std::string& line, std::string& verb) {
  Settings settings;
  std::size_t place = line.find(' ');
  verb = line.substr(0, place);
  while (place != std::string::npos) {
    const std::size_t next = line.find(' ', place + 1);
    const std::string word = line.substr(place + 1, next == std::string::npos ? next : next - place - 1);
    if (const std::size_t equals = word.find('='); equals != std::string::npos)
      settings[word.substr(0, equals)] = word.substr(equals + 1);
    place = next;
  }
  return settings;
}

std::string stream_json(const sandbox::ConsoleText& text) {
  return "{\"head\": " + hexadecimal(text.head) + ", \"tail\": " + hexadecimal(text.tail) +
         ", \"total\": " + std::to_string(text.bytes_total) + ", \"dropped\": " + std::to_string(text.bytes_dropped) + "}";
}

std::string outcome_json(const Result<sandbox::Outcome>& outcome) {
  if (!outcome.ok())
    return "{\"end\": \"refused\", \"code\": " + sandbox::json_string(error_code_name(outcome.error().code)) +
           ", \"message\": " + sandbox::json_string(outcome.error().message) + "}";
  std::string text = "{\"end\": " + sandbox::json_string(sandbox::end_name(outcome->end));
  if (!outcome->replied()) {
    const Error error = sandbox::error_of(*outcome);
    text += ", \"code\": " + sandbox::json_string(error_code_name(error.code)) +
            ", \"message\": " + sandbox::json_string(error.message);
  }
  text += ", \"reply\": " + hexadecimal(outcome->reply) + ", \"stdout\": " + stream_json(outcome->standard_output) +
          ", \"stderr\": " + stream_json(outcome->standard_error) +
          ", \"wall_us\": " + std::to_string(outcome->usage.wall_time.count()) +
          ", \"cpu_us\": " + std::to_string(outcome->usage.cpu_time.count()) +
          ", \"memory_peak\": " + std::to_string(outcome->usage.memory_bytes_peak) + ", \"outputs\": [";
  for (std::size_t i = 0; i < outcome->output_bytes.size(); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(outcome->output_bytes[i]);
  return text + "]}";
}

/// Answers so many questions, each with a sealed file that repeats it, after a while; the next one ends the run.
class ProbeDialogue final : public sandbox::Dialogue {
 public:
  ProbeDialogue(std::uint64_t answers, std::uint64_t after_ms)
      : answers_(answers), after_ms_(after_ms), timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {}
  Status ask(std::string_view question) override {
    if (answers_ == 0) return Error{ErrorCode::bad_result, "no more answers", {}, {}};
    --answers_;
    question_ = question;
    due_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(after_ms_);
    itimerspec when{};
    when.it_value.tv_sec = static_cast<time_t>(after_ms_ / 1000);
    when.it_value.tv_nsec = static_cast<long>(after_ms_ % 1000 * 1'000'000);
    ::timerfd_settime(timer_.get(), 0, &when, nullptr);
    return {};
  }
  Result<std::optional<sandbox::Answer>> answer() override {
    if (std::chrono::steady_clock::now() < due_) return std::optional<sandbox::Answer>();
    sandbox::Answer answer{.text = "heard", .descriptors = {}, .clocks_anew = true};
    WARDIAN_ASSIGN(file_, process::MemoryFile::sealed_copy("answer", std::as_bytes(std::span(question_))));
    answer.descriptors.push_back(file_.fd());
    return std::optional(std::move(answer));
  }
  int fd() const override { return timer_.get(); }

 private:
  std::uint64_t answers_;
  std::uint64_t after_ms_;
  UniqueFd timer_;
  std::string question_;
  process::MemoryFile file_;
  std::chrono::steady_clock::time_point due_;
};

Result<process::MemoryFile> file_on_disk() {
  WARDIAN_ASSIGN(UniqueFd file, process::unlinked_file(std::filesystem::temp_directory_path()));
  return process::MemoryFile(std::move(file));
}

Result<sandbox::Outcome> run_once(sandbox::Pool& pool, const Settings& settings, const std::string& script) {
  sandbox::Call call;
  call.request = std::as_bytes(std::span(script));
  call.policy.memory_bytes_max = number(settings, "memory", call.policy.memory_bytes_max);
  call.policy.wall_time_max = std::chrono::milliseconds(number(settings, "time", 30'000));
  call.policy.cpu_percent_max = static_cast<std::uint32_t>(number(settings, "cpu", call.policy.cpu_percent_max));
  call.policy.cpu_time_max = std::chrono::seconds(number(settings, "cpu-seconds", 600));
  call.policy.scratch_bytes_max = number(settings, "scratch", call.policy.scratch_bytes_max);
  call.policy.scratch_inodes_max = static_cast<std::uint32_t>(number(settings, "inodes", call.policy.scratch_inodes_max));
  call.policy.tasks_max = static_cast<std::uint32_t>(number(settings, "tasks", call.policy.tasks_max));
  if (settings.contains("deadline"))
    call.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(number(settings, "deadline", 0));
  std::vector<process::MemoryFile> files;
  const std::shared_ptr<const process::MemoryFolder> memory = settings.contains("large") ? pool.memory() : nullptr;
  const auto make_file = [&] { return memory != nullptr ? memory->create() : process::MemoryFile::create("probe"); };
  for (std::uint64_t i = number(settings, "inputs", 0); i > 0; --i) {
    const std::string text = "input " + std::to_string(i);
    WARDIAN_ASSIGN(process::MemoryFile file, settings.contains("disk") ? file_on_disk() : make_file());
    if (::pwrite(file.fd(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
      return Error{ErrorCode::io, "cannot write an input", {}, {}};
    WARDIAN_TRY(file.seal());
    call.inputs.push_back(file.fd());
    files.push_back(std::move(file));
  }
  for (std::uint64_t i = number(settings, "outputs", 0); i > 0; --i) {
    WARDIAN_ASSIGN(process::MemoryFile file, make_file());
    call.outputs.push_back(file.fd());
    files.push_back(std::move(file));
  }
  ProbeDialogue dialogue(number(settings, "answers", 0), number(settings, "answers-after", 0));
  if (settings.contains("answers")) call.dialogue = &dialogue;
  process::CancelToken token;
  std::thread canceller;
  if (settings.contains("cancel")) {
    call.cancel = &token;
    canceller = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(number(settings, "cancel", 0)));
      token.cancel();
    });
  }
  Result<sandbox::Outcome> outcome = pool.run(call);
  if (canceller.joinable()) canceller.join();
  // What cannot be sealed after the run has a living writer: the promise about outputs would be broken.
  if (outcome.ok())
    for (std::size_t i = 0; i < outcome->output_bytes.size(); ++i)
      if (outcome->output_bytes[i] > 0)
        if (const Status sealed = files[files.size() - call.outputs.size() + i].seal(); !sealed.ok()) return sealed.error();
  return outcome;
}

void bench(sandbox::Pool& pool, const Settings& settings, const std::string& script) {
  std::vector<std::int64_t> times_us;
  std::uint64_t failures = 0;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = number(settings, "count", 100); i > 0; --i) {
    const auto before = std::chrono::steady_clock::now();
    const auto outcome = run_once(pool, settings, script);
    times_us.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - before).count());
    failures += !outcome.ok() || !outcome->replied();
    if (const auto pause = number(settings, "pause", 0); pause > 0) std::this_thread::sleep_for(std::chrono::milliseconds(pause));
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::ranges::sort(times_us);
  const auto quantile = [&](double q) {
    return times_us[std::min(times_us.size() - 1, static_cast<std::size_t>(q * static_cast<double>(times_us.size())))];
  };
  std::printf(
      "{\"p50_us\": %lld, \"p90_us\": %lld, \"p99_us\": %lld, \"max_us\": %lld, \"min_us\": %lld, \"per_second\": %.1f, "
      "\"failures\": %llu}\n",
      static_cast<long long>(quantile(0.5)), static_cast<long long>(quantile(0.9)), static_cast<long long>(quantile(0.99)),
      static_cast<long long>(times_us.back()), static_cast<long long>(times_us.front()),
      static_cast<double>(times_us.size()) / seconds, static_cast<unsigned long long>(failures));
}

}  // namespace

int main(int argc, char** argv) {
  sandbox::PoolConfig config;
  config.image.entry_module = "entry";
  config.minimum_level = sandbox::Level::e;
  std::string doctor;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--python") config.image.python = value;
    if (name == "--entry") config.image.entry_module = value;
    if (name == "--modules") config.image.module_paths.emplace_back(value);
    if (name == "--parts") config.parts = sandbox::Parts{value};
    if (name == "--level") config.forced_level = sandbox::level_named(value);
    if (name == "--minimum") config.minimum_level = sandbox::level_named(value).value_or(sandbox::Level::e);
    if (name == "--ready") config.ready_count = config.ready_count_max = static_cast<unsigned>(std::stoul(value));
    if (name == "--count") config.sandbox_count_max = static_cast<unsigned>(std::stoul(value));
    if (name == "--forks") config.zygote_forks_max = static_cast<unsigned>(std::stoul(value));
    if (name == "--fork-time") config.fork_time_max = std::chrono::milliseconds(std::stoul(value));
    if (name == "--zygote-time") config.zygote_time_max = std::chrono::milliseconds(std::stoul(value));
    if (name == "--crash-time") config.zygote_crash_time_min = std::chrono::milliseconds(std::stoul(value));
    if (name == "--memory") config.policy.memory_bytes_max = std::stoull(value);
    if (name == "--cpu") config.policy.cpu_percent_max = static_cast<std::uint32_t>(std::stoul(value));
    if (name == "--doctor") doctor = value;
    if (name == "--cleanup") config.cleanup_paths.emplace_back(value);
  }
  if (!doctor.empty()) {
    const auto report = sandbox::examine(config.image);
    if (!report.ok()) return std::fprintf(stderr, "%s\n", report.error().message.c_str()), 1;
    std::printf("%s\n", (doctor == "json" ? report->json() : report->words()).c_str());
    return report->sound() ? 0 : 1;
  }
  sandbox::Pool pool(config);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::string verb;
    const Settings settings = parse_order(line, verb);
    std::string script(number(settings, "bytes", 0), '\0');
    std::cin.read(script.data(), static_cast<std::streamsize>(script.size()));
    if (verb == "run") {
      std::printf("%s\n", outcome_json(run_once(pool, settings, script)).c_str());
    } else if (verb == "bench") {
      bench(pool, settings, script);
    } else if (verb == "status") {
      const sandbox::PoolStatus status = pool.status();
      std::printf("{\"level\": \"%s\", \"ready\": %u, \"in_flight\": %u, \"runs\": %llu, \"zygotes\": %llu}\n",
                  std::string(sandbox::level_name(status.level)).c_str(), status.ready, status.in_flight,
                  static_cast<unsigned long long>(status.runs_total), static_cast<unsigned long long>(status.zygotes_total));
    }
    std::fflush(stdout);
  }
  return 0;
}
