#include <algorithm>

#include "wardian/cli/answer/cell_text.h"
#include "wardian/cli/answer/chart.h"
#include "wardian/cli/answer/display_width.h"
#include "wardian/cli/answer/writers.h"

namespace wardian::cli {
namespace {

// Widths are settled by the first rows; a later, wider cell pushes its line out rather than being cut.
constexpr std::size_t kMeasuredRows = 1000;
constexpr int kNarrowestColumn = 6;

class TableWriter final : public AnswerWriter {
 public:
  TableWriter(const AnswerOptions& options, OutputStream& out) : options_(options), out_(out) {}

  bool draws(std::string_view kind) const override { return is_drawn(kind); }

  Result<bool> chart(const plan::Rendering& rendering, const Grid& grid) override {
    constexpr int kWidthOtherwise = 100, kLines = 16;
    const bool terminal = options_.width > 0;
    const std::string drawn =
        draw_chart(rendering, grid, {terminal ? options_.width : kWidthOtherwise, kLines, options_.coloured});
    if (drawn.empty()) return false;
    ++results_;
    WARDIAN_TRY(out_.write("\n" + drawn));
    return true;
  }

  Status begin_result(std::string_view name, const columnar::Schema& schema) override {
    std::string text = results_++ > 0 ? "\n" : "";
    if (!name.empty()) text += on_one_line(name) + "\n";
    schema_ = schema;
    held_.clear();
    widths_.clear();
    settled_ = false;
    rows_ = 0;
    return out_.write(text);
  }

  Status rows(const columnar::Batch& batch) override {
    for (std::size_t row = 0; row < batch.rows; ++row) {
      std::vector<std::string> cells;
      for (const columnar::ColumnView& column : batch.columns) {
        cell_.clear();
        append_cell_text(cell_, column, row);
        cells.push_back(on_one_line(cell_));
      }
      ++rows_;
      if (settled_) {
        WARDIAN_TRY(line(cells));
        continue;
      }
      held_.push_back(std::move(cells));
      if (held_.size() == kMeasuredRows) WARDIAN_TRY(settle());
    }
    return {};
  }

  Status end_result() override {
    if (!settled_) WARDIAN_TRY(settle());
    return out_.write("(" + std::to_string(rows_) + (rows_ == 1 ? " row)\n" : " rows)\n"));
  }

  Status finish() override { return out_.flush(); }

 private:
  bool right_aligned(std::size_t column) const {
    const columnar::Type type = schema_[column].type;
    return columnar::is_numeric(type) || type == columnar::Type::timespan;
  }

  Status settle() {
    settled_ = true;
    for (std::size_t at = 0; at < schema_.size(); ++at) {
      int width = display_width(on_one_line(schema_[at].name));
      for (const auto& cells : held_) width = std::max(width, display_width(cells[at]));
      widths_.push_back(width);
    }
    if (options_.width > 0) shrink();
    if (!schema_.empty()) {
      std::vector<std::string> names;
      std::string rule;
      for (std::size_t at = 0; at < schema_.size(); ++at) {
        names.push_back(on_one_line(schema_[at].name));
        if (at > 0) rule += "  ";
        for (int column = 0; column < widths_[at]; ++column) rule += "─";
      }
      WARDIAN_TRY(line(names));
      WARDIAN_TRY(out_.write(rule + "\n"));
    }
    for (const auto& cells : held_) WARDIAN_TRY(line(cells));
    held_.clear();
    return {};
  }

  /// Takes columns from the widest until the line fits or all are narrow.
  void shrink() {
    const auto total = [&] {
      int sum = 2 * (static_cast<int>(widths_.size()) - 1);
      for (const int width : widths_) sum += width;
      return sum;
    };
    while (!widths_.empty() && total() > options_.width) {
      int& widest = *std::max_element(widths_.begin(), widths_.end());
      if (widest <= kNarrowestColumn) break;
      --widest;
    }
  }

  Status line(const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const std::string shown = options_.width > 0 ? clipped(cells[at], widths_[at]) : cells[at];
      const auto padding = static_cast<std::size_t>(std::max(0, widths_[at] - display_width(shown)));
      if (at > 0) text += "  ";
      if (right_aligned(at)) text.append(padding, ' ');
      text += shown;
      if (!right_aligned(at) && at + 1 < cells.size()) text.append(padding, ' ');
    }
    text += '\n';
    return out_.write(text);
  }

  AnswerOptions options_;
  OutputStream& out_;
  columnar::Schema schema_;
  std::vector<int> widths_;
  std::vector<std::vector<std::string>> held_;
  std::string cell_;
  std::uint64_t rows_ = 0;
  bool settled_ = false;
  int results_ = 0;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_table_writer(const AnswerOptions& options, OutputStream& out) {
  return std::make_unique<TableWriter>(options, out);
}

}  // namespace wardian::cli
