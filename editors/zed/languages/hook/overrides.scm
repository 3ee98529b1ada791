[ (comment) (doc_comment) ] @comment
[ (string) (raw_string) (shell_script) ] @string
