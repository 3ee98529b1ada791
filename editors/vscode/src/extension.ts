// Starts the server, and gives the editor the commands that lenses and the palette name.

import * as vscode from 'vscode';
import { Graphs } from './graph';
import { runJob, runTest, showGraph } from './commands';
import { Server } from './server';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = new Server();
  const graphs = new Graphs(server, context.extensionUri);
  const command = (name: string, run: (...given: any[]) => unknown) =>
    vscode.commands.registerCommand(`hookc.${name}`, run);
  context.subscriptions.push(
    server,
    graphs,
    command('runJob', runJob),
    command('runTest', runTest),
    command('showGraph', (uri?: string, job?: string) => showGraph(graphs, uri, job)),
    command('restartServer', () => server.restart()),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration('hookc.path') ? server.restart() : undefined,
    ),
  );
  await server.start();
}
