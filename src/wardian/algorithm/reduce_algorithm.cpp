#include "wardian/algorithm/reduce_algorithm.h"

#include <array>
#include <map>
#include <unordered_map>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/cell_columns.h"

namespace wardian::algorithm {
namespace {

using columnar::Batch;
using columnar::Type;

constexpr std::string_view kOthers = "others";

/// Which characters end a term.
class Separators {
 public:
  explicit Separators(const std::string& given) : given_(!given.empty()) {
    for (int c = 0; c < 256; ++c) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
      separates_[static_cast<std::size_t>(c)] = !given_ && !letter;
    }
    for (const char c : given) separates_[static_cast<unsigned char>(c)] = true;
  }
  bool contains(char c) const { return separates_[static_cast<unsigned char>(c)]; }
  bool given() const { return given_; }

 private:
  std::array<bool, 256> separates_{};
  bool given_;
};

struct Piece {
  std::string_view separator, term;  // the separator stands before the term; the last piece may have no term
};

std::vector<Piece> pieces_of(std::string_view text, const Separators& separators) {
  std::vector<Piece> made;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t term = at;
    while (term < text.size() && separators.contains(text[term])) ++term;
    std::size_t end = term;
    while (end < text.size() && !separators.contains(text[end])) ++end;
    made.push_back({text.substr(at, term - at), text.substr(term, end - term)});
    at = end;
  }
  return made;
}

bool is_number(std::string_view term) { return term.find_first_not_of("0123456789") == std::string_view::npos; }

struct Line {
  std::string text;
  std::int64_t rows = 0;
  std::string pattern;
};

struct TermPlace {
  std::size_t place = 0;
  std::string_view term;
  bool operator==(const TermPlace&) const = default;
};
struct TermPlaceHash {
  std::size_t operator()(const TermPlace& key) const { return std::hash<std::string_view>()(key.term) * 31 + key.place; }
};

/// The texts of one group.
class Patterns {
 public:
  Patterns(std::vector<Line>& lines, const ReduceSettings& settings) : lines_(lines), separators_(settings.separators) {
    std::int64_t all = 0;
    for (const Line& line : lines) all += line.rows;
    support_ = settings.threshold * static_cast<double>(all);
  }

  struct Group {
    std::int64_t rows = 0;
    std::string representative;
  };

  /// Gives each line its pattern. Groups by pattern, `others` among them.
  Result<std::map<std::string, Group>> find(const RunBounds& bounds) {
    std::unordered_map<TermPlace, std::int64_t, TermPlaceHash> counts;
    std::size_t steps = 0;
    for (const Line& line : lines_) {
      if (++steps % 4096 == 0) WARDIAN_TRY(bounds.may_go_on());
      std::size_t place = 0;
      for (const Piece& piece : pieces_of(line.text, separators_)) {
        if (!piece.term.empty() && !is_number(piece.term)) counts[{place, piece.term}] += line.rows;
        ++place;
      }
    }
    std::map<std::string, Group> groups;
    for (Line& line : lines_) {
      if (++steps % 4096 == 0) WARDIAN_TRY(bounds.may_go_on());
      line.pattern = pattern_of(line.text, counts);
      Group& group = groups[line.pattern];
      if (group.rows == 0 || line.text < group.representative) group.representative = line.text;
      group.rows += line.rows;
    }
    Group others;
    for (auto at = groups.begin(); at != groups.end();) {
      const bool stands = !at->first.empty() && static_cast<double>(at->second.rows) > support_;
      if (stands) {
        ++at;
        continue;
      }
      others.rows += at->second.rows;
      at = groups.erase(at);
    }
    for (Line& line : lines_) {
      if (!groups.contains(line.pattern)) line.pattern = kOthers;
    }
    if (others.rows > 0) groups[std::string(kOthers)].rows += others.rows;
    return groups;
  }

 private:
  /// Empty where no term is frequent.
  std::string pattern_of(std::string_view text, const std::unordered_map<TermPlace, std::int64_t, TermPlaceHash>& counts) const {
    std::string made;
    bool any = false, after_star = false;
    std::size_t place = 0;
    for (const Piece& piece : pieces_of(text, separators_)) {
      const auto found = counts.find({place++, piece.term});
      const bool frequent = piece.term.empty() || (found != counts.end() && static_cast<double>(found->second) > support_);
      // Separators that the query names itself belong to the term behind or before them: foo*, not fooZ*.
      if (frequent) {
        if (!after_star || !separators_.given()) made += piece.separator;
        made += piece.term;
        any = any || !piece.term.empty();
        after_star = false;
        continue;
      }
      if (after_star) continue;  // one star for several
      if (!separators_.given()) made += piece.separator;
      made += '*';
      after_star = true;
    }
    return any ? made : std::string();
  }

