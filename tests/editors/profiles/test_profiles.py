"""The server beside what clients say they can do: every capability profile of pytest-lsp, on the same project and table.

What a client has not offered must not be sent to it: `pytest.ini` turns such warnings into errors.
"""

import asyncio
import json
from pathlib import Path

import judge
import places
import project
import pytest_lsp
from lsprotocol import types as lsp
from pygls import uris
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

PROFILES = [
    *["neovim@0.6", "neovim@0.7", "neovim@0.8", "neovim@0.9", "neovim@0.10", "neovim@0.11"],
    *["visual_studio_code@1.65", "emacs@29"],
]
REQUESTS = [
    "client/registerCapability",
    "workspace/codeLens/refresh",
    "workspace/inlayHint/refresh",
    "workspace/semanticTokens/refresh",
]
EXPECTED = judge.EXPECTED
QUIET = 0.4
# What the server calls its columns, and what the judge does.
UNITS = {"utf-16": "utf-16", "utf-8": "bytes"}


@pytest_lsp.fixture(params=PROFILES, config=ClientServerConfig(server_command=[judge.hookc(), "lsp"]))
async def client(request, lsp_client: LanguageClient):
    # Profiles speak for editors that have these; the client that plays them lacks them.
    for method in REQUESTS:
        lsp_client.feature(method)(lambda *_: None)
    root, series = project.prepare(project.WORK / "profiles" / request.param, "prüf ☃ %20")
    capabilities = client_capabilities(request.param)
    folder = lsp.WorkspaceFolder(uri=root.as_uri(), name="project")
    result = await lsp_client.initialize_session(
        lsp.InitializeParams(capabilities=capabilities, root_uri=root.as_uri(), workspace_folders=[folder])
    )
    lsp_client.editor = Editor(lsp_client, root, series)
    lsp_client.editor.pulls = capabilities.text_document.diagnostic is not None
    lsp_client.editor.units = UNITS[result.capabilities.position_encoding or "utf-16"]
    yield
    await lsp_client.shutdown_session()


class Editor:
    """Texts that are open, and the places in them."""

    pulls, units = False, "utf-16"

    def __init__(self, client, root, series):
        self.client, self.root, self.series = client, root, series
        self.texts, self.versions = {}, {}

    def uri(self, file):
        return (self.root / file).as_uri()

    def open(self, file):
        if file in self.texts:
            return
        self.texts[file] = (self.root / file).read_text(encoding="utf-8")
        self.versions[file] = 0
        item = lsp.TextDocumentItem(uri=self.uri(file), language_id="hook", version=0, text=self.texts[file])
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))

    def at(self, asked):
        """Document and position of a question."""
        self.open(asked["file"])
        before, after, _ = self.texts[asked["file"]].partition(asked["after"])
        assert after, asked
        before += after
        position = self.position(places.offset_forms(before, len(before)))
        return {"text_document": lsp.TextDocumentIdentifier(uri=self.uri(asked["file"])), "position": position}

    def position(self, form):
        return lsp.Position(line=form["line"], character=form[self.units])

    def offset(self, text, position):
        """Characters before a position."""
        line, column = places.place(text, self.units, place(position))
        return sum(len(line) + 1 for line in text.split("\n")[: line - 1]) + column - 1

    def change(self, file, range_, piece):
        """An edit of one's own, told to the server."""
        text = self.texts[file]
        self.texts[file] = text[: self.offset(text, range_.start)] + piece + text[self.offset(text, range_.end) :]
        self.versions[file] += 1
        document = lsp.VersionedTextDocumentIdentifier(uri=self.uri(file), version=self.versions[file])
        change = lsp.TextDocumentContentChangePartial(range=range_, text=piece)
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(text_document=document, content_changes=[change])
        )

    def apply(self, edit):
        """A workspace edit, in whichever of the two forms the client has asked for."""
        changes = {uri: list(edits) for uri, edits in (edit.changes or {}).items()}
        for one in edit.document_changes or []:
            changes.setdefault(one.text_document.uri, []).extend(one.edits)
        for uri, edits in changes.items():
            self.apply_all(next(path.name for path in self.root.iterdir() if path.as_uri() == normal(uri)), edits)

    def apply_all(self, file, edits):
        self.open(file)
        for edit in sorted(edits, key=lambda edit: place(edit.range.start), reverse=True):
            self.change(file, edit.range, edit.new_text)

    async def diagnostics(self, file):
        """What is known of a file when the server is quiet."""
        if self.pulls:
            document = lsp.TextDocumentIdentifier(uri=self.uri(file))
            report = await self.client.text_document_diagnostic_async(
                lsp.DocumentDiagnosticParams(text_document=document)
            )
            return list(map(told, report.items))
        known = None
        while known != (known := self.published(file)):
            await asyncio.sleep(QUIET)
        return known

    def published(self, file):
        by = {normal(uri): found for uri, found in self.client.diagnostics.items()}
        return list(map(told, by.get(self.uri(file), [])))


