// Microsoft's language service for KQL as a filter: what functions there are, or what it says of queries. It parses and
// binds, it runs nothing. The package is @kusto/language-service-next, found through NODE_PATH.
//
//   node language_service.js symbols                       one JSON object: functions, aggregates, plugins with signatures
//   node language_service.js answers DECLARATIONS          {"id", "query"} a line in; a line out for each:
//                                                          {"id", "errors": [{code, message, start, length}], "columns", "types", "open"}
//
// DECLARATIONS is the JSON file that `wardian check --declarations` reads. `columns` and `types` are those of the last
// statement; `open` says that there may be more. Places count UTF-16 units.
'use strict';
require('@kusto/language-service-next/bridge.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.js');
const fs = require('fs');
const { KustoCode, GlobalState, Symbols } = globalThis.Kusto.Language;
const list = (sequence) => (sequence ? globalThis.Bridge.toArray(sequence) : []);

function signature(each) {
  const parameters = list(each.Parameters).map((parameter) => ({
    name: parameter.Name,
    kind: parameter.TypeKind,
    types: list(parameter.DeclaredTypes).map((type) => type.Name),
    argument: parameter.ArgumentKind,
    least: parameter.MinOccurring,
    most: parameter.MaxOccurring,
    values: [...list(parameter.Values), ...list(parameter.Examples)].map(String),
  }));
  return { least: each.MinArgumentCount, most: each.MaxArgumentCount, tabular: Boolean(each.IsTabular), parameters };
}

/** Names that begin with __ are internal to the cloud service, and stand in no page of its documentation. */
function symbols() {
  const made = {};
  const families = { function: 'Functions', aggregate: 'Aggregates', plugin: 'PlugIns' };
  for (const [family, member] of Object.entries(families)) {
    for (const each of list(GlobalState.Default[member])) {
      if (each.Name.startsWith('__')) continue;
      const key = `${family} ${each.Name}`;
      made[key] ??= { family, name: each.Name, hidden: each.IsHidden, signatures: [] };
      for (const one of list(each.Signatures)) if (!one.IsHidden || each.IsHidden) made[key].signatures.push(signature(one));
    }
  }
  return Object.values(made);
}

function globals(file) {
  const { tables = {}, functions = {} } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const members = Object.entries(tables).map(([name, columns]) => new Symbols.TableSymbol.$ctor7(name, `(${columns})`, ''));
  for (const [name, { parameters, body }] of Object.entries(functions))
    members.push(new Symbols.FunctionSymbol.$ctor16(name, parameters, body, ''));
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('default', members));
}

function answer(id, query, state) {
  const made = { id, errors: [], columns: null, types: null, open: false };
  try {
    const code = KustoCode.ParseAndAnalyze(query, state);
    for (const one of list(code.GetDiagnostics()))
      if (one.Severity === 'Error') made.errors.push({ code: one.Code, message: one.Message, start: one.Start, length: one.Length });
    const result = code.ResultType;
    if (result && result.Columns) {
      const columns = list(result.Columns);
      made.columns = columns.map((column) => column.Name);
      made.types = columns.map((column) => column.Type.Name);
      made.open = Boolean(result.IsOpen);
    }
  } catch (problem) {
    made.errors.push({ code: 'EXCEPTION', message: String(problem.message), start: 0, length: query.length });
  }
  return made;
}

if (process.argv[2] === 'symbols') {
  process.stdout.write(JSON.stringify(symbols()) + '\n');
} else {
  const state = globals(process.argv[3]);
  let out = '';
  for (const line of fs.readFileSync(0, 'utf8').split('\n')) {
    if (!line) continue;
    const { id, query } = JSON.parse(line);
    out += JSON.stringify(answer(id, query, state)) + '\n';
  }
  process.stdout.write(out);
}
