; Where two patterns hold for a node, the later one wins.

(comment) @comment.line
(doc_comment) @comment.line.documentation

; ---- names ----------------------------------------------------------------------------------------------------------

(identifier) @variable
(name) @variable
(field_identifier) @variable.other.member
(event_name) @constant
(type_identifier) @type

((type_identifier) @type.builtin
  (#any-of? @type.builtin
    "bool" "int" "float" "string" "duration" "timestamp" "path" "uri" "secret" "json" "list" "map"))

; The words of the context: what a hook can read.
((name) @variable.builtin
  (#any-of? @variable.builtin
    "inputs" "outputs" "op" "job" "error" "event" "payload" "output" "tool" "session" "user" "step" "steps" "agent" "hook" "failed_ops"))

(enum name: (identifier) @type)
(record name: (identifier) @type)
(enum_value name: (identifier) @constant)
(const name: (identifier) @constant)
(connection name: (identifier) @constant)
(rebinding name: (identifier) @constant)
(profile name: (identifier) @namespace)
(test profile: (identifier) @namespace)

(component name: (identifier) @function)
(agent name: (identifier) @function)
(condition name: (identifier) @function)
(job name: (identifier) @function)
(reusable_hook name: (identifier) @function)
(hook name: (identifier) @label)
(op name: (identifier) @variable)
(trigger name: (identifier) @label)
(use alias: (identifier) @label)
(drop name: (identifier) @label)

(call name: (identifier) @function)
(function_call function: (name) @function)
(function_call function: (member name: (field_identifier) @function.method))
(parameter name: (identifier) @variable.parameter)
(argument label: (identifier) @variable.parameter)
(loop variable: (identifier) @variable.parameter)
(record_fields (parameter name: (identifier) @variable.other.member))
(field key: (identifier) @variable.other.member)

(setting word: (identifier) @keyword)
(setting word: (identifier) @_allow value: (name) @constant
  (#eq? @_allow "allow"))
(hook_target kind: (identifier) @keyword)
(http method: (identifier) @constant)
(external engine: (identifier) @namespace)
(result from: (identifier) @constant)
(concurrency otherwise: (identifier) @constant)
(secrets provider: (identifier) @constant)
(test source: (identifier) @constant)
(tool_event tool: (identifier) @function)

; ---- values ---------------------------------------------------------------------------------------------------------

(string) @string
(raw_string) @string
(shell_script) @string
(escape_sequence) @constant.character.escape
(integer) @constant.numeric.integer
(float) @constant.numeric.float
(duration) @constant.numeric.integer
(boolean) @constant.builtin.boolean
(null) @constant.builtin

(import path: (_) @string.special.path)

; ---- words ----------------------------------------------------------------------------------------------------------

[ "import" "from" "as" ] @keyword.control.import

[ "enum" "record" ] @keyword.storage.type

[ "component" "agent" "condition" "job" "hook" "op" "trigger" ] @keyword.function

[ "when" "for" "in" "after" "each" "any" "with" "where" "else" ] @keyword.control.conditional

[ "on" "run" "modify" "require" "fail" "warn" "use" "drop" ] @keyword.control

[
  "const" "connection" "profile" "test" "outputs" "shell" "external" "result" "http" "accept" "retry" "backoff" "max"
  "concurrency" "mock" "secrets" "source" "given" "expect" "retrying" "then" "not"
] @keyword

; ---- signs ----------------------------------------------------------------------------------------------------------

[
  "=" "->" "?" ":" "!" "-" "||" "&&" "==" "!=" "<" "<=" ">" ">=" "??" "+" "*" "/" "%" "..." ".."
] @operator

[ "," "." ] @punctuation.delimiter
(parameter ":" @punctuation.delimiter)
(argument ":" @punctuation.delimiter)
(field ":" @punctuation.delimiter)

[ "(" ")" "[" "]" "{" "}" ] @punctuation.bracket
(type_arguments [ "<" ">" ] @punctuation.bracket)
(interpolation [ "${" "}" ] @punctuation.special)
