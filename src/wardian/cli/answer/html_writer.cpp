#include "wardian/cli/answer/cell_text.h"
#include "wardian/cli/answer/chart_scripts.h"
#include "wardian/cli/answer/vega_spec.h"
#include "wardian/cli/answer/writers.h"

namespace wardian::cli {
namespace {

/// More would make a page that no browser likes; the rows beyond are counted.
constexpr std::uint64_t kShownRowsMax = 2000;

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Wardian</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
section { margin-bottom: 2.5rem; }
h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
.rows { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #8884; padding: .25rem .7rem; text-align: left; vertical-align: top; white-space: pre-wrap; }
th small { color: #888; font-weight: normal; }
td.n, th.n { text-align: right; }
td.null { color: #888; }
.note { color: #888; font-size: .85rem; margin: .4rem 0 0; }
.chart { background: #fff; padding: .6rem; width: 100%; box-sizing: border-box; }
</style></head><body>
)";

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
}

/// JSON that may stand inside a script element: nothing in it can end that.
std::string in_script(std::string json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

bool is_number(columnar::Type type) { return columnar::is_numeric(type) || type == columnar::Type::timespan; }

class HtmlWriter final : public AnswerWriter {
 public:
  explicit HtmlWriter(OutputStream& out) : out_(out) {}

  bool draws(std::string_view kind) const override { return has_vega_spec(kind); }

  Result<bool> chart(const plan::Rendering& rendering, const Grid& grid) override {
    const std::string spec = vega_spec(rendering, grid);
    if (spec.empty()) return false;
    std::string text = begin();
    if (charts_ == 0) {
      WARDIAN_ASSIGN(const std::string scripts, chart_scripts());
      text += scripts;
    }
    const std::string id = "chart" + std::to_string(charts_++);
    text += "<section><div class=\"chart\" id=\"" + id + "\"></div>\n";
    if (grid.truncated) text += "<p class=\"note\">Only the first " + std::to_string(grid.rows.size()) + " rows are drawn.</p>\n";
    text += "<script>vegaEmbed('#" + id + "', " + in_script(spec) +
            ", {actions: {export: true, source: false, compiled: false, " + "editor: false}});</script></section>\n";
    WARDIAN_TRY(out_.write(text));
    return true;
  }

  Status begin_result(std::string_view name, const columnar::Schema& schema) override {
    std::string text = begin() + "<section>";
    if (!name.empty()) {
      text += "<h2>";
      append_escaped(text, name);
      text += "</h2>";
    }
    text += "<div class=\"rows\"><table><thead><tr>";
    for (const columnar::Column& column : schema) {
      text += is_number(column.type) ? "<th class=\"n\">" : "<th>";
      append_escaped(text, column.name);
      text += " <small>" + std::string(columnar::type_name(column.type)) + "</small></th>";
    }
    rows_ = 0;
    return out_.write(text + "</tr></thead><tbody>\n");
  }

  Status rows(const columnar::Batch& batch) override {
    std::string text;
    for (std::size_t row = 0; row < batch.rows && rows_ + row < kShownRowsMax; ++row) {
      text += "<tr>";
      for (const columnar::ColumnView& column : batch.columns) {
        if (!column.is_valid(row)) {
          text += "<td class=\"null\">null</td>";
          continue;
        }
        text += is_number(column.type) ? "<td class=\"n\">" : "<td>";
        cell_.clear();
        append_cell_text(cell_, column, row);
        append_escaped(text, cell_);
        text += "</td>";
      }
      text += "</tr>\n";
    }
    rows_ += batch.rows;
    return out_.write(text);
  }

  Status end_result() override {
    std::string note = std::to_string(rows_) + (rows_ == 1 ? " row" : " rows");
    if (rows_ > kShownRowsMax) note += ", of which the first " + std::to_string(kShownRowsMax) + " are shown";
    return out_.write("</tbody></table></div><p class=\"note\">" + note + "</p></section>\n");
  }

  Status finish() override {
    WARDIAN_TRY(out_.write(begin() + "</body></html>\n"));
    return out_.flush();
  }

 private:
  std::string begin() { return std::exchange(begun_, true) ? std::string() : std::string(kHead); }

  OutputStream& out_;
  bool begun_ = false;
  int charts_ = 0;
  std::uint64_t rows_ = 0;
  std::string cell_;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_html_writer(OutputStream& out) { return std::make_unique<HtmlWriter>(out); }

}  // namespace wardian::cli
