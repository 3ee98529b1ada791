/**
 * The grammar of Hook for editors: it colours, folds and selects what `hookc check` judges.
 *
 * Two things differ from the parser of the compiler. It does not word mistakes, so it reads a little more than is right.
 * And it finds the ends of entries in one pass: a line break ends an entry where the entry is complete and the
 * next line does not go on with it, which only the scanner (`src/scanner.c`) can see.
 */

/// <reference types="tree-sitter-cli/dsl" />

const PRECEDENCE = { ternary: 1, or: 2, and: 3, comparison: 4, orElse: 5, sum: 6, product: 7, sign: 8, postfix: 9 };

const list = (rule) => optional(seq(rule, repeat(seq(',', rule)), optional(',')));
const listed = (rule) => seq(rule, repeat(seq(',', rule)));

const eventName = ($) => alias($.identifier, $.event_name);

/** Entries, each on a line of its own; the last may share the line of the closing brace. */
const lines = ($, entry) => seq(repeat(choice(seq(entry, $._line_end), $._between)), optional(entry));
const block = ($, entry) => seq('{', lines($, entry), '}');

/** A string between `quote`s, its texts, escapes and holes in turn. */
const quoted = ($, quote, content) =>
  seq(
    quote,
    repeat(choice(alias(content, $.string_content), $.escape_sequence, $.interpolation)),
    alias(token.immediate(quote), quote),
  );
const rawly = ($, prefix, quote, content) =>
  seq(
    prefix === '' ? quote : alias(token(new RegExp('[rR]' + quote)), 'r' + quote),
    optional(content),
    alias(token.immediate(quote), quote),
  );
const raws = ($, prefix, content) =>
  choice(
    rawly($, prefix, '"', alias($._raw_double, content)),
    rawly($, prefix, "'", alias($._raw_single, content)),
    rawly($, prefix, '"""', alias($._raw_triple_double, content)),
    rawly($, prefix, "'''", alias($._raw_triple_single, content)),
  );

