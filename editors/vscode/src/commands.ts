// Running jobs and tests in the terminal. Lenses name the document and the job; from the palette they are asked for.

import * as vscode from 'vscode';
import { find, tellMissing } from './binary';
import type { Graphs } from './graph';

export function runJob(uri?: string, job?: string): Promise<void> {
  return withChoice('hookc.runJob', 'Run which job?', uri, job, (document, name) =>
    run(document, `run ${name}`, ['run', document.uri.fsPath, name]),
  );
}

export function runTest(uri?: string, test?: string): Promise<void> {
  return withChoice('hookc.runTest', 'Run which test?', uri, test, (document, name) =>
    run(document, `test ${name}`, ['test', document.uri.fsPath, '--filter', name], vscode.TaskGroup.Test),
  );
}

export async function showGraph(graphs: Graphs, uri?: string, job?: string): Promise<void> {
  const document = uri ?? vscode.window.activeTextEditor?.document.uri.toString();
  if (document) await graphs.show(vscode.Uri.parse(document, true), job);
}

type Then = (document: vscode.TextDocument, name: string) => Promise<void>;

async function withChoice(command: string, question: string, uri: string | undefined, name: string | undefined, then: Then) {
  const document = uri
    ? await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true))
    : vscode.window.activeTextEditor?.document;
  if (!document) return;
  const chosen = name ?? (await choice(document, command, question));
  if (chosen !== undefined) await then(document, chosen);
}

/** What the lenses of a document offer for a command. */
async function choice(document: vscode.TextDocument, command: string, question: string): Promise<string | undefined> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri);
  const names = (lenses ?? [])
    .filter((lens) => lens.command?.command === command)
    .map((lens) => String(lens.command?.arguments?.[1]));
  if (names.length === 0) {
    void vscode.window.showInformationMessage(`There is nothing of that kind in ${document.fileName}.`);
    return undefined;
  }
  return names.length === 1 ? names[0] : vscode.window.showQuickPick(names, { placeHolder: question });
}

async function run(document: vscode.TextDocument, name: string, args: string[], group?: vscode.TaskGroup): Promise<void> {
  const command = await find();
  if (!command) return tellMissing(() => run(document, name, args, group));
  if (document.isUntitled) {
    void vscode.window.showInformationMessage('Save the file first: only files run.');
    return;
  }
  // What is seen is what runs.
  if (document.isDirty && !(await document.save())) return;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const task = new vscode.Task(
    { type: 'hookc', args },
    folder ?? vscode.TaskScope.Workspace,
    name,
    'hookc',
    new vscode.ProcessExecution(command, args, folder ? { cwd: folder.uri.fsPath } : undefined),
  );
  task.group = group;
  task.presentationOptions = { panel: vscode.TaskPanelKind.Dedicated, clear: true };
  await vscode.tasks.executeTask(task);
}
