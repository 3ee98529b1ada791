// Runs inside VS Code, beside the extension under test: does what the plan asks through the editor's own interface, and writes
// down what it sees. The window belongs to drive.mjs, which is told when it may look.

const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const vscode = require('vscode');

const plan = JSON.parse(readFileSync(process.env.PLAN, 'utf8'));
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function write(path, content) {
  writeFileSync(`${path}.part`, JSON.stringify(content));
  renameSync(`${path}.part`, path);
}

let told = Date.now();

/** Waits until nothing has been told for a while. */
async function settle() {
  told = Date.now();
  while (Date.now() - told < plan.quiet_ms) await sleep(50);
}

async function waitFor(what, condition) {
  for (const end = Date.now() + 30000; Date.now() < end; await sleep(50)) {
    if (await condition()) return;
  }
  throw new Error(`waited in vain for ${what}`);
}

const uriOf = (file) => vscode.Uri.joinPath(vscode.Uri.file(plan.root), file);

async function open(file) {
  const document = await vscode.workspace.openTextDocument(uriOf(file));
  return vscode.window.showTextDocument(document, { preview: false });
}

/** The document, and the place behind the first place of a text. */
async function go(asked) {
  const { document } = await open(asked.file);
  const at = document.getText().indexOf(asked.after);
  if (at < 0) throw new Error(`not found: ${asked.after}`);
  return [document.uri, document.positionAt(at + asked.after.length)];
}

const place = ({ line, character }) => [line, character];

function diagnostics(file) {
  const code = ({ code }) => (typeof code === 'object' ? code.value : code);
  return vscode.languages.getDiagnostics(uriOf(file)).map((one) => ({
    code: code(one),
    severity: ['error', 'warning', 'info', 'hint'][one.severity],
    from: place(one.range.start),
    to: place(one.range.end),
  }));
}

async function each(questions, answer) {
  const answers = [];
  for (const asked of questions) answers.push(await answer(...(await go(asked))));
  return answers;
}

const ask = (command, ...args) => vscode.commands.executeCommand(command, ...args);

const locations = (found) =>
  found.map((one) => ({
    file: (one.targetUri ?? one.uri).fsPath,
    at: place((one.targetSelectionRange ?? one.targetRange ?? one.range).start),
  }));

async function texts(asked) {
  const found = {};
  for (const file of Object.keys(asked.lines)) found[file] = (await open(file)).document.getText();
  return found;
}

async function act(asked) {
  const [uri, at] = await go(asked);
  const actions = await ask('vscode.executeCodeActionProvider', uri, new vscode.Range(at, at));
  const action = actions.find((one) => one.title === asked.title);
  if (!action) throw new Error(`there is no such action, but ${actions.map((one) => one.title)}`);
  await vscode.workspace.applyEdit(action.edit);
  return texts(asked);
}

async function rename(asked) {
  const [uri, at] = await go(asked);
  await vscode.workspace.applyEdit(await ask('vscode.executeDocumentRenameProvider', uri, at, asked.to));
  return texts(asked);
}

async function format(asked) {
  const { document } = await open(asked.file);
  await ask('editor.action.formatDocument');
  return document.getText();
}

async function type({ file, edits }) {
  const editor = await open(file);
  for (const [number, { from, to, text }] of edits.entries()) {
    const range = new vscode.Range(from.line, from['utf-16'], to.line, to['utf-16']);
    const done = await editor.edit((edit) => edit.replace(range, text), { undoStopBefore: false, undoStopAfter: false });
    if (!done) throw new Error(`edit ${number} of ${file} was refused`);
    if (number % 10 === 9) await sleep(60);
  }
  await settle();
  await editor.document.save();
  await settle();
  return diagnostics(file);
}

async function all() {
  const { file } = plan.diagnostics;
  await open(file);
  await waitFor('diagnostics', () => diagnostics(file).length > 0);
  await settle();
  const seen = { units: 'utf-16', diagnostics: diagnostics(file) };
  seen.hover = await each(plan.hover, async (uri, at) => {
    const hovers = await ask('vscode.executeHoverProvider', uri, at);
    return hovers.flatMap((hover) => hover.contents.map((part) => part.value ?? part)).join('\n');
  });
  seen.completion = await each(plan.completion, async (uri, at) => {
    const list = await ask('vscode.executeCompletionItemProvider', uri, at);
    return list.items.map((item) => item.label.label ?? item.label);
  });
  seen.definition = await each(plan.definition, async (uri, at) =>
    locations(await ask('vscode.executeDefinitionProvider', uri, at)),
  );
  seen.references = await each(plan.references, async (uri, at) =>
    locations(await ask('vscode.executeReferenceProvider', uri, at)),
  );
  seen.action = await act(plan.action);
  seen.rename = await rename(plan.rename);
  seen.formatting = await format(plan.formatting);
  seen.typing = [];
  for (const series of plan.series) seen.typing.push(await type(series));
  return seen;
}

/** Where the window is: the preview's clicks and edits are seen by what happens to the source. */
function watch() {
  const tell = () => {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return;
    const { active } = editor.selection;
    write(`${process.env.WORK}/cursor.json`, { file: editor.document.uri.fsPath, at: place(active), text: editor.document.getText() });
  };
  vscode.window.onDidChangeTextEditorSelection(tell);
  vscode.window.onDidChangeActiveTextEditor(tell);
  vscode.workspace.onDidChangeTextDocument(tell);
}

exports.activate = async () => {
  vscode.languages.onDidChangeDiagnostics(() => (told = Date.now()));
  let seen;
  try {
    seen = await all();
  } catch (failure) {
    seen = { failed: `${failure.stack ?? failure}` };
  }
  // Nothing is to be asked when the editors close.
  await vscode.workspace.saveAll(true);
  await ask('workbench.action.closeAllEditors');
  watch();
  write(`${process.env.WORK}/probed.json`, seen);
};
