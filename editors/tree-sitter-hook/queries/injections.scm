; Scripts, and programs that are given on a command line.

((shell_script (script_content) @injection.content)
  (#set! injection.language "bash"))

((setting
   word: (identifier) @_exec
   value: (list
     . (string (string_content) @_program)
     . (string (string_content) @_option)
     . (_ (string_content) @injection.content)))
  (#eq? @_exec "exec")
  (#any-of? @_program "sh" "bash" "/bin/sh" "/bin/bash")
  (#eq? @_option "-c")
  (#set! injection.language "bash"))

((setting
   word: (identifier) @_exec
   value: (list
     . (string (string_content) @_program)
     . (string (string_content) @_option)
     . (_ (string_content) @injection.content)))
  (#eq? @_exec "exec")
  (#any-of? @_program "python" "python3")
  (#eq? @_option "-c")
  (#set! injection.language "python"))

; The pattern of `text.matches("…")`.
((function_call
   function: (member name: (field_identifier) @_method)
   arguments: (arguments . (argument value: (_ (string_content) @injection.content))))
  (#eq? @_method "matches")
  (#set! injection.language "regex"))
