// Where `hookc` is: the setting, else the PATH.

import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';

const NAME = process.platform === 'win32' ? 'hookc.exe' : 'hookc';

/** What the setting says, `''` where it says nothing. */
export function configured(): string {
  return vscode.workspace.getConfiguration('hookc').get<string>('path', '').trim();
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The program, or nothing where there is none. */
export async function find(): Promise<string | undefined> {
  const path = configured();
  if (path) {
    return existing(absolute(path));
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const file = join(folder, NAME);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function existing(file: string): Promise<string | undefined> {
  return (await isProgram(file)) ? file : undefined;
}

/** `~` is the home folder; a relative path begins in the first folder of the workspace. */
function absolute(path: string): string {
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return isAbsolute(path) || !folder ? path : join(folder, path);
}

/** Says that there is no program, and offers the way on. */
export async function tellMissing(again: () => unknown): Promise<void> {
  const path = configured();
  const message = path
    ? `There is no program at ${path}, which the setting hookc.path names.`
    : 'The program hookc is not in the PATH. Install it, or name it in the setting hookc.path.';
  const settings = 'Open Settings';
  const retry = 'Try Again';
  const chosen = await vscode.window.showErrorMessage(message, settings, retry);
  if (chosen === settings) await vscode.commands.executeCommand('workbench.action.openSettings', 'hookc.path');
  if (chosen === retry) await again();
}
