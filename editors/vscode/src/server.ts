// The language server's life: one at a time, started with the binary that is found, and asked through one door.

import * as vscode from 'vscode';
import { ExecuteCommandRequest, LanguageClient, State } from 'vscode-languageclient/node';
import { find, tellMissing } from './binary';

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  // Starts and stops follow each other, however fast they are asked for.
  private last: Promise<void> = Promise.resolve();

  start(): Promise<void> {
    return this.next(() => this.launch());
  }

  restart(): Promise<void> {
    return this.next(async () => {
      await this.halt();
      await this.launch();
    });
  }

  dispose(): Promise<void> {
    return this.next(() => this.halt());
  }

  /** The answer to a command of the server's own. */
  async ask<Answer>(command: string, args: unknown[]): Promise<Answer> {
    await this.last;
    if (this.client?.state !== State.Running) throw new Error('the server of hookc does not run');
    return this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args }) as Promise<Answer>;
  }

  private next(step: () => Promise<void>): Promise<void> {
    this.last = this.last.then(step);
    return this.last;
  }

  private async launch(): Promise<void> {
    const command = await find();
    if (!command) {
      // Nobody waits for the answer.
      void tellMissing(() => this.restart());
      return;
    }
    // Not those of other schemes: the old side of a comparison has no diagnostics.
    const documentSelector = [
      { scheme: 'file', language: 'hook' },
      { scheme: 'untitled', language: 'hook' },
      { scheme: 'file', pattern: '**/hook.toml' },
    ];
    const client = new LanguageClient('hookc', 'Hook', { command, args: ['lsp'] }, { documentSelector });
    try {
      await client.start();
      this.client = client;
    } catch {
      // The client has reported it, with the reason in its output.
    }
  }

  private async halt(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client?.state === State.Running) await client.dispose();
  }
}

/** What an error says. */
export function message(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
