#!/usr/bin/env bash
# Neovim with this folder: the file type, its colours by the parser that is compiled here, its indentation, and that the
# server is asked for. Needs `nvim` and a C compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/site/parser" "$work/bin" "$work/home"
cc -shared -fPIC -O1 -o "$work/site/parser/hook.so" -I ../tree-sitter-hook/src ../tree-sitter-hook/src/{parser,scanner}.c
# In the place of the server: it tells that it was started, and ends.
printf '#!/bin/sh\necho "$@" > "%s/started"\n' "$work" > "$work/bin/hookc"
chmod +x "$work/bin/hookc"
cp ../../examples/iris/nightly.hook "$work/nightly.hook"

PATH="$work/bin:$PATH" HOME="$work/home" XDG_STATE_HOME="$work/home" timeout 60 nvim --headless -u NONE -i NONE -n \
  --cmd "set runtimepath^=$PWD,$work/site" --cmd 'filetype plugin indent on' "$work/nightly.hook" \
  -S tests/check.lua > "$work/out" 2>&1 || { cat "$work/out"; exit 1; }
grep -qx 'all is well' "$work/out" || { cat "$work/out"; exit 1; }
grep -qx lsp "$work/started"
echo 'all is well'
