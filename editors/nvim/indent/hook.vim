" One step for each open bracket, and one for a line that goes on with the one before.

if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=HookIndent(v:lnum) indentkeys=0{,0},0),0],!^F,o,O,0=when,0=after,0=run,0=->
let b:undo_indent = 'setlocal indentexpr< indentkeys<'

if exists('*HookIndent')
  finish
endif

const s:goes_on = '^\s*\%(\%(when\|after\|for\|with\|run\|modify\|require\|fail\|warn\|in\|where\)\>\|->\|&&\|||\|[=!]=\|[<>+*%?:-]\)'

" The line without its texts and its comment, so that only brackets that count are left.
function! s:code(number) abort
  let line = substitute(getline(a:number), '"\%(\\.\|[^"\\]\)*"\|''\%(\\.\|[^''\\]\)*''', '""', 'g')
  return substitute(line, '//.*', '', '')
endfunction

" Whether the line begins inside a text over lines; such a text begins and ends in one item, which begins at the margin.
function! s:in_text(number) abort
  let [number, quotes] = [a:number - 1, 0]
  while number > 0
    let line = getline(number)
    let quotes += count(line, '"""') + count(line, "'''")
    if line =~# '^\a'
      break
    endif
    let number -= 1
  endwhile
  return quotes % 2
endfunction

function! HookIndent(number) abort
  if s:in_text(a:number)
    return -1
  endif
  let before = prevnonblank(a:number - 1)
  while before > 0 && s:in_text(before)
    let before -= 1
  endwhile
  if before == 0
    return 0
  endif
  let code = s:code(before)
  let closing = matchstr(code, '^\s*[])}]*')
  let open = strlen(substitute(code[strlen(closing):], '[^([{]', '', 'g')) - strlen(substitute(code[strlen(closing):], '[^])}]', '', 'g'))
  let goes_on = code =~# s:goes_on
  let indent = indent(before) + (open > 0 ? shiftwidth() : 0)
  if goes_on && open <= 0 && getline(a:number) !~# s:goes_on
    let indent -= shiftwidth()
  elseif !goes_on && open <= 0 && getline(a:number) =~# s:goes_on
    let indent += shiftwidth()
  elseif goes_on && code =~# '^\s*\%(when\|after\|for\|with\)\>' && code =~# '{\s*$'
    let indent -= shiftwidth()
  endif
  return getline(a:number) =~# '^\s*[])}]' ? indent - shiftwidth() : indent
endfunction
