[
  (component_block)
  (http_block)
  (job_block)
  (op_block)
  (run_block)
  (profile_block)
  (test_block)
  (record_fields)
  (enum)
  (parameters)
  (arguments)
  (list)
  (braces)
  (parenthesized)
] @indent.begin

[ "}" ")" "]" ] @indent.branch @indent.end

[
  (comment)
  (doc_comment)
  (string)
  (raw_string)
  (shell_script)
  (ERROR)
] @indent.auto