module.exports = grammar({
  name: 'hook',

  // Behind `tool_start` a bracket holds the tool, or, without one, what the call carries: `(search)`, `(query: "x")`.
  conflicts: ($) => [[$.tool_event]],

  word: ($) => $.identifier,
  externals: ($) => [
    $._line_end,
    $._double,
    $._single,
    $._triple_double,
    $._triple_single,
    $._raw_double,
    $._raw_single,
    $._raw_triple_double,
    $._raw_triple_single,
    // These two are never found. That they could be shows the scanner that it stands between two entries, where line
    // breaks mean nothing; and makes it be asked at all, wherever something may stand between two tokens.
    $._between,
    $._anywhere,
  ],
  extras: ($) => [/[ \t\r\n\f\v]/, $.comment, $.doc_comment, $._anywhere],
  supertypes: ($) => [$.expression, $.type],
  inline: ($) => [$._job_entry, $._op_entry, $._run_entry],

  rules: {
    source_file: ($) => lines($, $._item),

    // Three slashes document, two or more than three do not; white space at the end of the line belongs to neither.
    comment: () => token(/\/\/([^\/\s]|[^\/\n][^\n]*\S|\/\/([^\n]*\S)?)?/),
    doc_comment: () => token(/\/\/\/([^\/\s]|[^\/\n][^\n]*\S)?/),
    identifier: () => /[_\p{XID_Start}]\p{XID_Continue}*/u,

    // ---- items ----------------------------------------------------------------------------------------------------
    _item: ($) =>
      choice(
        $.import,
        $.enum,
        $.record,
        $.const,
        $.connection,
        $.component,
        $.agent,
        $.condition,
        $.reusable_hook,
        $.job,
        $.each_job,
        $.profile,
        $.test,
      ),

    import: ($) => seq('import', listed($.imported_name), 'from', field('path', $._string)),
    imported_name: ($) => seq(field('name', $.identifier), optional(seq('as', field('alias', $.identifier)))),

    enum: ($) => seq('enum', field('name', $.identifier), '{', list($.enum_value), '}'),
    enum_value: ($) => field('name', $.identifier),

    record: ($) => seq('record', field('name', $.identifier), field('fields', $.record_fields)),
    record_fields: ($) => seq('{', list($.parameter), '}'),

    const: ($) => seq('const', $._binding),
    connection: ($) => seq('connection', $._binding),
    _binding: ($) => seq(field('name', $.identifier), optional($._typed), '=', field('value', $.expression)),
    _typed: ($) => seq(':', field('type', $.type)),

    component: ($) => seq('component', $._signature, field('body', $.component_block)),
    agent: ($) => seq('agent', $._signature, field('body', $.component_block)),
    condition: ($) =>
      seq('condition', field('name', $.identifier), field('parameters', $.parameters), '=', field('value', $.expression)),
    job: ($) => seq('job', $._signature, field('body', $.job_block)),
    each_job: ($) => seq('each', 'job', field('body', $.op_block)),

    reusable_hook: ($) =>
      seq(
        'hook',
        field('name', $.identifier),
        optional(field('parameters', $.parameters)),
        field('target', $.hook_target),
        $._listening,
      ),
    hook_target: ($) => seq('for', field('kind', $.identifier), optional(field('inputs', $.parameters)), optional($._returns)),

    profile: ($) => seq('profile', field('name', $.identifier), field('body', $.profile_block)),
    test: ($) =>
      seq(
        'test',
        field('title', $._string),
        'for',
        field('job', $.call),
        repeat(
          choice(seq('profile', field('profile', $.identifier)), seq('source', field('source', $.identifier))),
        ),
        field('body', $.test_block),
      ),

    // ---- parts ----------------------------------------------------------------------------------------------------
    _signature: ($) => seq(field('name', $.identifier), field('parameters', $.parameters), optional($._returns)),
    _returns: ($) => seq('->', field('outputs', $.parameters)),
    parameters: ($) => seq('(', list($.parameter), ')'),
    parameter: ($) =>
      seq(
        field('name', $.identifier),
        ':',
        field('type', $.type),
        optional(seq('=', field('default', $.expression))),
        optional(seq('where', field('constraint', $.expression))),
      ),

    type: ($) => choice($.named_type, $.optional_type),
    named_type: ($) => seq(field('name', alias($.identifier, $.type_identifier)), optional($.type_arguments)),
    type_arguments: ($) => seq('<', listed($.type), '>'),
    optional_type: ($) => seq($.type, '?'),

    call: ($) => seq(field('name', $.identifier), field('arguments', $.arguments)),
    arguments: ($) => seq('(', list($.argument), ')'),
    argument: ($) => seq(optional(seq(field('label', $._label), ':')), field('value', $.expression)),
    // Where a label may stand, these three are words of their own too.
    _label: ($) => choice($.identifier, alias(choice('true', 'false', 'null'), $.identifier)),
    _when: ($) => seq('when', field('when', $.expression)),

    // ---- components -----------------------------------------------------------------------------------------------
    component_block: ($) => block($, choice($.shell, $.http, $.external, $.result, $.setting)),
    setting: ($) => seq(field('word', $.identifier), optional(field('value', $.expression)), optional($._when)),
    shell: ($) => seq('shell', field('script', $.shell_script)),
    shell_script: ($) => raws($, '', $.script_content),
    external: ($) => seq('external', field('engine', $.identifier), field('target', $.expression)),
    result: ($) => seq('result', field('from', $.identifier)),
    http: ($) =>
      seq('http', field('method', $.identifier), field('url', $.expression), optional(field('body', $.http_block))),
    http_block: ($) => block($, choice($.accept, $.setting)),
    accept: ($) => seq('accept', field('from', $.integer), optional(seq('..', field('to', $.integer)))),

    // ---- jobs -----------------------------------------------------------------------------------------------------
    job_block: ($) => block($, $._job_entry),
    _job_entry: ($) => choice($.op, $.trigger, $.each_op, $.outputs, $._op_entry),
    op_block: ($) => block($, $._op_entry),
    _op_entry: ($) => choice($.hook, $.use, $.drop, $._run_entry),
    run_block: ($) => block($, $._run_entry),
    _run_entry: ($) => choice($.retry, $.concurrency, $.setting),

    op: ($) =>
      seq(
        'op',
        field('name', $.identifier),
        '=',
        field('call', $.call),
        repeat(choice($._when, $.after, $.fan_out)),
        optional(field('body', $.op_block)),
      ),
    after: ($) => seq('after', listed($.dependency)),
    dependency: ($) =>
      choice(
        seq('each', 'op', optional(field('event', eventName($)))),
        seq(optional('any'), field('op', $.identifier), optional(field('event', eventName($)))),
      ),
    fan_out: ($) => seq('for', listed($.loop)),
    loop: ($) => seq(field('variable', $.identifier), 'in', field('list', $.expression)),

    trigger: ($) =>
      seq(
        'trigger',
        field('name', $.identifier),
        '=',
        field('call', $.call),
        repeat(choice($._when, seq('with', field('inputs', $.arguments)))),
      ),
    each_op: ($) =>
      seq('each', 'op', optional(field('inputs', $.parameters)), optional($._returns), field('body', $.op_block)),
    outputs: ($) => seq('outputs', field('values', $.arguments)),
    use: ($) => seq('use', field('hook', $.call), optional(seq('as', field('alias', $.identifier)))),
    drop: ($) => seq('drop', field('name', $.identifier)),
    retry: ($) =>
      seq(
        'retry',
        field('times', $.expression),
        repeat(
          choice($._when, seq('backoff', field('backoff', $.expression)), seq('max', field('longest', $.expression))),
        ),
      ),
    concurrency: ($) =>
      seq('concurrency', field('limit', $.expression), optional(seq('else', field('otherwise', $.identifier)))),

    // ---- hooks ----------------------------------------------------------------------------------------------------
    hook: ($) => seq(optional(seq('hook', field('name', $.identifier))), $._listening),
    _listening: ($) => seq('on', listed(field('event', $.event)), repeat($._when), field('verb', choice($.run, $.message))),
    event: ($) => seq(field('name', eventName($)), optional(field('arguments', $.arguments))),
    run: ($) =>
      seq(
        field('word', choice('run', 'modify', 'require')),
        field('call', $.call),
        optional(field('settings', $.run_block)),
      ),
    message: ($) => seq(field('word', choice('fail', 'warn')), field('text', $.expression)),

    // ---- profiles and tests ---------------------------------------------------------------------------------------
    profile_block: ($) => block($, choice($.rebinding, $.secrets, $.setting)),
    rebinding: ($) =>
      seq(
        'connection',
        field('name', $.identifier),
        optional($._typed),
        '=',
        field('value', choice($.mock, $.expression)),
      ),
    mock: ($) => seq('mock', optional(listed($.call))),
    secrets: ($) => seq('secrets', field('provider', $.identifier), optional(field('value', $.expression))),

    test_block: ($) => block($, choice($.given, $.expect)),
    given: ($) =>
      seq(
        'given',
        field('subject', $.subject),
        optional(seq('retrying', field('times', $.integer), 'then')),
        choice($.tool_event, field('state', eventName($))),
        optional(field('values', $.arguments)),
      ),
    expect: ($) =>
      seq(
        'expect',
        field('subject', $.subject),
        optional($.tool_event),
        optional('not'),
        field('outcome', eventName($)),
        optional(field('text', $._string)),
        optional(field('values', $.arguments)),
      ),
    subject: ($) =>
      prec.right(
        seq(
          field('name', $.identifier),
          optional(seq('[', field('item', $.integer), ']')),
          repeat(seq('.', field('name', $.identifier))),
        ),
      ),
    // A step has no tool: what stands in brackets after it is what it carries.
    tool_event: ($) => choice(seq($._tool_word, optional($._tool_name)), $._step_word),
    _tool_word: ($) => field('event', alias(choice('tool_start', 'tool_end'), $.event_name)),
    _step_word: ($) => field('event', alias(choice('step_start', 'step_end'), $.event_name)),
    _tool_name: ($) => seq('(', field('tool', $.identifier), ')'),

    // ---- expressions ----------------------------------------------------------------------------------------------
    expression: ($) =>
      choice(
        alias($.identifier, $.name),
        $.null,
        $.boolean,
        $.integer,
        $.float,
        $.duration,
        $.string,
        $.raw_string,
        $.list,
        $.braces,
        $.parenthesized,
        $.unary,
        $.binary,
        $.ternary,
        $.member,
        $.index,
        $.function_call,
      ),

    null: () => 'null',
    boolean: () => choice('true', 'false'),
    integer: () => /0[xX][0-9a-fA-F]+|[0-9]+/,
    float: () => /([0-9]+\.[0-9]+|\.[0-9]+)([eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+/,
    duration: () => /([0-9]+(\.[0-9]+)?(d|h|m|s|ms|us|ns))+/,

    list: ($) => seq('[', list(choice($.expression, $.spread)), ']'),
    spread: ($) => seq('...', $.expression),
    braces: ($) => seq('{', list($.field), '}'),
    field: ($) => seq(field('key', choice($._label, $._string)), ':', field('value', $.expression)),
    parenthesized: ($) => seq('(', $.expression, ')'),

    unary: ($) => prec(PRECEDENCE.sign, seq(field('operator', choice('!', '-')), field('operand', $.expression))),
    binary: ($) => {
      const operands = (operator) =>
        seq(field('left', $.expression), field('operator', operator), field('right', $.expression));
      return choice(
        prec.left(PRECEDENCE.or, operands('||')),
        prec.left(PRECEDENCE.and, operands('&&')),
        prec.left(PRECEDENCE.comparison, operands(choice('==', '!=', '<', '<=', '>', '>=', 'in'))),
        prec.right(PRECEDENCE.orElse, operands('??')),
        prec.left(PRECEDENCE.sum, operands(choice('+', '-'))),
        prec.left(PRECEDENCE.product, operands(choice('*', '/', '%'))),
      );
    },
    ternary: ($) =>
      prec.right(
        PRECEDENCE.ternary,
        seq(
          field('condition', $.expression),
          '?',
          field('then', $.expression),
          ':',
          field('else', $.expression),
        ),
      ),
    member: ($) => prec(PRECEDENCE.postfix, seq(field('object', $.expression), '.', field('name', alias($.identifier, $.field_identifier)))),
    index: ($) => prec(PRECEDENCE.postfix, seq(field('object', $.expression), '[', field('index', $.expression), ']')),
    function_call: ($) =>
      prec(PRECEDENCE.postfix, seq(field('function', choice(alias($.identifier, $.name), $.member)), field('arguments', $.arguments))),

    // ---- strings --------------------------------------------------------------------------------------------------
    _string: ($) => choice($.string, $.raw_string),
    string: ($) =>
      choice(
        quoted($, '"', $._double),
        quoted($, "'", $._single),
        quoted($, '"""', $._triple_double),
        quoted($, "'''", $._triple_single),
      ),
    raw_string: ($) => raws($, 'r', $.string_content),
    interpolation: ($) => seq(token.immediate('${'), $.expression, '}'),
    escape_sequence: () =>
      token.immediate(/\\(.|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})|\$\$\{/),
  },
});