  std::vector<Line>& lines_;
  Separators separators_;
  double support_ = 0;
};

class ReduceRun {
 public:
  ReduceRun(const ReduceSettings& settings, std::size_t ids, std::size_t further, std::unique_ptr<columnar::BatchStream> input,
            const RunBounds& bounds)
      : settings_(settings), ids_(ids), further_(further), input_(std::move(input)), bounds_(bounds), out_(output_schema()) {}

  columnar::Schema output_schema() const {
    columnar::Schema schema = {
        {"text", Type::string}, {"Pattern", Type::string}, {"Count", Type::int64}, {"Representative", Type::string}};
    const columnar::Schema& input = input_->schema();
    schema.insert(schema.end(), input.end() - static_cast<std::ptrdiff_t>(further_), input.end());
    return schema;
  }

  /// A batch for each group.
  Result<std::optional<Batch>> next() {
    while (!ended_) {
      if (!batch_ || row_ == batch_->rows) {
        WARDIAN_TRY(bounds_.may_go_on());
        WARDIAN_ASSIGN(batch_, input_->next());
        row_ = 0;
        if (batch_) continue;
        ended_ = true;
        if (!lines_.empty()) return group_out();
        break;
      }
      std::vector<Cell> tail(further_);
      for (std::size_t at = 0; at < further_; ++at) read_cell(batch_->columns[2 + at], row_, tail[at]);
      bool changed = false;
      for (std::size_t at = 0; at < ids_; ++at) changed = changed || tail_.empty() || !same_cell(tail[at], tail_[at]);
      if (changed && !lines_.empty()) return group_out();  // the row is read again by the next call
      tail_ = std::move(tail);
      WARDIAN_TRY(take_line());
      ++row_;
    }
    return std::optional<Batch>();
  }

 private:
  Status take_line() {
    Cell text, rows;
    read_cell(batch_->columns[0], row_, text);
    read_cell(batch_->columns[1], row_, rows);
    bytes_ += sizeof(Line) + 16 * text.text.size() + 64;  // with its terms
    if (bytes_ > bounds_.memory_bytes_max) {
      return Error{ErrorCode::out_of_memory, "The different texts do not fit into memory", {}, "Reduce fewer rows"};
    }
    lines_.push_back({std::move(text.text), rows.whole, {}});
    return {};
  }

  Result<std::optional<Batch>> group_out() {
    WARDIAN_ASSIGN(const auto groups, Patterns(lines_, settings_).find(bounds_));
    for (const Line& line : lines_) {
      const Patterns::Group& group = groups.at(line.pattern);
      out_.add_text(0, line.text);
      out_.add_text(1, line.pattern);
      out_.add_long(2, group.rows);
      out_.add_text(3, group.representative);
      const columnar::Schema& input = input_->schema();
      for (std::size_t at = 0; at < further_; ++at) write_cell(out_, 4 + at, input[2 + at].type, tail_[at]);
    }
    lines_.clear();
    bytes_ = 0;
    return std::optional(out_.take());
  }

  const ReduceSettings& settings_;
  const std::size_t ids_, further_;
  std::unique_ptr<columnar::BatchStream> input_;
  const RunBounds& bounds_;
  BatchBuilder out_;
  std::vector<Line> lines_;
  std::vector<Cell> tail_;
  std::size_t bytes_ = 0;
  std::optional<Batch> batch_;
  std::size_t row_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> ReduceAlgorithm::run(std::span<const OpenInput> inputs,
                                                                    const RunBounds& bounds) const {
  WARDIAN_ASSIGN(auto input, inputs.front()());
  auto run = std::make_shared<ReduceRun>(settings_, ids_, further_, std::move(input), bounds);
  columnar::Schema schema = run->output_schema();
  return stream_of(std::move(schema), [run = std::move(run)] { return run->next(); });
}

std::shared_ptr<const TableAlgorithm> ReduceAlgorithm::for_groups(std::size_t ids, std::size_t further) const {
  if (further_ != 0) return nullptr;
  auto made = std::make_shared<ReduceAlgorithm>(settings_);
  made->ids_ = ids;
  made->further_ = further;
  return made;
}

}  // namespace wardian::algorithm