def normal(uri):
    """An address, in the form in which Python writes it."""
    return Path(uris.to_fs_path(uri)).as_uri()


def place(position):
    return [position.line, position.character]


def told(found):
    severity = ["error", "warning", "info", "hint"][found.severity - 1]
    return {"code": found.code, "severity": severity, "from": place(found.range.start), "to": place(found.range.end)}


def markup(contents):
    return getattr(contents, "value", None) or str(contents)


def locations(found):
    found = found if isinstance(found, (list, tuple)) else [found]
    return [
        {
            "file": uris.to_fs_path(getattr(one, "target_uri", None) or one.uri),
            "at": place((getattr(one, "target_selection_range", None) or one.range).start),
        }
        for one in found
    ]


async def answers(editor, seen):
    """What does not change a text."""
    client = editor.client
    seen["hover"] = [
        markup((await client.text_document_hover_async(lsp.HoverParams(**editor.at(asked)))).contents)
        for asked in EXPECTED["hover"]
    ]
    seen["completion"] = []
    for asked in EXPECTED["completion"]:
        found = await client.text_document_completion_async(lsp.CompletionParams(**editor.at(asked)))
        seen["completion"].append([item.label for item in getattr(found, "items", found)])
    seen["definition"] = [
        locations(await client.text_document_definition_async(lsp.DefinitionParams(**editor.at(asked))))
        for asked in EXPECTED["definition"]
    ]
    context = lsp.ReferenceContext(include_declaration=True)
    seen["references"] = [
        locations(await client.text_document_references_async(lsp.ReferenceParams(**editor.at(asked), context=context)))
        for asked in EXPECTED["references"]
    ]


async def act(editor):
    """Has an action applied: as an edit, or as a command of the server's, for clients that know no others."""
    asked = EXPECTED["action"]
    at = editor.at(asked)
    params = lsp.CodeActionParams(
        text_document=at["text_document"],
        range=lsp.Range(start=at["position"], end=at["position"]),
        context=lsp.CodeActionContext(diagnostics=[]),
    )
    found = await editor.client.text_document_code_action_async(params)
    action = next(action for action in found if action.title == asked["title"])
    editor.apply(action.edit)
    return texts(editor, asked)


def texts(editor, asked):
    return {file: editor.texts[file] for file in asked["lines"] if editor.open(file) is None}


async def changes(editor, seen):
    """What changes texts."""
    client = editor.client
    seen["action"] = await act(editor)
    asked = EXPECTED["rename"]
    editor.apply(await client.text_document_rename_async(lsp.RenameParams(**editor.at(asked), new_name=asked["to"])))
    seen["rename"] = texts(editor, asked)
    file = EXPECTED["formatting"]["file"]
    editor.open(file)
    params = lsp.DocumentFormattingParams(
        text_document=lsp.TextDocumentIdentifier(uri=editor.uri(file)),
        options=lsp.FormattingOptions(tab_size=2, insert_spaces=True),
    )
    editor.apply_all(file, await client.text_document_formatting_async(params) or [])
    seen["formatting"] = editor.texts[file]


async def typed(editor, series):
    """Types a series of edits and saves."""
    file = series["file"]
    editor.open(file)
    for edit in series["edits"]:
        range_ = lsp.Range(start=editor.position(edit["from"]), end=editor.position(edit["to"]))
        editor.change(file, range_, edit["text"])
    (editor.root / file).write_text(editor.texts[file], encoding="utf-8")
    document = lsp.TextDocumentIdentifier(uri=editor.uri(file))
    editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(text_document=document))
    return await editor.diagnostics(file)


async def test_every_profile_sees_the_same(client):
    editor = client.editor
    seen = {"units": editor.units}
    file = EXPECTED["diagnostics"]["file"]
    editor.open(file)
    seen["diagnostics"] = await editor.diagnostics(file)
    await answers(editor, seen)
    await changes(editor, seen)
    seen["typing"] = [await typed(editor, series) for series in editor.series]
    wrong = judge.Judge(editor.root, seen).all(editor.series)
    assert not wrong, "\n".join(wrong)
    assert not editor.client.messages, json.dumps([message.message for message in editor.client.messages])
