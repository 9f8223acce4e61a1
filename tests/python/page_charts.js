// Reads a page of `wardian query --html` on standard input and draws its charts as a browser would, but for the screen: runs the page's
// own scripts, has Vega make each chart into SVG, and prints what came out as JSON.
const vm = require('node:vm');
const page = require('node:fs').readFileSync(0, 'utf8');
const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((found) => found[1]);
const context = vm.createContext({ console, TextEncoder, TextDecoder, URL, setTimeout, clearTimeout, setInterval, clearInterval, structuredClone });
const specs = [];
for (const script of scripts) {
  if (!script.startsWith('vegaEmbed(')) {
    vm.runInContext(script, context);
    continue;
  }
  context.vegaEmbed = (place, spec) => specs.push(spec);
  vm.runInContext(script, context);
}
(async () => {
  const charts = [];
  for (const spec of specs) {
    const warnings = [];
    const logger = { warn: (...words) => (warnings.push(words.join(' ')), logger), info: () => logger, debug: () => logger, error: (...words) => (warnings.push(words.join(' ')), logger), level: () => logger };
    // The width of a page is known to a browser only.
    const { spec: compiled } = context.vegaLite.compile({ ...spec, width: 400 }, { logger });
    const svg = await new context.vega.View(context.vega.parse(compiled), { renderer: 'none', logger }).toSVG();
    charts.push({ warnings, svg, values: spec.data.values.length, title: spec.title });
  }
  process.stdout.write(JSON.stringify(charts));
})();
