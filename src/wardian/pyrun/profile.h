#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::pyrun {

/// What one line of a script has cost, the library code that it called included.
struct LineCost {
  std::uint32_t line = 0;  // from 1
  std::uint64_t hits = 0;
  std::chrono::nanoseconds time{};
  std::int64_t memory_bytes = 0;  // by which the process had grown; below zero where memory was given back
};

/// What it took to import the modules of one package, those of other packages not counted.
struct ImportCost {
  std::string package;
  std::chrono::nanoseconds time{};
};

/// Where time and memory of one or more calls of a script went. What the sandbox claims (all between `sandbox` and `output_checked`)
/// is the script's own account: it can lie there about itself, and about nothing else.
struct Profile {
  std::uint64_t calls = 0;
  std::uint64_t calls_silent = 0;  // those that ended without an account: killed, crashed
  std::uint64_t rows_in = 0, rows_out = 0;
  std::chrono::nanoseconds input_written{};   // the query's rows, computed and written where the sandbox reads them
  std::chrono::nanoseconds sandbox{};         // to get a sandbox, to hand over, to end it; of a silent call all of it
  std::chrono::nanoseconds input_built{};     // tables and files, as the script finds them
  std::chrono::nanoseconds script{};          // imports included
  std::chrono::nanoseconds imports_total{};   // of packages left out of `imports` as well
  std::chrono::nanoseconds output_written{};  // the result, converted and handed over
  std::chrono::nanoseconds output_checked{};  // and checked
  std::uint64_t memory_bytes_peak = 0;        // of the call that took most
  std::vector<LineCost> lines;                // by number; those without a hit are not there
  std::uint64_t lines_left_out = 0;           // the cheapest, where there were very many
  std::vector<ImportCost> imports;            // the longest first

  std::chrono::nanoseconds total() const {
    return input_written + sandbox + input_built + script + output_written + output_checked;
  }
};

/// Sets what the reply of the entry module says of its costs. Bounded and checked: lines beyond `script_lines`, and numbers that
/// cannot be, are dropped; names are made printable. `wall_time` is what the call took in all, of which the account is a part.
void read_account(std::string_view reply, std::size_t script_lines, std::chrono::nanoseconds wall_time, Profile& profile);

/// Adds what other calls of the same script have cost.
void add(Profile& whole, const Profile& one);

}  // namespace wardian::pyrun
