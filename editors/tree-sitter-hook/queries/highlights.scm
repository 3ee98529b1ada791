; Where two patterns hold for a node, the later one wins.

(comment) @comment
(doc_comment) @comment.documentation

; ---- names ----------------------------------------------------------------------------------------------------------

(identifier) @variable
(name) @variable
(field_identifier) @variable.member
(event_name) @constant
(type_identifier) @type

((type_identifier) @type.builtin
  (#any-of? @type.builtin
    "bool" "int" "float" "string" "duration" "timestamp" "path" "uri" "secret" "json" "list" "map"))

; The words of the context: what a hook can read.
((name) @variable.builtin
  (#any-of? @variable.builtin
    "inputs" "outputs" "op" "job" "error" "event" "payload" "output" "tool" "session" "user" "step" "steps" "agent" "hook" "failed_ops"))

(enum name: (identifier) @type.definition)
(record name: (identifier) @type.definition)
(enum_value name: (identifier) @constant)
(const name: (identifier) @constant)
(connection name: (identifier) @constant)
(rebinding name: (identifier) @constant)
(profile name: (identifier) @module)
(test profile: (identifier) @module)

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

(call name: (identifier) @function.call)
(function_call function: (name) @function.call)
(function_call function: (member name: (field_identifier) @function.method.call))
(parameter name: (identifier) @variable.parameter)
(argument label: (identifier) @variable.parameter)
(loop variable: (identifier) @variable.parameter)
(record_fields (parameter name: (identifier) @property))
(field key: (identifier) @property)

(setting word: (identifier) @keyword)
(setting word: (identifier) @_allow value: (name) @constant
  (#eq? @_allow "allow"))
(hook_target kind: (identifier) @keyword)
(http method: (identifier) @constant)
(external engine: (identifier) @module)
(result from: (identifier) @constant)
(concurrency otherwise: (identifier) @constant)
(secrets provider: (identifier) @constant)
(test source: (identifier) @constant)
(tool_event tool: (identifier) @function)

; ---- values ---------------------------------------------------------------------------------------------------------

(string) @string
(raw_string) @string
(shell_script) @string
(escape_sequence) @string.escape
(integer) @number
(float) @number.float
(duration) @number
(boolean) @boolean
(null) @constant.builtin

(import path: (_) @string.special.path)

; ---- words ----------------------------------------------------------------------------------------------------------

[ "import" "from" "as" ] @keyword.import

[ "enum" "record" ] @keyword.type

[ "component" "agent" "condition" "job" "hook" "op" "trigger" ] @keyword.function

[ "when" "for" "in" "after" "each" "any" "with" "where" "else" ] @keyword.conditional

[ "on" "run" "modify" "require" "fail" "warn" "use" "drop" ] @keyword.coroutine

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
