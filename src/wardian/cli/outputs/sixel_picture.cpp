#include "wardian/cli/outputs/sixel_picture.h"

#include <algorithm>

namespace wardian::cli {
namespace {

// Of a terminal that does not say how wide it is.
constexpr int kPixelsWideMax = 1200;

// Bands of six rows; in each band one line of letters a colour, repeated letters counted. The protocol: DEC's VT330/VT340
// Programmer Reference Manual, chapter 14.
constexpr std::string_view kQuery = R"(print x = 1 | evaluate python(typeof(x:long), ```
import io
from PIL import Image
image = Image.open(io.BytesIO(kargs["png"])).convert("RGBA")
image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
if image.width > kargs["width"]:
    image = image.resize((kargs["width"], max(1, round(image.height * kargs["width"] / image.width))))
drawn = image.quantize(colors=256)
palette = np.array(drawn.getpalette()).reshape(-1, 3)
pixels = np.asarray(drawn)
height, width = pixels.shape
text = [f'"1;1;{width};{height}']
for colour in np.unique(pixels):
    text.append(f"#{colour};2;" + ";".join(str(round(part / 255 * 100)) for part in palette[colour]))
for top in range(0, height, 6):
    band = pixels[top:top + 6]
    weights = (1 << np.arange(len(band)))[:, None]
    for colour in np.unique(band):
        letters = ((band == colour) * weights).sum(0) + 63
        ends = np.append(np.flatnonzero(np.diff(letters)), width - 1)
        counts = np.diff(ends, prepend=-1)
        text.append(f"#{colour}" + "".join(f"!{n}{chr(c)}" if n > 3 else chr(c) * n for n, c in zip(counts, letters[ends])) + "$")
    text.append("-")
blobs["sixel"] = "".join(text).encode()
result = df
```, bag_pack('png', blob('png'), 'width', )";

bool is_sixel_letter(char letter) {
  return (letter >= '?' && letter <= '~') || (letter >= '0' && letter <= '9') ||
         std::string_view("\"#$-!;").find(letter) != std::string_view::npos;
}

}  // namespace

Result<std::string> sixel_picture(session::Instance& instance, const session::Request& like, const pyrun::Extra& png,
                                  TerminalSize terminal) {
  session::Request request;
  const int width = terminal.pixels_wide > 0 ? terminal.pixels_wide : kPixelsWideMax;
  request.text = std::string(kQuery) + std::to_string(width) + "))";
  request.sandbox = like.sandbox;
  request.deadline = like.deadline;
  request.cancel = like.cancel;
  request.blobs = {png};
  request.blobs.front().name = "png";
  request.blobs.front().kind = pyrun::ExtraKind::blob;
  WARDIAN_ASSIGN(const auto answer, instance.run(request));
  while (true) {
    WARDIAN_ASSIGN(const auto table, answer->next());
    if (!table) break;
  }
  WARDIAN_ASSIGN(const std::vector<session::LeftOutput> outputs, answer->outputs());
  if (outputs.size() != 1 || !std::ranges::all_of(outputs.front().extra.content(), is_sixel_letter))
    return Error{ErrorCode::bad_result, "The redrawn picture is no picture", {}, {}};
  return "\x1bPq" + std::string(outputs.front().extra.content()) + "\x1b\\";
}

}  // namespace wardian::cli
