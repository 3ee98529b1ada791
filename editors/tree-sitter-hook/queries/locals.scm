; Inputs hold in their component, job, condition or hook, ops and hooks in their job; all else in the file.

[
  (source_file)
  (component)
  (agent)
  (condition)
  (reusable_hook)
  (job)
] @local.scope

(component parameters: (parameters (parameter name: (identifier) @local.definition.parameter)))
(agent parameters: (parameters (parameter name: (identifier) @local.definition.parameter)))
(condition parameters: (parameters (parameter name: (identifier) @local.definition.parameter)))
(reusable_hook parameters: (parameters (parameter name: (identifier) @local.definition.parameter)))
(job parameters: (parameters (parameter name: (identifier) @local.definition.parameter)))

(op name: (identifier) @local.definition.var)
(loop variable: (identifier) @local.definition.var)
(hook name: (identifier) @local.definition.function)
(trigger name: (identifier) @local.definition.var)

(const name: (identifier) @local.definition.constant)
(connection name: (identifier) @local.definition.constant)
(imported_name name: (identifier) @local.definition.import !alias)
(imported_name alias: (identifier) @local.definition.import)

(name) @local.reference
(call name: (identifier) @local.reference)
(dependency op: (identifier) @local.reference)
(drop name: (identifier) @local.reference)
